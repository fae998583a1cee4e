"""Has the database itself tell what has changed, whoever changed it and by whatever way.

Each watched table gets one function and a trigger for each kind of statement. Once a statement is
done, the function finds the tags of all rows it touched and tells them together at commit (NOTIFY).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from pagecache.listener import CHANNEL
from pagecache.store import EVERYTHING, SOFT

PREFIX = "page_cache_"
MANY = 500  # rows touched by one statement: beyond it everything has changed
LONGEST = 7_900  # bytes that are told at once; Postgres takes less than 8,000
LOCK = 4_417_203_911  # nobody else's: one installation at a time
EVENTS = ("insert", "update", "delete", "truncate")


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose rows stand on kept pages.

    tags: SQL that selects, in one column, the tags of a touched row ``r``; of an updated one it is
    asked for the row as it was and as it is. ``TG_OP`` says what was done, ``{schema}`` stands
    before the names of other tables. unseen: columns that no page shows, so that a change of
    nothing else is none, except where ``seen``: SQL over ``o`` and ``n``, an updated row as it was
    and as it is. soft: columns whose change may be shown a second late.
    """

    table: str
    tags: str
    unseen: tuple[str, ...] = ()
    seen: str = "false"
    soft: tuple[str, ...] = ()
    key: str = "id"


def install(connection: BaseDatabaseWrapper, watched: Iterable[Watched]) -> list[str]:
    """Give each watched table that is there its triggers, and take them from all others.

    Return the names of the tables where something was changed. Nothing is touched, and no lock
    taken, where all is as it should be.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), pg_advisory_xact_lock(%s)", [LOCK])
        schema = cursor.fetchone()[0]
        tables = set(connection.introspection.table_names(cursor))
        wanted = {one.table: one for one in watched if one.table in tables}
        cursor.execute(
            "SELECT p.proname, obj_description(p.oid, 'pg_proc'),"
            " count(t.oid) FILTER (WHERE t.tgenabled <> 'D')"
            " FROM pg_proc p LEFT JOIN pg_trigger t ON t.tgfoid = p.oid"
            " WHERE p.pronamespace = %s::regnamespace AND starts_with(p.proname, %s)"
            " GROUP BY p.oid, p.proname",
            [schema, PREFIX],
        )
        found = {name.removeprefix(PREFIX): rest for name, *rest in cursor.fetchall()}
        changed = []
        for table in found.keys() - wanted.keys():
            cursor.execute(f"DROP FUNCTION {PREFIX}{table} CASCADE")
            changed.append(table)
        for table, one in wanted.items():
            statements = _statements(one, schema)
            digest = hashlib.sha256(statements.encode()).hexdigest()
            if found.get(table) != [digest, len(EVENTS)]:
                # Without parameters: the statements hold per cent signs of their own.
                cursor.execute(statements)
                cursor.execute(f"COMMENT ON FUNCTION {PREFIX}{table} IS '{digest}'")
                changed.append(table)
    return sorted(changed)


def _statements(one: Watched, schema: str) -> str:
    """Return what makes the function and the triggers of a table."""
    function = f"{schema}.{PREFIX}{one.table}"
    table = f"{schema}.{one.table}"
    tags = one.tags.replace("{schema}", schema)
    triggers = "".join(
        f"DROP TRIGGER IF EXISTS {PREFIX}{event} ON {table};\n"
        f"CREATE TRIGGER {PREFIX}{event} AFTER {event.upper()} ON {table} {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function}();\n"
        for event, rows in zip(
            EVENTS,
            (
                "REFERENCING NEW TABLE AS new_rows",
                "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
                "REFERENCING OLD TABLE AS old_rows",
                "",
            ),
            strict=True,
        )
    )
    return f"""
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE told text;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        told := '{EVERYTHING}';
    ELSIF TG_OP = 'INSERT' THEN
        IF {_are_many("new_rows")} THEN told := '{EVERYTHING}'; ELSE
        {_tags_of("new_rows", tags)}
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF {_are_many("old_rows")} THEN told := '{EVERYTHING}'; ELSE
        {_tags_of("old_rows", tags)}
        END IF;
    ELSE
        IF {_are_many("new_rows")} THEN told := '{EVERYTHING}'; ELSE
        {_tags_of_update(one, tags)}
        END IF;
    END IF;
    IF told IS NOT NULL THEN
        PERFORM pg_notify('{CHANNEL}',
            CASE WHEN octet_length(told) > {LONGEST} THEN '{EVERYTHING}' ELSE told END);
    END IF;
    RETURN NULL;
END $body$;
{triggers}"""


def _are_many(rows: str) -> str:
    return f"(SELECT count(*) FROM (SELECT FROM {rows} LIMIT {MANY + 1}) AS few) > {MANY}"


def _tags_of(rows: str, tags: str) -> str:
    return (
        f"SELECT string_agg(DISTINCT t.tag, ' ') INTO told"
        f" FROM {rows} AS r CROSS JOIN LATERAL ({tags}) AS t(tag);"
    )


def _tags_of_update(one: Watched, tags: str) -> str:
    if not (one.unseen or one.soft):
        return _tags_of("(TABLE old_rows UNION ALL TABLE new_rows)", tags)
    # As JSON: it takes whatever columns there are, and misses none that is not there any more.
    soft = _without(one.unseen + one.soft)
    is_soft = f"{soft.format('o')} = {soft.format('n')} AND NOT ({one.seen})"
    is_soft = is_soft if one.soft else "false"
    unseen = _without(one.unseen)
    key = one.key
    return f"""WITH changed AS (
            SELECT n.{key} AS key, {is_soft} AS is_soft
            FROM old_rows o JOIN new_rows n ON n.{key} = o.{key}
            WHERE {unseen.format("o")} <> {unseen.format("n")} OR ({one.seen})
        )
        SELECT string_agg(DISTINCT CASE WHEN c.is_soft THEN '{SOFT}' || t.tag ELSE t.tag END, ' ')
        INTO told
        FROM changed c
        JOIN (TABLE old_rows UNION ALL TABLE new_rows) AS r ON r.{key} = c.key
        CROSS JOIN LATERAL ({tags}) AS t(tag);"""


def _without(columns: tuple[str, ...]) -> str:
    names = ", ".join(f"'{name}'" for name in columns)
    return f"(to_jsonb({{0}}) - ARRAY[{names}]::text[])"

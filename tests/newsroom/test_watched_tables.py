"""Whatever stands on a page that is kept, its change is heard of."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsroom.watched_tables import UNWATCHED, WATCHED
from pagecache.triggers import install
from tests.newsroom.kept_pages import kept_kinds, world

pytestmark = pytest.mark.django_db
TABLE = re.compile(r'"([a-z][a-z0-9_]+)"|(?:FROM|JOIN|INTO|UPDATE)\s+([a-z][a-z0-9_]+)')


def test_every_kind_of_kept_page_has_an_example() -> None:
    missing = kept_kinds() - world().addresses.keys()
    assert not missing, (
        f"{sorted(missing)}: their views say @cached_page. Give each an example in"
        " tests/newsroom/kept_pages.py, so that the tests below see what it shows."
    )


@pytest.mark.slow
def test_every_table_that_a_kept_page_reads_is_watched() -> None:
    tables = set(connection.introspection.table_names())
    known = {one.table for one in WATCHED} | UNWATCHED.keys()
    unknown: dict[str, set[str]] = {}
    every: set[str] = set()
    for name, address in world().addresses.items():
        for query in ("", "sort=top", "filter=inline"):
            with CaptureQueriesContext(connection) as captured:
                answer = Client().get(f"{address}{'&' if '?' in address else '?'}{query}")
            assert answer.status_code == 200, address
            assert "public" in answer["Cache-Control"], address
            read = {a or b for one in captured for a, b in TABLE.findall(one["sql"])} & tables
            every |= read
            for table in read - known:
                unknown.setdefault(table, set()).add(name)
    assert not unknown, (
        "\n".join(f"{table} is read by {sorted(names)}" for table, names in unknown.items())
        + "\nThese pages are kept, and nobody would hear of a change. In"
        " newsroom/watched_tables.py either name the table in WATCHED, with the tags of the pages"
        " that show its rows (see cached_page and shows in their views), or, where no page becomes"
        " untrue by it, in UNWATCHED with the reason. Then add a change of it to"
        " test_kept_pages_are_exact.py."
    )
    unread = {one.table for one in WATCHED} - every
    assert not unread, f"No kept page reads {sorted(unread)}: take them out, or add an example."


def test_what_is_watched_is_there() -> None:
    tables = set(connection.introspection.table_names())
    assert {one.table for one in WATCHED} <= tables
    assert UNWATCHED.keys() <= tables


def test_triggers_are_made_once_and_mended() -> None:
    assert install(connection, WATCHED) == []
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER page_cache_update ON articles_article")
        cursor.execute("ALTER TABLE articles_page DISABLE TRIGGER page_cache_insert")
        cursor.execute("COMMENT ON FUNCTION page_cache_articles_tag IS 'an older one'")
    assert install(connection, WATCHED) == ["articles_article", "articles_page", "articles_tag"]
    assert install(connection, WATCHED) == []
    assert install(connection, WATCHED[1:]) == [WATCHED[0].table]
    assert install(connection, WATCHED) == [WATCHED[0].table]

"""Writing many rows at once: Postgres's COPY, with numbers taken from the table's own sequence."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models


def reserved_ids(model: type[models.Model], number: int) -> list[int]:
    """Return so many numbers of the model's sequence, rising, that no other row will ever get."""
    table = model._meta.db_table  # noqa: SLF001 (documented)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, number],
        )
        return sorted(number for (number,) in cursor)


def copy_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Write rows of the columns named. What the model would do on save, the caller has done.

    Raises Django's database errors.
    """
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(column) for column in columns)  # noqa: SLF001 (documented)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def copy_objects(model: type[models.Model], objects: Iterable[models.Model]) -> None:
    """Write objects that have their keys; each as it is, without signals.

    Raises Django's database errors.
    """
    fields = [field for field in model._meta.concrete_fields if not field.generated]  # noqa: SLF001 (documented)
    values = attrgetter(*(field.attname for field in fields))
    copy_rows(model, [str(field.column) for field in fields], map(values, objects))


def check_references_at_once() -> None:
    """Have foreign keys checked with each COPY: a million checks at the end would need memory."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def analyze(*tables: type[models.Model]) -> None:
    """Let Postgres look at the tables anew, so that it plans for what they hold now."""
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")  # noqa: SLF001 (documented)

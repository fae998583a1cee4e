"""Which database the request at hand reads from. Whatever writes, writes to the primary."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, connections
from django.db.models import Model

PRIMARY = DEFAULT_DB_ALIAS
# Of a server that does not answer. A cursor that is being closed raises the driver's own errors.
AWAY = (
    OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError,
)  # fmt: skip


@dataclass(slots=True)
class Reading:
    """What a request reads from, and what came of it."""

    database: str
    has_failed: bool = False  # another database may still answer
    is_broken: bool = False  # the database itself is to blame


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading_from(database: str) -> Iterator[Reading]:
    """Let queries within read from a database (its alias), until something is written."""
    reading = Reading(database)
    token = _reading.set(reading)
    try:
        yield reading
    finally:
        _reading.reset(token)


def note_failure(error: BaseException | None) -> None:
    """Note that an error ends the request at hand.

    A replica that fails in any way may be behind a migration, or have cancelled what stood in the
    way of its replay; the primary is believed but when it does not answer.
    """
    reading = _reading.get()
    if reading is None or not isinstance(error, Error | psycopg.Error):
        return
    is_away = isinstance(error, AWAY)
    if is_away or reading.database != PRIMARY:
        reading.has_failed = True
        # A request asks for the publication first, so it has a connection where there is one.
        open_one = connections[reading.database].connection
        reading.is_broken = is_away and (open_one is None or open_one.closed)


class ReplicaRouter:
    """Leads reads to what ``reading_from`` says, and everything else to the primary."""

    def db_for_read(self, _model: type[Model], **_hints: Any) -> str:
        reading = _reading.get()
        if reading is None or connections[PRIMARY].in_atomic_block:
            return PRIMARY
        return reading.database

    def db_for_write(self, _model: type[Model], **_hints: Any) -> str:
        if (reading := _reading.get()) is not None:
            reading.database = PRIMARY  # what is read from now on has to know of it
        return PRIMARY

    def allow_relation(self, *_rows: Model, **_hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        return db == PRIMARY

"""A connection to the database that any thread may look at, and take in what it was told."""

import contextlib
import ctypes
import select
import selectors
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from psycopg import Connection, OperationalError
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

GIVE_UP = 5.0  # seconds without an answer: another connection is tried


class _Polled(ctypes.Structure):
    """C's ``struct pollfd``."""

    _fields_ = (("fd", ctypes.c_int), ("events", ctypes.c_short), ("revents", ctypes.c_short))


# Python's own poll() hands the interpreter to another thread, if only for a look, and each page
# that is kept would have to wait to get it back.
_poll = ctypes.PyDLL(None).poll


class NotHeardError(Exception):
    """The connection has broken, or answers no more."""


class Line:
    """A connection that is asked one thing at a time, and that hands over what it is told.

    One thread asks and waits; any may take in what has come.
    """

    def __init__(
        self,
        connection: Connection[Any],
        selector: selectors.BaseSelector,
        bell: socket.socket,
        take: Callable[[str], None],
    ) -> None:
        self._connection, self.pg = connection, connection.pgconn
        self._selector, self._bell, self._take = selector, bell, take
        # Held by whoever uses the connection: two at once would break it.
        self._taking = threading.Lock()
        self._is_broken = False
        self._is_asked = False
        self._results: list[PGresult] = []
        self._polled = _Polled(self.pg.socket, select.POLLIN, 0)
        self._poll_now = ctypes.byref(self._polled), ctypes.c_ulong(1), ctypes.c_int(0)
        selector.register(self.pg.socket, selectors.EVENT_READ)
        selector.register(bell, selectors.EVENT_READ)

    @property
    def is_unread(self) -> bool:
        """Whether something has come in that is not handed over yet, or nothing more will."""
        return self._is_broken or self._taking.locked() or _poll(*self._poll_now) != 0

    def take_in(self) -> None:
        """Hand over all that has come in. Raises OperationalError where the line has broken."""
        with self._taking:
            self._check_is_whole()
            try:
                self.pg.consume_input()
                while self._handed_over():
                    self.pg.consume_input()  # what an encrypted line holds back
            except BaseException:
                self._is_broken = True  # something may be lost
                raise

    def ask(self, statement: str) -> bytes | None:
        """Return the first value that the database answers. Raises NotHeardError without one."""
        until = time.monotonic() + GIVE_UP
        with self._taking:
            self._check_is_whole()
            self._results.clear()
            self._is_asked = True
            self.pg.send_query(statement.encode())
        while self._is_asked:
            left = until - time.monotonic()
            if left <= 0:
                raise NotHeardError("The database does not answer.")
            self.wait(left)
        with self._taking:  # whoever took the answer in has handed over what came along
            results = list(self._results)
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise NotHeardError(result.error_message.decode(errors="replace"))
        return next((result.get_value(0, 0) for result in results if result.ntuples), None)

    def wait(self, seconds: float) -> None:
        """Wait so long for anything to come in, and hand over what does."""
        if self._selector.select(seconds):
            with contextlib.suppress(BlockingIOError):
                self._bell.recv(4096)
            self.take_in()

    def close(self) -> None:
        """Close the connection once nobody uses it any more."""
        with self._taking:
            self._is_broken = True
            self._connection.close()

    def _check_is_whole(self) -> None:
        if self._is_broken:
            raise OperationalError("The line has broken.")

    def _handed_over(self) -> bool:
        """Hand over what stands whole in the connection's memory; tell whether anything did.

        The answer to a question goes first, for what was told along with it stands behind it.
        """
        is_any = False
        while self._is_asked and not self.pg.is_busy():
            is_any = True
            result = self.pg.get_result()
            if result is None:
                self._is_asked = False
            else:
                self._results.append(result)
        while (told := self.pg.notifies()) is not None:
            is_any = True
            self._take(told.extra.decode())
        return is_any

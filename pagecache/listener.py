"""Hears from the database, in a thread of its own, what has changed.

Postgres tells at commit (NOTIFY) whoever listens. What is kept may be served only as long as it is
certain that everything was heard: a question goes to the database every ``BEAT`` seconds, and its
answer, which comes after all that was told before, proves the connection for ``BEAT + PATIENCE``
seconds from when it was asked. A connection that breaks is noticed at once; one that goes silent,
or a thread that stands still, after 1.5 seconds at most, for then the proof runs out by itself.
"""

import atexit
import contextlib
import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from psycopg import Connection, OperationalError
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn

logger = logging.getLogger(__name__)

CHANNEL = "newsroom_pages"
BEAT = 0.5  # seconds
PATIENCE = 1.0  # seconds
GIVE_UP = 5.0  # seconds without an answer: another connection is tried
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between attempts to connect
NAP = 0.5  # seconds, the longest that a stop waits for


class NotHeardError(Exception):
    """The connection has broken, or answers no more."""


class Listener:
    """Tells ``on_change`` the tags of each change, and ``on_start`` when it begins to hear.

    connect: opens a connection of its own, directly to the primary, in autocommit mode.
    ``heard_until`` (``time.monotonic``): so long it is certain that nothing was missed.
    """

    def __init__(
        self,
        connect: Callable[[], Connection[Any]],
        *,
        on_start: Callable[[], None],
        on_change: Callable[[Iterable[str]], None],
    ) -> None:
        self._connect = connect
        self._on_start = on_start
        self._on_change = on_change
        self.heard_until = 0.0
        self._doubted_at = 0.0
        self._fences: list[threading.Event] = []
        self._fences_lock = threading.Lock()
        self._is_stopped = False
        self._hammer: socket.socket | None = None  # rings the bell that the thread listens for
        self._thread = threading.Thread(target=self._run, name="page-cache-listener", daemon=True)

    @property
    def hears(self) -> bool:
        return time.monotonic() < self.heard_until

    def start(self) -> None:
        """Begin to listen; once and for all."""
        with contextlib.suppress(RuntimeError):  # another thread was faster
            self._thread.start()

    def stop(self) -> None:
        """End the thread and its connection."""
        self._is_stopped = True
        self.heard_until = 0.0
        self._ring()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(GIVE_UP)
        atexit.unregister(self.stop)

    def catch_up(self) -> None:
        """Return once everything was heard that was committed before this call.

        Postgres hands a listening connection what it was told before it answers a question that was
        asked later. Without an answer in time nothing counts as heard until there is one.
        """
        if not self.hears:
            return
        fence = threading.Event()
        with self._fences_lock:
            self._fences.append(fence)
        self._ring()
        if not fence.wait(PATIENCE):
            self._doubted_at = time.monotonic()
            self.heard_until = 0.0

    def _ring(self) -> None:
        if self._hammer is not None:
            with contextlib.suppress(OSError):
                self._hammer.send(b"!")

    def _run(self) -> None:
        bell, self._hammer = socket.socketpair()
        bell.setblocking(False)
        with bell, self._hammer:
            self._keep_listening(bell)

    def _keep_listening(self, bell: socket.socket) -> None:
        pause = FIRST_PAUSE
        while not self._is_stopped:
            began = time.monotonic()
            try:
                self._listen(bell)
            except (NotHeardError, OperationalError) as error:
                if not self._is_stopped:
                    logger.warning("The page cache hears nothing: %s", str(error).strip())
            except Exception:
                logger.exception("The page cache hears nothing.")
            finally:
                self.heard_until = 0.0
                for fence in self._taken_fences():
                    fence.set()
            if time.monotonic() - began > GIVE_UP:
                pause = FIRST_PAUSE
            self._sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _listen(self, bell: socket.socket) -> None:
        """Hear until the connection ends. Raises NotHeardError or OperationalError then."""
        connection = self._connect()
        # After what the connection has registered, so that it runs before: see embedded_postgres.
        atexit.unregister(self.stop)
        atexit.register(self.stop)
        try:
            with selectors.DefaultSelector() as selector:
                asked = _Asked(connection.pgconn, selector, bell, self._take)
                self._check_is_direct(asked)
                asked.ask(f"LISTEN {CHANNEL}")
                # What was missed until now may have changed anything.
                self._on_start()
                logger.info("The page cache hears.")
                self._beat(asked)
        finally:
            connection.close()

    def _check_is_direct(self, asked: "_Asked") -> None:
        """Refuse a pooler: what is told would come to nobody, or to somebody else."""
        if asked.ask("SELECT pg_backend_pid()") != str(asked.pg.backend_pid).encode():
            raise NotHeardError(
                "LISTEN needs a direct connection, not a pooler's: set DATABASE_LISTEN_URL."
            )

    def _beat(self, asked: "_Asked") -> None:
        while not self._is_stopped:
            fences = self._taken_fences()
            at = time.monotonic()
            try:
                asked.ask("")
            except BaseException:
                self._fences += fences  # not before it is known that nothing is heard
                raise
            if at >= self._doubted_at:
                self.heard_until = at + BEAT + PATIENCE
            for fence in fences:
                fence.set()
            while not (self._fences or self._is_stopped):
                if (left := at + BEAT - time.monotonic()) <= 0:
                    break
                asked.wait(left)

    def _take(self, payload: str) -> None:
        self._on_change(payload.split())

    def _taken_fences(self) -> list[threading.Event]:
        with self._fences_lock:
            fences, self._fences = self._fences, []
        return fences

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._is_stopped and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, NAP))


class _Asked:
    """A connection that is asked one thing at a time, and that hands over what it is told."""

    def __init__(
        self,
        pg: PGconn,
        selector: selectors.BaseSelector,
        bell: socket.socket,
        take: Callable[[str], None],
    ) -> None:
        self.pg, self._selector, self._bell, self._take = pg, selector, bell, take
        selector.register(pg.socket, selectors.EVENT_READ)
        selector.register(bell, selectors.EVENT_READ)

    def ask(self, statement: str) -> bytes | None:
        """Return the first value that the database answers. Raises NotHeardError without one."""
        until = time.monotonic() + GIVE_UP
        self.pg.send_query(statement.encode())
        value = None
        while True:
            while self.pg.is_busy():
                left = until - time.monotonic()
                if left <= 0:
                    raise NotHeardError("The database does not answer.")
                self.wait(left)
            result = self.pg.get_result()
            if result is None:
                return value
            if result.status == ExecStatus.FATAL_ERROR:
                raise NotHeardError(result.error_message.decode(errors="replace"))
            if result.ntuples:
                value = result.get_value(0, 0)

    def wait(self, seconds: float) -> None:
        """Wait so long for anything to come in, and hand over what does."""
        for key, _events in self._selector.select(seconds):
            if key.fileobj is self._bell:
                with contextlib.suppress(BlockingIOError):
                    self._bell.recv(4096)
            else:
                self.pg.consume_input()
        while (told := self.pg.notifies()) is not None:
            self._take(told.extra.decode())

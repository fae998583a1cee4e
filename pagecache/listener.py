"""Hears from the database, in a thread of its own, what has changed.

Postgres tells at commit (NOTIFY) whoever listens. What is kept may be served only as long as it is
certain that everything was heard: a question goes to the database every ``BEAT`` seconds, and its
answer, which comes after all that was told before, proves the connection for ``BEAT + PATIENCE``
seconds from when it was asked. A connection that breaks is noticed at once; one that goes silent,
or a thread that stands still, after 1.5 seconds at most, for then the proof runs out by itself.

The thread may have to wait for a core or for the interpreter while something has come in already.
So whoever wants to serve what is kept looks whether anything lies unread, and takes it in itself.
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

from pagecache.line import GIVE_UP, Line, NotHeardError

logger = logging.getLogger(__name__)

CHANNEL = "newsroom_pages"
BEAT = 0.5  # seconds
PATIENCE = 1.0  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between attempts to connect
GLANCE = 0.001  # seconds that a look at the connection is good for: it costs what a kept page does
NAP = 0.5  # seconds, the longest that a stop waits for


class Listener:
    """Tells ``on_change`` the tags of each change, and ``on_start`` when it begins to hear.

    connect: opens a connection of its own, directly to the primary, in autocommit mode.
    ``heard_until`` (``time.monotonic``): so long the connection is known to bring all there is.
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
        self._looked_at = 0.0
        self._fences: list[threading.Event] = []
        self._fences_lock = threading.Lock()
        self._is_stopped = False
        self._line: Line | None = None
        self._hammer: socket.socket | None = None  # rings the bell that the thread listens for
        self._thread = threading.Thread(target=self._run, name="page-cache-listener", daemon=True)

    @property
    def hears(self) -> bool:
        """Whether it is certain that everything was heard up to a millisecond ago.

        What lies unread is taken in first.
        """
        now = time.monotonic()
        line = self._line
        if line is None or now <= self._looked_at + GLANCE:
            return now < self.heard_until
        if line.is_unread:
            try:
                line.take_in()
            except OperationalError:  # as the thread will say
                return False
            except Exception:
                logger.exception("The page cache could not take in what it was told.")
                return False
            finally:
                self._ring()  # the thread may wait for what was taken in
        self._looked_at = now
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
            self._doubted_at = time.monotonic()  # of a question that is on its way
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
        self._hammer.setblocking(False)  # a bell that is full has rung
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
        with selectors.DefaultSelector() as selector:
            line = Line(connection, selector, bell, self._take)
            try:
                self._check_is_direct(line)
                line.ask(f"LISTEN {CHANNEL}")
                self._line = line
                # What was missed until now may have changed anything.
                self._on_start()
                logger.info("The page cache hears.")
                self._beat(line)
            finally:
                self.heard_until = 0.0
                self._line = None
                line.close()

    def _check_is_direct(self, line: Line) -> None:
        """Refuse a pooler: what is told would come to nobody, or to somebody else."""
        if line.ask("SELECT pg_backend_pid()") != str(line.pg.backend_pid).encode():
            raise NotHeardError(
                "LISTEN needs a direct connection, not a pooler's: set DATABASE_LISTEN_URL."
            )

    def _beat(self, line: Line) -> None:
        while not self._is_stopped:
            fences = self._taken_fences()
            at = time.monotonic()
            try:
                line.ask("")
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
                line.wait(left)

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

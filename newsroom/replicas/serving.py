"""Chooses for each request the database it reads from, and another one when that fails."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import Error, connections
from django.http import SimpleCookie
from django.http.cookie import parse_cookie

from newsroom.replicas.routing import PRIMARY, reading_from
from newsroom.replicas.watching import POSITION, Servers
from pagecache.pages import is_being_made, may_lag

type Environ = dict[str, Any]
type Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

READING = frozenset({"GET", "HEAD"})
HARMLESS = READING | {"OPTIONS", "TRACE"}
# What a reader's browser holds after a write: the position in the primary's log that a replica must
# have reached to be read by them. It says nothing of who they are or what they wrote.
MARK = "written_at"
MARK_AGE = 300  # seconds; no replica that is so far behind is read


class Readers:
    """A WSGI application in front of Django's, which reads from replicas what it may.

    Anonymous reads go to a replica; whoever is logged in, and every page that is going to be kept,
    reads from the primary. A read that fails is asked again of the next database.
    """

    def __init__(self, application: Application, servers: Callable[[], Servers]) -> None:
        """servers: makes what is known of the databases, for one process."""
        self._application = application
        self._make_servers = servers
        self._servers: Servers | None = None
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Begin anew, in a process that was just forked."""
        self._servers = None
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        servers = self._servers or self._watched()
        environ["newsroom.databases"] = servers
        if environ["REQUEST_METHOD"] in READING:
            return self._read(servers, environ, start_response)
        return self._write(environ, start_response)

    def _watched(self) -> Servers:
        """Return what is known of the databases; begin to watch them at the first request."""
        with self._lock:
            if self._servers is None:
                self._servers = self._make_servers()
                self._servers.watch()
            return self._servers

    def _read(
        self, servers: Servers, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
        is_known = settings.SESSION_COOKIE_NAME in cookies
        since = _position(cookies.get(MARK, ""))
        begun: list[tuple[Any, ...]] = []
        body: Iterable[bytes] = ()
        for server in servers.to_read(since, exactly=is_known or is_being_made()):
            begun.clear()
            _close(body)
            asked = {**environ}
            if server.alias != PRIMARY:
                # What is of this generation at the primary may be older here.
                asked.pop("pagecache.generation", None)
            with reading_from(server.alias) as reading:
                body = self._application(asked, lambda *told: begun.append(told))
            if not reading.has_failed:
                if server.alias != PRIMARY:
                    may_lag()
                break
            if reading.is_broken:
                server.fail()
        start_response(*begun[0])
        return body

    def _write(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun: list[tuple[Any, ...]] = []
        body = self._application(environ, lambda *told: begun.append(told))
        status, headers, *rest = begun[0]
        if environ["REQUEST_METHOD"] not in HARMLESS and status < "5" and (mark := _mark()):
            headers = [*headers, ("Set-Cookie", mark)]
        start_response(status, headers, *rest)
        return body


def _position(mark: str) -> int:
    """Return the position that a cookie names; 0 for what is none.

    It is not signed: whoever makes one up reads from the primary, or not yet what they wrote.
    """
    return int(mark) if mark.isascii() and mark.isdigit() and len(mark) < 20 else 0


def _mark() -> str:
    """Return the cookie for a reader whose write has just been committed; nothing without it."""
    try:
        with connections[PRIMARY].cursor() as cursor:
            cursor.execute(POSITION)
            [position] = cursor.fetchone()
    except Error:
        return ""
    cookie = SimpleCookie({MARK: str(position)})
    cookie[MARK].update(
        {
            "max-age": MARK_AGE, "path": "/", "httponly": True, "samesite": "Lax",
            "secure": settings.SESSION_COOKIE_SECURE,
        }
    )  # fmt: skip
    return cookie[MARK].OutputString()


def _close(body: Iterable[bytes]) -> None:
    if hasattr(body, "close"):
        body.close()

"""The bodies of requests: read whole before anything else looks, and never by all threads at once.

The server's threads wait for what a client sends, however slowly. Were all of them waiting, nobody
could read a page; so one is kept for those who send nothing. A proxy in front that takes bodies in
by itself makes this wait short.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

type Environ = dict[str, Any]
type Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

PATIENCE = 0.05  # seconds to wait for a place; a body that has arrived is read in less
LONGEST_PATIENCE = 3.0  # seconds, as long as places are given back: nobody hangs, all are busy
PART = 64 * 1024
IN_MEMORY = 1024 * 1024  # bytes; what is longer goes to disk
DRAINED = 64 * 1024 * 1024  # bytes
UNREAD = (
    b"Too much is being sent at once. Your text is still in the form: send it again in a moment.\n"
)


class Bodies:
    """A WSGI application that gives another one bodies which are all there.

    limit: by the path, how many bytes are read; what is longer the application has to refuse; it is
    thrown away after the answer. at_once: how many threads may wait for bodies.
    """

    def __init__(
        self, application: Application, *, limit: Callable[[str], int], at_once: int
    ) -> None:
        self._application, self._limit = application, limit
        self._places = threading.BoundedSemaphore(at_once)
        self._given_back = 0  # how often a place was

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = content_length(environ)
        if not length:
            return self._application(environ, start_response)
        if length > self._limit(environ.get("PATH_INFO", "")):
            return self._drained(self._application(environ, start_response), environ)
        if not self._has_place():
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "2")]
            start_response("503 Service Unavailable", headers)
            return [UNREAD]
        try:
            body = _whole(environ["wsgi.input"], length)
        finally:
            self._give_back()
        if body is None:
            # Half a comment is none.
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"The body ended too early.\n"]
        with body:
            return self._application(environ | {"wsgi.input": body}, start_response)

    def _drained(self, answer: Iterable[bytes], environ: Environ) -> Iterator[bytes]:
        """Give the answer, then read on: many a client looks at it only after it has sent all."""
        try:
            yield from answer
        finally:
            if hasattr(answer, "close"):
                answer.close()
        if self._has_place():
            try:
                left = DRAINED
                while left > 0 and (part := environ["wsgi.input"].read(PART)):
                    left -= len(part)
            finally:
                self._give_back()

    def _has_place(self) -> bool:
        """Take a place to read a body from; tell whether there was one."""
        until = time.monotonic() + LONGEST_PATIENCE
        while True:
            given_back = self._given_back
            if self._places.acquire(timeout=PATIENCE):
                return True
            if given_back == self._given_back or time.monotonic() > until:
                return False

    def _give_back(self) -> None:
        self._given_back += 1
        self._places.release()


def content_length(environ: Environ) -> int:
    """Return how many bytes the request announces; 0 for none, and for what is no number."""
    text = environ.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _whole(stream: Any, length: int) -> Any:
    """Return the body as a file, None where its sender is gone before its end."""
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the request's own)
    while length:
        part = cast("bytes", stream.read(min(length, PART)))
        if not part:
            body.close()
            return None
        body.write(part)
        length -= len(part)
    body.seek(0)
    return body

"""How many write at a time, so that threads and the interpreter are left for those who read.

A comment takes a hundred times longer than a kept page. Were all of a worker's threads taking
comments in, a reader would wait behind all of them; so few do at a time, the others wait for their
turn, and some threads take no part in it.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from comments.limits.middleware import TO_REFUSE
from newsroom.bodies import Application, Environ
from newsroom.middleware import SAFE_METHODS

# The desk's writes may take seconds (a picture), and are few: readers' would wait behind them.
APART = "/admin/"


class Lanes:
    """A WSGI application that lets another one take few writes at a time.

    at_once: how many. waiting: how many more threads may wait. What comes then is given to the
    application as one to refuse (``TO_REFUSE``), which has what was sent and can give it back.
    """

    def __init__(self, application: Application, *, at_once: int, waiting: int) -> None:
        self._application = application
        self._lanes = threading.Semaphore(at_once)
        self._places = threading.Semaphore(at_once + waiting)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in SAFE_METHODS or environ.get("PATH_INFO", "").startswith(
            APART
        ):
            return self._application(environ, start_response)
        if not self._places.acquire(blocking=False):
            return self._application(environ | {TO_REFUSE: True}, start_response)
        try:
            with self._lanes:
                return self._application(environ, start_response)
        finally:
            self._places.release()

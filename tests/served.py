"""The site as a server serves it: the page cache in front of Django, without a socket between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import RequestFactory

from pagecache.wsgi import PageCache


@dataclass
class Served:
    """An answer as it would go over the wire."""

    status_code: int
    headers: dict[str, str]
    content: bytes

    def __getitem__(self, name: str) -> str:
        return self.headers[name.lower()]

    def get(self, name: str, default: str = "") -> str:
        return self.headers.get(name.lower(), default)


def nowhere() -> Any:
    raise AssertionError("A cache that keeps nothing listens to nobody.")


@contextmanager
def connections_held() -> Iterator[None]:
    """Keep Django from closing the test's own connection around a request (as its client does)."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


class Site:
    """Asks a WSGI application; without one the whole site, with a cache that keeps nothing."""

    def __init__(self, application: Callable[..., Any] | None = None) -> None:
        self.application = application or PageCache(
            get_wsgi_application(), limit=0, connect=nowhere
        )

    def get(self, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Served:
        return self.ask(RequestFactory().generic(method, path, headers=headers).environ)

    def head(self, path: str, headers: dict[str, str] | None = None) -> Served:
        return self.get(path, headers, "HEAD")

    def post(
        self, path: str, data: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Served:
        return self.ask(RequestFactory().post(path, data, headers=headers).environ)

    def ask(self, environ: dict[str, Any]) -> Served:
        told: list[Any] = []
        with connections_held():
            body = self.application(environ, lambda *begun: told.extend(begun))
            try:
                content = b"".join(body)
            finally:
                if hasattr(body, "close"):
                    body.close()
        status, headers = told
        named = {name.lower(): value for name, value in headers}
        assert len(named) == len({(name, value) for name, value in headers}), headers
        return Served(int(status.split()[0]), named, content)

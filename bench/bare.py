"""The least that can be served: what our pages are held against.

A bare Django view behind Django's usual eight middlewares; and bytes that are there already, given
out by a WSGI application that does nothing else, or by a middleware before all others. Each is
served beside the site, in a process of its own, by the same server on the same core.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from bench.load import Target
from bench.machine import SERVER_CORE, on_core
from bench.site import THREADS, Site, server
from tests.own_site import free_port, granian

DJANGO = """
from django.conf import settings
settings.configure(
    SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth",
                    "django.contrib.sessions", "django.contrib.messages"],
    MIDDLEWARE=[
        {first}
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.csp.ContentSecurityPolicyMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
{code}
urlpatterns = [path("", lambda request: HttpResponse("bare"))]
application = get_wsgi_application()
"""
KEPT = """
import json
from pathlib import Path
BODY = Path("kept").read_bytes()
HEADERS = [tuple(pair) for pair in json.loads(Path("kept.json").read_text())]
"""
MIDDLEWARE = f"""
{KEPT}
def kept(get_response):
    return lambda request: HttpResponse(BODY, headers=dict(HEADERS))
"""
WRAPPER = f"""
{KEPT}
def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
"""


@contextmanager
def bare_view(made: Site, *, connections: int, threads: int = THREADS) -> Iterator[Target]:
    """Serve the bare view; yield what asks for it."""
    code = DJANGO.format(first="", code="")
    with _served(made, "bare_view", code, threads) as address:
        yield Target(address, b"bare", connections=connections)


@contextmanager
def kept_bytes(
    made: Site,
    headers: dict[str, str],
    gzipped: bytes,
    *,
    holds: bytes,
    in_middleware: bool,
    threads: int,
) -> Iterator[Target]:
    """Serve an answer that is there already, by a middleware or by the WSGI application alone."""
    (made.folder / "kept").write_bytes(gzipped)
    (made.folder / "kept.json").write_text(json.dumps(list(headers.items())), encoding="utf-8")
    name, code = "kept_by_wrapper", WRAPPER
    if in_middleware:
        name, code = (
            "kept_by_middleware",
            DJANGO.format(first="__name__ + '.kept',", code=MIDDLEWARE),
        )
    with _served(made, name, code, threads) as address:
        yield Target(address, holds, {"Accept-Encoding": "gzip"})


@contextmanager
def _served(made: Site, name: str, code: str, threads: int) -> Iterator[str]:
    """Serve the application of a module with this code; yield its address."""
    (made.folder / f"{name}.py").write_text(code, encoding="utf-8")
    port = free_port()
    command = on_core(SERVER_CORE, granian(f"{name}:application", port))
    address = f"http://127.0.0.1:{port}/"
    environment = {
        **made.environment,
        "PYTHONPATH": str(made.folder),
        "GRANIAN_BLOCKING_THREADS": str(threads),
    }
    with server(command, address, environment, made.folder):
        yield address

"""A bare Django view behind Django's usual eight middlewares: what our pages are held against.

It is served beside the site, in a process of its own, by the same server on the same core.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.load import Target
from bench.machine import SERVER_CORE, on_core
from bench.site import THREADS, Site, server
from tests.own_site import free_port

APPLICATION = """
from django.conf import settings
settings.configure(
    SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth",
                    "django.contrib.sessions", "django.contrib.messages"],
    MIDDLEWARE=[
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
urlpatterns = [path("", lambda request: HttpResponse("bare"))]
application = get_wsgi_application()
"""


@contextmanager
def bare_view(made: Site, *, connections: int, threads: int = THREADS) -> Iterator[Target]:
    """Serve the bare view; yield what asks for it."""
    (made.folder / "bare_view.py").write_text(APPLICATION, encoding="utf-8")
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--workers-kill-timeout", "10",
        "--port", str(port), "--workers", "1", "--blocking-threads", str(threads),
        "--log-level", "error", "bare_view:application",
    ]  # fmt: skip
    address = f"http://127.0.0.1:{port}/"
    environment = {**made.environment, "PYTHONPATH": str(made.folder)}
    with server(on_core(SERVER_CORE, command), address, environment, made.folder):
        yield Target(address, b"bare", connections=connections)

"""A whole site in real processes, with a data folder and a Postgres of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
STATIC = "collectstatic", "--noinput", "-v0"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def granian(application: str, port: int, *, workers: int = 1) -> list[str]:
    """Return the command that serves an application as the site is served.

    Threads: by ``GRANIAN_BLOCKING_THREADS``, which the site looks up, too.
    """
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(workers), "--workers-kill-timeout", "10",
        "--log-level", "critical", application,
    ]  # fmt: skip


def manage(environment: dict[str, str], *command: str, **streams: int) -> subprocess.Popen[bytes]:
    """Begin a command of the project's."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *command], cwd=PROJECT, env=environment, **streams
    )


@contextmanager
def own_site(folder: Path, code: str, **variables: str) -> Iterator[dict[str, str]]:
    """Yield the environment of a migrated site in which the code has run; stop it at the end."""
    for part in (folder, *folder.parents[:2]):
        part.chmod(0o755)
    (folder / "static").mkdir()
    environment = {
        **os.environ, "NEWSROOM_DATA": str(folder), "NEWSROOM_POSTGRES_OPTIONS": "",
        "NEWSROOM_URL": "http://127.0.0.1:8000", "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "COMMENT_LIMITS": "off",
        **variables,
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    for command in (["migrate", "-v0"], ["shell", "--no-imports", "-v0", "-c", code]):
        assert manage(environment, *command).wait(120) == 0
    try:
        yield environment
    finally:
        from newsroom.embedded_postgres.server import EmbeddedPostgres

        EmbeddedPostgres.at(folder / "postgres").ensure_running()
        EmbeddedPostgres.at(folder / "postgres").release()


def serve(
    environment: dict[str, str],
    port: int,
    *,
    workers: int = 1,
    application: str = "newsroom.wsgi:application",
) -> subprocess.Popen[bytes]:
    """Start the server the site runs with; return once it answers."""
    server = subprocess.Popen(
        granian(application, port, workers=workers),
        cwd=PROJECT,
        env={**environment, "GRANIAN_BLOCKING_THREADS": "16"},
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError):
            # As a proxy asks: a site of https sends anybody else there.
            asked = urllib.request.Request(
                f"http://127.0.0.1:{port}/healthz", headers={"X-Forwarded-Proto": "https"}
            )
            urllib.request.urlopen(asked, timeout=5).close()
            return server
        time.sleep(0.1)
    raise AssertionError("The server does not answer.")

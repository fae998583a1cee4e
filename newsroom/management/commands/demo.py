"""``manage.py demo``: the whole site with its sample edition, in one foreground process."""

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import psutil
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from newsroom.sample_edition.load import load_sample_edition

READY_TIMEOUT = 60  # seconds
STOP_TIMEOUT = 10  # seconds a child has before it is killed
WORKER_PAUSE = 5  # seconds a worker must last to be replaced when it ends
THREADS = "16"  # of each of the server's workers; most may wait for those who write
LOGINS = ["editor@example.org", "moderator@example.org", "reader@example.org"]


class Command(BaseCommand):
    help = "Migrate, load the sample edition once, and serve the site as in production."

    def handle(self, *_args: Any, **_options: Any) -> None:
        port = _free_port(os.environ.get("PORT", "8000"))
        with _terminable():
            self._serve(port)

    def _serve(self, port: int) -> None:
        """Prepare, start the task worker and the server, and watch over them until told to stop."""
        url = f"http://127.0.0.1:{port}/"
        environment = {
            "STAFF_SECOND_FACTOR": "off", **os.environ, "GRANIAN_BLOCKING_THREADS": THREADS,
            "NEWSROOM_URL": url.rstrip("/"), "PORT": str(port),
        }  # fmt: skip
        self._say("Preparing the database …")
        call_command("migrate", verbosity=0)
        _collect_static()
        load_sample_edition(self._say)
        with contextlib.ExitStack() as children:
            worker = children.enter_context(_child(_worker_command(), environment))
            began = time.monotonic()
            server = children.enter_context(_child(_server_command(port), environment))
            _wait_until_served(url, server)
            # Not earlier: the server above uses the database too, so it stays up.
            connections.close_all()
            self._say(f"ready: {url}")
            self._say(
                f"Editorial desk: {url}admin/   Log-ins, password “demo”: {', '.join(LOGINS)}"
            )
            self._say(f"What is emailed lies in {url}admin/comments/letter/outbox/")
            self._say("Ctrl-C stops everything.")
            while True:
                if server.poll() is not None:
                    raise CommandError(f"The server ended by itself ({server.returncode}).")
                if worker.poll() is not None:
                    if time.monotonic() - began < WORKER_PAUSE:
                        raise CommandError(f"The task worker does not stay ({worker.returncode}).")
                    self._say("The task worker ended by itself; a new one takes over.")
                    worker = children.enter_context(_child(_worker_command(), environment))
                    began = time.monotonic()
                time.sleep(0.3)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _free_port(text: str) -> int:
    """Return the port to serve on. Raises CommandError when it is none, or taken."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT is “{text}”; it must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError as error:
            raise CommandError(f"Port {text} may only be used by root. Choose another.") from error
        except OSError as error:
            raise CommandError(
                f"Port {text} is taken by another program. Choose another: make demo PORT=8001"
            ) from error
    return int(text)


def _collect_static() -> None:
    """Collect the static files, unless they are those that were collected last time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    mark = Path(settings.DATA_DIR) / "static.collected"
    if mark.exists() and mark.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(digest.hexdigest())


def _server_command(port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--workers-kill-timeout", "10",
        "--port", str(port), "--workers", "2",
        "--log-level", "error", "--respawn-failed-workers", "newsroom.wsgi:application",
    ]  # fmt: skip


def _worker_command() -> list[str]:
    return [
        sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "worker",
        "--queue-name", "*", "--interval", "1", "--verbosity", "0",
    ]  # fmt: skip


@contextlib.contextmanager
def _child(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a child in a group of its own, so that Ctrl-C reaches it once: from us, at the end."""
    child = subprocess.Popen(
        command, env=environment, cwd=settings.BASE_DIR, start_new_session=True
    )
    try:
        yield child
    finally:
        family = _living([psutil.Process(child.pid)]) if child.poll() is None else []
        family = [*family, *(member for p in family for member in p.children(recursive=True))]
        child.terminate()
        deadline = time.monotonic() + STOP_TIMEOUT
        # Its own children too: the last to use the database stops it, and that should be us.
        while (family := _living(family)) and time.monotonic() < deadline:
            child.poll()
            time.sleep(0.05)
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        child.wait()


def _living(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that still run; one that ended and was never buried does not."""
    living = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                living.append(process)
    return living


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """Take every way to be told to stop as Ctrl-C, and end quietly on it."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    with contextlib.suppress(KeyboardInterrupt):
        yield


def _wait_until_served(url: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the front page answers 200. Raises CommandError when it does not in time."""
    deadline = time.monotonic() + READY_TIMEOUT
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise CommandError(f"The server does not start ({server.returncode}).")
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (our own)
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            raise CommandError(f"The front page answers {error.code}.") from error
        except OSError:
            time.sleep(0.1)
    raise CommandError("The server did not answer in time.")

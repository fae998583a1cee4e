"""A whole site of its own in a throwaway folder, served as in production, on one core."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.load import get
from bench.machine import PROJECT, SERVER_CORE, on_core, pin_family
from newsroom.embedded_postgres.server import EmbeddedPostgres
from tests.own_site import free_port, granian

APPLICATION = "newsroom.wsgi:application"
THREADS = 16  # of a worker, as docs/operators.md has it


@dataclass
class Site:
    """A migrated site. port: where ``served`` serves it."""

    folder: Path
    environment: dict[str, str]
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *command: str) -> str:
        """Run a command of the project; return what it says."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=PROJECT, env=self.environment, check=False,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"manage.py {command[0]} ended with {done.returncode}; see above")
        return done.stdout

    def run(self, code: str) -> str:
        """Run code inside the project; return what it prints after the word "answer"."""
        said = self.manage("shell", "--no-imports", "-v0", "-c", code)
        lines = [line for line in said.splitlines() if line.startswith("answer ")]
        return lines[-1].removeprefix("answer ") if lines else ""

    @contextmanager
    def served(self, *, threads: int = THREADS, **variables: str) -> Iterator[int]:
        """Serve it by one worker on its database's core; yield the server's process number."""
        pid_file = self.folder / "postgres" / "postmaster.pid"
        pin_family(int(pid_file.read_text().split()[0]), SERVER_CORE)
        command = on_core(SERVER_CORE, granian(APPLICATION, self.port))
        environment = {**self.environment, "GRANIAN_BLOCKING_THREADS": str(threads), **variables}
        with server(command, f"{self.address}/healthz", environment) as number:
            yield number

    @contextmanager
    def served_as_demo(self) -> Iterator[None]:
        """Serve it by two workers, on any core, as ``make demo`` does."""
        environment = {**self.environment, "GRANIAN_BLOCKING_THREADS": str(THREADS)}
        command = granian(APPLICATION, self.port, workers=2)
        with server(command, f"{self.address}/healthz", environment):
            yield


@contextmanager
def site(code: str = "", *, postgres: str = "", **variables: str) -> Iterator[Site]:
    """Yield a site in which the code has run. postgres: options of its server's command line."""
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        (folder / "static").mkdir()
        environment = {
            **os.environ, "NEWSROOM_DATA": name, "NEWSROOM_URL": f"http://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings", "NEWSROOM_POSTGRES_OPTIONS": postgres,
            "DEBUG": "off", **variables,
        }  # fmt: skip
        environment.pop("DATABASE_URL", None)
        os.environ["NEWSROOM_POSTGRES_OPTIONS"] = postgres
        database = EmbeddedPostgres.at(folder / "postgres")
        database.ensure_running()  # held by us, so that it does not stop between two commands
        try:
            made = Site(folder, environment, port)
            made.manage("migrate", "-v0")
            made.manage("collectstatic", "--noinput", "-v0")
            if code:
                made.run(code)
            yield made
        finally:
            database.release()


@contextmanager
def server(
    command: list[str], probe: str, environment: dict[str, str], folder: Path = PROJECT
) -> Iterator[int]:
    """Run a server; yield its process's number once it answers 200 at the address of the probe."""
    process = subprocess.Popen(command, cwd=folder, env=environment)
    try:
        deadline = time.monotonic() + 60
        while True:
            with suppress(OSError):
                if get(probe)[0] == 200:
                    break
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{probe} does not answer.")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()

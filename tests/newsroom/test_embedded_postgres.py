"""The embedded server with real processes: started, shared, stopped, killed, in odd folders."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from newsroom.embedded_postgres.server import EmbeddedPostgres
from tests.conftest import missing

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("embedded_postgres")]
PROJECT = Path(__file__).resolve().parent.parent.parent
QUERY = (
    "from django.db import connection as c; k = c.cursor(); k.execute('SELECT {sql}');"
    "print('answer', k.fetchone()[0])"
)


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A throwaway data folder, with whatever server still runs in it killed at the end.

    The suite's own server trades durability for speed; the ones here must keep what they took.
    """
    monkeypatch.delenv("NEWSROOM_POSTGRES_OPTIONS", raising=False)
    folder = Path(tempfile.mkdtemp(prefix="newsroom-embedded-"))
    folder.chmod(0o755)
    yield folder
    for pid_file in folder.rglob("postmaster.pid"):
        kill_server(pid_file.parent)
    shutil.rmtree(folder)


def postmaster(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def kill_server(folder: Path) -> None:
    os.kill(postmaster(folder), signal.SIGKILL)


def is_running(folder: Path) -> bool:
    return (folder / "postmaster.pid").exists()


def manage(data: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={**environment, "NEWSROOM_DATA": str(data)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ask(data: Path, sql: str) -> str:
    """Return what a ``manage.py shell`` of its own gets for ``SELECT sql``."""
    command = manage(data, "shell", "--no-imports", "-v0", "-c", QUERY.format(sql=sql))
    output, errors = command.communicate(timeout=90)
    assert command.returncode == 0, errors
    return output.split("answer ")[1].strip()


def test_command_starts_it_and_the_last_to_leave_stops_it(data: Path) -> None:
    assert ask(data, "41 + 1") == "42"
    assert not is_running(data / "postgres")


def test_command_without_a_query_starts_nothing(data: Path) -> None:
    command = manage(data, "shell", "--no-imports", "-v0", "-c", "print(1)")
    command.communicate(timeout=60)
    assert command.returncode == 0
    assert not (data / "postgres").exists()


def test_second_command_shares_the_server_and_leaves_it_running(data: Path) -> None:
    server = EmbeddedPostgres.at(data / "postgres")
    server.ensure_running()
    first = postmaster(data / "postgres")
    assert ask(data, "1") == "1"
    assert postmaster(data / "postgres") == first
    server.release()
    assert not is_running(data / "postgres")
    assert not server.socket_folder.exists()


def test_two_that_start_at_once_get_one_server(data: Path) -> None:
    commands = [
        manage(data, "shell", "--no-imports", "-v0", "-c", QUERY.format(sql="1")) for _ in range(3)
    ]
    for command in commands:
        output, errors = command.communicate(timeout=90)
        assert "answer 1" in output, errors


def test_server_killed_comes_back_with_what_was_committed(data: Path) -> None:
    server = EmbeddedPostgres.at(data / "postgres")
    server.ensure_running()
    subprocess.run(
        [server.bin / "psql", "-h", server.socket_folder, "-U", "postgres", "-d", "newsroom", "-c",
         "CREATE TABLE kept AS SELECT 7 AS n"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    kill_server(data / "postgres")
    assert ask(data, "n FROM kept") == "7"
    server.release()


def test_user_killed_does_not_keep_the_server_for_ever(data: Path) -> None:
    command = manage(
        data, "shell", "--no-imports", "-v0", "-c",
        QUERY.format(sql="1") + "; import sys, time; sys.stdout.flush(); time.sleep(60)",
    )  # fmt: skip
    assert command.stdout is not None
    assert "answer 1" in command.stdout.readline()
    command.kill()
    command.communicate()
    assert is_running(data / "postgres")
    assert ask(data, "2") == "2"
    assert not is_running(data / "postgres")


def test_pid_file_of_some_other_program_is_no_obstacle(data: Path) -> None:
    assert ask(data, "1") == "1"
    # As after a restart of the machine: the number now belongs to somebody else (us).
    pid_file = data / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{data / 'postgres'}\n1\n5432\n/nowhere\n\n\nready\n")
    if os.geteuid() == 0:
        account = pwd.getpwnam("pgserver")
        os.chown(pid_file, account.pw_uid, account.pw_gid)
    assert ask(data, "2") == "2"


@pytest.mark.parametrize(
    "name",
    ["with a space", "with 'quotes' and $money", "Zeitungsbüro", "/".join(["long" * 20] * 6)],
)
def test_folder_may_have_any_name(data: Path, name: str) -> None:
    assert ask(data / name, "1") == "1"
    assert not is_running(data / name / "postgres")


def test_interrupted_first_start_is_begun_anew(data: Path) -> None:
    half_made = data / "postgres"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    assert ask(data, "1") == "1"


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can become another user.")
def test_works_as_an_ordinary_user_too(data: Path) -> None:
    account = pwd.getpwnam("nobody")
    os.chown(data, account.pw_uid, account.pw_gid)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from pathlib import Path; from newsroom.embedded_postgres.server import EmbeddedPostgres;"
        "s = EmbeddedPostgres(Path(sys.argv[2]) / 'postgres'); s.ensure_running();"
        "assert s._accepts_connections(); s.release(); print('stopped')"
    )
    python = next(
        (
            candidate
            for candidate in (sys.executable, "/usr/bin/python3")
            if Path(candidate).exists()
            and all(p.stat().st_mode & 0o001 for p in Path(candidate).resolve().parents)
        ),
        None,
    )
    if python is None:
        missing("A Python that every user may run")
    result = subprocess.run(
        [python, "-c", code, str(PROJECT), str(data)],
        user=account.pw_uid, group=account.pw_gid, extra_groups=[], cwd=data,
        env={"PYTHONPATH": str(Path(psutil.__file__).parent.parent), "PATH": os.environ["PATH"]},
        capture_output=True, text=True, check=False, timeout=90,
    )  # fmt: skip
    assert result.stdout == "stopped\n", result.stderr
    assert not is_running(data / "postgres")


def test_foreign_database_folder_is_left_alone(data: Path) -> None:
    server = EmbeddedPostgres.at(data / "postgres")
    (data / "postgres").mkdir()
    (data / "postgres" / "precious").write_text("kept")
    started = time.monotonic()
    with pytest.raises(Exception, match="is not empty"):
        server.ensure_running()
    assert time.monotonic() - started < 30
    assert (data / "postgres" / "precious").read_text() == "kept"
    server.release()

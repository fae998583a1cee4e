"""What operators are given to start the site with: that it names what is there."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from granian.cli import cli

from tests.conftest import missing
from tests.own_site import PROJECT

DEPLOY = PROJECT / "deploy"
UNITS = ["newsroom.service", "newsroom-worker.service"]


def commands() -> dict[str, list[str]]:
    """Return the command lines of units, image and compose file, by where they stand."""
    found = {}
    for name in UNITS:
        lines = re.findall(r"^ExecStart(?:Pre)?=(.+)$", (DEPLOY / name).read_text(), re.MULTILINE)
        found |= {f"{name}: {line}": shlex.split(line) for line in lines}
    for name, start in (("Dockerfile", r"^CMD "), ("compose.yaml", r"^ +command: ")):
        lines = re.findall(start + r"\[(.+)\]$", (DEPLOY / name).read_text(), re.MULTILINE)
        for line in lines:
            words = re.findall(r'"([^"]*)"', line)
            parts = words[2].split(" && ") if words[0] == "sh" else [shlex.join(words)]
            found |= {f"{name}: {part}": shlex.split(part) for part in parts}
    return found


@pytest.mark.parametrize("where", commands())
def test_command_is_there_and_takes_what_it_is_given(where: str) -> None:
    words = commands()[where]
    program = Path(words[0]).name
    if program == "granian":
        told = cli.make_context("granian", words[1:], resilient_parsing=False)
        assert told.params["app"] == "newsroom.wsgi:application"
        assert told.params["interface"] == "wsgi"
    elif program == "python":
        assert words[1] == "manage.py"
        command = load_command_class(get_commands()[words[2]], words[2])
        command.create_parser("manage.py", words[2]).parse_args(words[3:])
    else:
        assert program == "postgres"


def test_site_and_worker_are_started_everywhere() -> None:
    for name in (*UNITS, "Dockerfile", "compose.yaml"):
        assert [where for where in commands() if where.startswith(name)], name
    for kind in ("granian", "worker", "migrate", "collectstatic"):
        assert [words for words in commands().values() if any(kind in word for word in words)]


def test_image_holds_every_folder_that_the_site_needs() -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE))
    apps = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests", "bench"}
    assert copied == apps | {"templates", "static"}


@pytest.mark.parametrize("name", [*UNITS, "compose.yaml", "Dockerfile"])
def test_every_variable_is_one_that_the_site_reads(name: str) -> None:
    known = set(re.findall(r"^(\w+)=", (DEPLOY / "env.example").read_text(), re.MULTILINE))
    known |= {"GRANIAN_BLOCKING_THREADS", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
    known |= {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    text = (DEPLOY / name).read_text()
    told = re.findall(
        r"^Environment=(\w+)=|^ +([A-Z_]+): |^ENV (.+(?:\\\n.+)*)", text, re.MULTILINE
    )
    named = {unit or compose for unit, compose, _ in told} - {""}
    for _, _, image in told:
        named |= set(re.findall(r"(\w+)=", image))
    assert named
    assert named <= known


@pytest.mark.parametrize("name", UNITS)
def test_unit_is_one_that_systemd_takes(name: str, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        missing("systemd-analyze")
    for unit in UNITS:
        text = (DEPLOY / unit).read_text().replace("/srv/newsroom/app", str(PROJECT))
        (tmp_path / unit).write_text(text)
    done = subprocess.run(
        [program, "verify", "--man=no", str(tmp_path / name)],
        capture_output=True, text=True, check=False,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if name in line]
    assert (done.returncode, told) == (0, [])

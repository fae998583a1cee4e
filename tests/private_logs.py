"""Fails a run whose logs tell anything about anybody (a pytest plugin).

All processes of a run, xdist's workers and the servers that tests start among them, log into one
folder beside the throwaway database (``LOG_FILE``), and that database's own log lies next to it. At
the end the first process looks through both for addresses, networks and full names. What our own
code hands to a logger is written there too as it is, before the formatter has taken anything out.
"""

import ipaddress
import json
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

OWN = ("newsroom", "accounts", "articles", "comments", "donations")
# Written anew, not taken from the formatter: a hole in its pattern must not be a hole in this one.
EMAIL = re.compile(
    r"[^\s@\"'<>(),:;\[\]]+(?:@|%40)[^\s@\"'<>(),:;\[\]/]+\.[a-z]{2,}", re.IGNORECASE
)
ADDRESS = re.compile(
    r"(?<![\w.])(?:\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|[0-9a-f]{1,4}:[0-9a-f:]+)", re.IGNORECASE
)
PEOPLE = (
    "accounts.User", "comments.Comment", "donations.Gift", "donations.Pledge", "donations.WallName",
)  # fmt: skip
NAMED = ("display_name", "guest_name", "donor_name", "name")
MADE_NAME = re.compile(r"\b(?:Person|Guest|Author) \d+\b")  # what the factories call people


def leaks_in(texts: dict[str, str], names: set[str]) -> list[str]:
    """Return what is personal in the texts of logs, each with the line it stands in.

    names: the full names that were used. Those of the factories are known without.
    """
    found = []
    for title, text in texts.items():
        wanted = {name for name in names if name in text and not MADE_NAME.fullmatch(name)}
        for number, line in enumerate(text.splitlines(), 1):
            said = [*EMAIL.findall(line), *MADE_NAME.findall(line), *_networks(line)]
            said += [name for name in wanted if name in line]
            found += [f"{title}:{number}: {one} in: {line[:200]}" for one in said]
    return found


def _networks(line: str) -> Iterator[str]:
    for text in ADDRESS.findall(line):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if not address.is_loopback and not address.is_unspecified:
            yield text


class OwnRecords(logging.Handler):
    """Writes down what our own code logs, unscrubbed."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def emit(self, record: logging.LogRecord) -> None:
        with self.path.open("a") as file:
            file.write(record.getMessage() + "\n")


class Names:
    """The full names that people were given in this process."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def note(self, instance: Any, **_signal: Any) -> None:
        for field in NAMED:
            name = getattr(instance, field, "")
            if " " in name and not MADE_NAME.fullmatch(name):
                self.found.add(name)


_names = Names()


def pytest_configure(config: pytest.Config) -> None:
    folder = _folder()
    handler = OwnRecords(folder / f"own-{os.getpid()}.log")
    for name in OWN:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.DEBUG)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Listen for people, once Django is there (it is not, for a run without it)."""
    from django.apps import apps
    from django.db.models.signals import post_save

    if apps.models_ready:
        for label in PEOPLE:
            post_save.connect(_names.note, sender=apps.get_model(label), weak=False)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a worker leave its names; let the first process look through everything."""
    folder = _folder()
    (folder / f"names-{os.getpid()}.json").write_text(json.dumps(sorted(_names.found)))
    if hasattr(session.config, "workerinput"):
        return
    names = {name for path in folder.glob("names-*") for name in json.loads(path.read_text())}
    logs = [*folder.glob("*.log"), *folder.parent.glob("postgres/server.log")]
    texts = {path.name: path.read_text(errors="replace") for path in logs}
    leaks = leaks_in(texts, names)
    session.config.stash[LEAKS] = leaks
    if leaks:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


LEAKS = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if leaks := config.stash.get(LEAKS, []):
        terminalreporter.section("personal data in the logs")
        for line in leaks[:50]:
            terminalreporter.write_line(line)


def _folder() -> Path:
    return Path(os.environ["LOG_FILE"]).parent

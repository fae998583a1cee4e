"""Logs tell nothing about anybody; and the check of the whole run's logs can fail."""

import logging
import logging.config
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import DataError, IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.log import log_response

from accounts.models import User
from newsroom.log_privacy import PrivateFormatter, scrubbed
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory, DiscussionFactory
from tests.private_logs import leaks_in

NAME = "Ada Lovelace"
PROJECT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("550 <ada.l+x@mail.example.org> unknown", "550 <[email]> unknown"),
        ("Not Found: /search/?q=ada%40example.org", "Not Found: /search/?[email]"),
        ("ада@пример.example wrote", "[email] wrote"),
        ("smtp://news:secret@mail.example.org:25", "smtp://news:[email]:25"),
        ("from 192.0.2.77, by proxy", "from [network], by proxy"),
        ("from 192.0.2.0/24 and 2001:db8:1::/48.", "from [network]/24 and [network]/48."),
        ("[2001:db8:1::7]:443", "[[network]]:443"),
        ("/subscriptions/MTI:1vPq3x:Zk3yQnqjPzs2Xw5yQh_8o1dGJ0o-kZ/", "/subscriptions/[token]/"),
        ("/accounts/password/reset/key/1-abc-def/", "/accounts/password/reset/key/[token]/"),
        ("at 15:43:22, version 5.2.1, on 127.0.0.1:8000", None),
        ("std::byte, 10:20, ::1", None),
    ],
)
def test_line_is_scrubbed(text: str, left: str | None) -> None:
    assert scrubbed(text) == (text if left is None else left)


def formatted(error: Exception) -> str:
    record = logging.LogRecord(
        "x", logging.ERROR, __file__, 1, "It broke", None, (type(error), error, error.__traceback__)
    )
    return PrivateFormatter().format(record)


@pytest.mark.django_db
def test_rows_in_errors_of_the_database_are_left_out() -> None:
    """They hold a whole row: a name, an address, a text of several paragraphs."""
    body = "One.\n\nThe above, and more.\n\nTwo."
    UserFactory(email="ada@example.org")
    with pytest.raises(IntegrityError) as twice, transaction.atomic():
        User.objects.create(email="ADA@example.org", display_name=NAME)
    assert "ada@example.org" in str(twice.value)
    line = formatted(twice.value)
    assert "user_email_unique_caseless" in line
    assert "ada@" not in line.lower()
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        CommentFactory(discussion=DiscussionFactory(), depth=7, guest_name=NAME, body=body)
    assert NAME in str(broken.value)
    line = formatted(broken.value)
    assert "comment_root_has_no_parent" in line
    assert NAME not in line
    assert "Two." not in line
    with pytest.raises(DataError) as wrong, transaction.atomic():
        User.objects.extra(where=[f"id = '{NAME}'"]).exists()
    assert NAME in str(wrong.value)
    assert NAME[:6] in str(wrong.value).partition("LINE 1")[2]
    assert NAME[:6] not in formatted(wrong.value)


@pytest.fixture
def logged() -> Any:
    """Return what has been logged since the test began."""
    path = Path(site.LOG_FILE)
    begin = path.stat().st_size

    def read() -> str:
        with path.open() as file:
            file.seek(begin)
            return file.read()

    return read


@pytest.mark.django_db
def test_what_django_says_of_requests_tells_nothing(logged: Any) -> None:
    client = Client(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="198.51.100.7")
    client.get("/accounts/ada@example.org/")
    client.post("/accounts/login/", {"login": "ada@example.org", "password": "wrong"})
    Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "ada@example.org"})
    client.get("/", HTTP_HOST="ada@example.org")
    request = RequestFactory().get("/ada@example.org/", REMOTE_ADDR="203.0.113.9")
    error = RuntimeError("ada@example.org from 203.0.113.9")
    answer = HttpResponse(status=500)
    log_response("Broke: %s", request.path, response=answer, request=request, exception=error)
    text = logged()
    for said in ("Not Found", "Forbidden (CSRF", "Invalid HTTP_HOST", "RuntimeError: [email] from"):
        assert said in text
    assert leaks_in({"log": text}, set()) == []


@pytest.mark.parametrize(("level", "is_told"), [("WARNING", True), ("ERROR", False)])
def test_level_holds_for_what_django_says(level: str, *, is_told: bool) -> None:
    code = """
import django, logging
django.setup()
logging.getLogger("django.request").warning("Not Found: /")
"""
    environment = {**os.environ, "LOG_LEVEL": level, "LOG_FILE": ""}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert ("Not Found" in run.stderr) is is_told


def test_no_handler_writes_past_the_formatter() -> None:
    """Neither Django's own on standard error, nor the one that mails tracebacks to admins."""
    handlers = [
        (name, handler)
        for name in ("", *logging.root.manager.loggerDict)
        for handler in logging.getLogger(name).handlers
        if not type(handler).__module__.startswith(("_pytest", "tests."))
        and not isinstance(handler, logging.NullHandler)
    ]
    assert handlers
    assert [one for one in handlers if not isinstance(one[1].formatter, PrivateFormatter)] == []


@pytest.mark.parametrize(
    "line",
    [
        "sent to ada@example.org", "q=ada%40example.org", "from 192.0.2.7", "from 2001:db8:1::/48",
        "Person 12 wrote", "Ada Lovelace wrote",
    ],
)  # fmt: skip
def test_check_of_the_run_finds(line: str) -> None:
    logs = {"all.log": f"Nothing.\n{line}\n", "other.log": "from 127.0.0.1 at 10:20:30, 5.2.1.4.3"}
    [leak] = leaks_in(logs, {"Ada Lovelace"})
    assert leak.startswith("all.log:2: ")


LEAKING = """
import logging, os

def test_that_passes_and_tells():
    handler = logging.FileHandler(os.environ["LOG_FILE"])
    logging.getLogger("anything").addHandler(handler)
    logging.getLogger("anything").warning("Sent to %s", "ada@example.org")

def test_that_hands_it_to_our_own_logger():
    logging.getLogger("comments.posting").warning("From %s", "192.0.2.7")
"""


@pytest.mark.process
def test_run_that_tells_fails(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "test_leaking.py").write_text(LEAKING)
    (tmp_path / "pytest.ini").write_text("[pytest]")
    for chosen, status in (("none", 5), ("passes", 1), ("own", 1)):
        run = subprocess.run(
            [
                sys.executable, "-m", "pytest", "-q", "-c", tmp_path / "pytest.ini", "-k", chosen,
                "-p", "tests.private_logs", "-p", "no:django", "-p", "no:cacheprovider", tmp_path,
            ],
            cwd=PROJECT, env={**os.environ, "LOG_FILE": str(tmp_path / "log/all.log")},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == status, run.stdout + run.stderr
        assert ("personal data in the logs" in run.stdout) == (status == 1)
        for log in (tmp_path / "log").iterdir():
            log.unlink()

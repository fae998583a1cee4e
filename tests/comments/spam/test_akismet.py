"""Akismet, played by a server of the test's own: when it is asked, what it is told, what comes."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from comments.counts import recount
from comments.models import Comment, Discussion, ModerationEvent
from comments.moderation import approve_comment
from comments.tasks import ask_akismet
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
GUEST = {"name": "Ada", "email": "ada@example.org"}


class Akismet:
    """What it was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.status, self.body, self.headers = 200, "true", {}


@pytest.fixture
def akismet(settings: Any) -> Iterator[Akismet]:
    played = Akismet()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fields = {name: values[0] for name, values in parse_qs(sent).items()}
            played.asked.append((self.path, fields, dict(self.headers)))
            self.send_response(played.status)
            for name, value in played.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(played.body.encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.AKISMET_KEY = "key-of-the-test"
    settings.AKISMET_URL = f"http://127.0.0.1:{server.server_port}"
    yield played
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def discussion() -> Discussion:
    return DiscussionFactory.create(policy="open")


def post(discussion: Discussion, client: Client | None = None, body: str = "Words.") -> Comment:
    address = f"{discussion.article.get_absolute_url()}comments/"
    assert (client or Client()).post(address, {**GUEST, "body": body}).status_code == 303
    return Comment.objects.latest("pk")


def work() -> int:
    """Run the questions that wait, as the worker does; return how many."""
    waiting = DBTaskResult.objects.filter(task_path=ask_akismet.module_path, status="READY")
    for result in list(waiting):
        result.task.call(*result.args_kwargs["args"])
        result.delete()
    return len(waiting)


def status_of(comment: Comment) -> str:
    comment.refresh_from_db()
    assert not any(recount().values())
    return str(comment.status)


def test_without_a_key_nobody_is_asked(
    akismet: Akismet, discussion: Discussion, settings: Any
) -> None:
    settings.AKISMET_KEY = ""
    post(discussion)
    assert not DBTaskResult.objects.filter(task_path=ask_akismet.module_path).exists()
    assert not akismet.asked


def test_it_is_asked_by_the_worker_and_told_no_more_than_is_said(
    akismet: Akismet, discussion: Discussion
) -> None:
    comment = post(discussion, Client(REMOTE_ADDR="198.51.100.7"), "Some words.")
    assert not akismet.asked
    assert work() == 1
    [(path, fields, headers)] = akismet.asked
    assert path == "/1.1/comment-check"
    assert fields.pop("comment_date_gmt")
    assert fields == {
        "api_key": "key-of-the-test", "blog": "http://testserver", "blog_lang": "en",
        "blog_charset": "UTF-8", "user_ip": "127.0.0.1", "comment_type": "comment",
        "comment_author": "Ada", "comment_content": "Some words.",
        "permalink": f"http://testserver{discussion.article.get_absolute_url()}",
    }  # fmt: skip
    told = f"{fields} {headers}"
    assert not any(
        word in told for word in ("ada@example.org", "198.51.100", str(comment.guest_id))
    )


@pytest.mark.parametrize(
    ("body", "headers", "status", "events"),
    [
        ("false", {}, "approved", []),
        ("true", {}, "held", [("held", "approved", "held")]),
        ("true", {"X-akismet-pro-tip": "discard"}, "spam", [("spam", "approved", "spam")]),
    ],
)
def test_what_it_says_is_one_more_reason(
    akismet: Akismet, discussion: Discussion, body: str, headers: Any, status: str, events: Any
) -> None:
    akismet.body, akismet.headers = body, headers
    comment = post(discussion)
    work()
    assert status_of(comment) == status
    told = ModerationEvent.objects.filter(rule="Akismet", by=None)
    assert list(told.values_list("action", "from_status", "to_status")) == events


def test_what_waits_already_waits_with_a_further_reason(
    akismet: Akismet, discussion: Discussion
) -> None:
    Discussion.objects.update(policy="hold-all")
    comment = post(discussion)
    work()
    assert status_of(comment) == "held"
    assert ModerationEvent.objects.get().action == "flagged"


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (500, "true", {}),
        (403, "invalid", {}),
        (200, "invalid", {}),
        (200, "", {}),
        (302, "", {"Location": "http://192.0.2.1/"}),
    ],
)
def test_failure_changes_nothing(
    akismet: Akismet, discussion: Discussion, status: int, body: str, headers: Any, caplog: Any
) -> None:
    akismet.status, akismet.body, akismet.headers = status, body, headers
    comment = post(discussion, body="Private words.")
    work()
    assert status_of(comment) == "approved"
    assert not ModerationEvent.objects.exists()
    assert "Akismet was asked in vain" in caplog.text
    assert "Private words" not in caplog.text


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "no address", "http://"])
def test_nobody_there_changes_nothing(
    akismet: Akismet, discussion: Discussion, settings: Any, address: str
) -> None:
    settings.AKISMET_URL = address
    comment = post(discussion)
    work()
    assert status_of(comment) == "approved"


def test_trusted_writers_and_staff_are_never_asked_about(
    akismet: Akismet, discussion: Discussion
) -> None:
    client = Client()
    first = post(discussion, client)
    post(discussion, client, "More words.")
    staff = Client()
    staff.force_login(UserFactory.create(role="Moderator"))
    post(discussion, staff, "Words of staff.")
    assert first.is_approved
    akismet.body = "false"
    work()
    assert not akismet.asked  # two that stand speak for each other


def test_first_comment_does_not_vouch_for_itself(akismet: Akismet, discussion: Discussion) -> None:
    post(discussion)
    work()
    assert len(akismet.asked) == 1


@pytest.mark.parametrize("when", ["before it is asked", "while it thinks"])
def test_moderators_decision_is_never_overruled(
    akismet: Akismet, discussion: Discussion, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comments.spam import akismet as module

    moderator = UserFactory.create(role="Moderator")
    akismet.headers = {"X-akismet-pro-tip": "discard"}
    comment = post(discussion)
    if when == "before it is asked":
        approve_comment(comment=comment, by=moderator)
    else:
        ask = module._asked

        def asked(about: Comment) -> Any:
            opinion = ask(about)
            approve_comment(comment=about, by=moderator)
            return opinion

        monkeypatch.setattr(module, "_asked", asked)
    work()
    assert status_of(comment) == "approved"
    assert len(akismet.asked) == (when == "while it thinks")
    assert not ModerationEvent.objects.filter(rule="Akismet").exists()


def test_changed_text_is_asked_about_anew(akismet: Akismet, discussion: Discussion) -> None:
    client = Client()
    akismet.body = "false"
    comment = post(discussion, client)
    work()
    approve_comment(comment=comment, by=UserFactory.create(role="Moderator"))
    akismet.body = "true"
    client.post(f"/comments/{comment.pk}/edit/", {"body": "Now for pills."})
    work()
    assert [fields["comment_content"] for _path, fields, _headers in akismet.asked] == [
        "Words.",
        "Now for pills.",
    ]
    assert status_of(comment) == "held"


def test_reply_is_told_to_be_one(akismet: Akismet, discussion: Discussion) -> None:
    parent = CommentFactory.create(discussion=discussion)
    address = f"{discussion.article.get_absolute_url()}comments/"
    Client().post(address, {**GUEST, "body": "A reply.", "parent": parent.pk})
    work()
    assert akismet.asked[0][1]["comment_type"] == "reply"

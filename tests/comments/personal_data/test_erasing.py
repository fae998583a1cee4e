"""Erasing: nothing is left of somebody, everything else is, and every count is true."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from comments.counts import recount
from comments.models import (
    Appeal,
    Ban,
    Comment,
    CommentVersion,
    Letter,
    ModerationEvent,
    Notification,
    Report,
    Subscription,
    Vote,
)
from comments.moderation import approve_comment, reject_comment, undo_decision
from comments.moderation.appeals import appeal
from comments.moderation.bans import ban_writer, check_not_banned
from comments.moderation.reports import report_comment
from comments.notifications.telling import tell_readers
from comments.personal_data import erasing
from comments.personal_data.erasing import erase, erase_account
from comments.personal_data.person import Person
from comments.voting import cast_vote
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
EMAIL, NAME = "ada@lovelace.example", "Ada of Ockham"


def traces(*words: str) -> list[str]:
    """Return each column of the whole database that holds one of the words."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN"
            " ('text', 'character varying', 'jsonb', 'uuid', 'ARRAY')"
        )
        for table, column in cursor.fetchall():
            for word in words:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s', [f"%{word}%"]
                )
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{column}: {word}")
    return found


@pytest.fixture(params=["account", "guest"])
def ada(request: Any) -> dict[str, Any]:
    """Somebody who did everything: in her own name, or as a guest."""
    discussion = DiscussionFactory()
    browser = uuid.uuid4()
    if request.param == "account":
        user = UserFactory(email=EMAIL, display_name=NAME)
        writer: dict[str, Any] = {"user": user, "guest_id": None}
        writer |= {"guest_name": "", "guest_email": ""}
        by: dict[str, Any] = {"user": user}
    else:
        user = None
        writer = {"guest_name": NAME, "guest_email": EMAIL.title(), "guest_id": browser}
        by = {"guest_id": browser}
    writer |= {"discussion": discussion, "network": "f" * 64}
    root = CommentFactory(**writer, body="Opens with elephants.", edited_at="2026-01-01T00:00Z")
    CommentVersion.objects.create(comment=root, body="Opened with giraffes.")
    answer = CommentFactory(parent=root, body="Somebody else's.")
    reply = CommentFactory(**writer | {"parent": answer}, body="Replies with elephants.")
    held = CommentFactory(**writer, status="held", body="Held elephants.")
    moderator = UserFactory(role="Moderator")
    rejected = CommentFactory(**writer, body="Rejected elephants.")
    reject_comment(comment=rejected, by=moderator)
    appeal(comment=rejected, text="But elephants!", **by)
    cast_vote(comment=answer, value=1, **by)
    cast_vote(comment=answer, value=1, guest_id=uuid.uuid4())
    cast_vote(comment=root, value=-1, guest_id=uuid.uuid4())
    report_comment(comment=answer, reason="insult", text="It insults elephants.", **by)
    Subscription.objects.create(
        discussion=discussion, kind="all", user=user, email="" if user else EMAIL,
        confirmed_at=None if user else "2026-01-01T00:00Z",
    )  # fmt: skip
    tell_readers(answer)
    assert Notification.objects.exists()
    assert Letter.objects.exists()
    person = Person(user=user) if user else Person(address=EMAIL)
    return {
        "person": person, "root": root, "answer": answer, "reply": reply, "held": held,
        "rejected": rejected, "moderator": moderator, "browser": browser,
    }  # fmt: skip


@pytest.mark.parametrize("keep", [True, False])
def test_nothing_is_left_but_what_others_did(ada: dict[str, Any], keep: bool) -> None:
    person, log = ada["person"], list(ModerationEvent.objects.values())
    erase(person, keep_comments=keep)
    if person.user:
        person.user.delete()
    kept = {"Opens with elephants.", "Replies with elephants."} if keep else set()
    bodies = set(Comment.objects.exclude(body="").values_list("body", flat=True))
    assert bodies == {"Somebody else's.", *kept}
    words = [EMAIL, NAME, str(ada["browser"]), "f" * 64, "giraffes", "But elephants", "insults ele"]
    assert traces(*words, *([] if keep else ["elephants"])) == []
    assert not any(recount().values())
    answer = Comment.objects.get(pk=ada["answer"].pk)
    assert (answer.upvotes, answer.status) == (1, "approved")
    assert Comment.objects.get(pk=ada["root"].pk).downvotes == 1  # somebody else's
    assert Report.objects.get(comment=answer).reason == "insult"
    assert Vote.objects.count() == 2
    assert not Appeal.objects.exists()
    assert not Letter.objects.exists()
    assert not Subscription.objects.exists()
    left = list(ModerationEvent.objects.order_by("-pk").values())
    assert [row for row in left if row["action"] != "erased"] == log


def test_comments_that_stay_are_by_nobody(ada: dict[str, Any], client: Any) -> None:
    before = ada["root"].avatar
    erase(ada["person"], keep_comments=True)
    html = client.get(ada["root"].get_absolute_url()).content.decode()
    assert "Opens with elephants." in html
    assert "A reader" in html
    assert NAME not in html
    assert before.path not in html


def test_comments_that_go_leave_a_note_where_they_were_answered(
    ada: dict[str, Any], client: Any
) -> None:
    erase(ada["person"], keep_comments=False)
    page = client.get(f"{ada['root'].discussion.article.get_absolute_url()}comments/")
    html = page.content.decode()
    assert "Somebody else's." in html
    assert "This comment is not here any more." in html
    assert "elephants" not in html
    assert "elephants" not in client.get(ada["root"].get_absolute_url()).content.decode()
    assert client.get(ada["reply"].get_absolute_url()).status_code == 404


def test_moderators_cannot_bring_back_what_was_erased(ada: dict[str, Any]) -> None:
    by = ada["moderator"]
    event = ModerationEvent.objects.get(comment=ada["rejected"], action="rejected")
    erase(ada["person"], keep_comments=False)
    with pytest.raises(ValidationError, match="had this comment erased"):
        approve_comment(comment=ada["held"], by=by)
    with pytest.raises(ValidationError):
        undo_decision(event=event, by=by)
    assert not Comment.objects.filter(body="", status="approved").exists()


def test_reports_of_what_is_gone_wait_for_nobody(ada: dict[str, Any]) -> None:
    report_comment(comment=ada["reply"], reason="hate", guest_id=uuid.uuid4())
    erase(ada["person"], keep_comments=False)
    report = Report.objects.get(comment=ada["reply"])
    assert report.answer is not None
    assert report.answer.action == "erased"


def test_what_was_erased_half_way_is_erased_to_the_end(
    ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter(range(100))

    def dying(comment: Comment) -> None:
        if next(calls) == 1:
            raise KeyboardInterrupt
        real(comment)

    real = erasing._forget_writer
    monkeypatch.setattr(erasing, "_forget_writer", dying)
    with pytest.raises(KeyboardInterrupt):
        erase(ada["person"], keep_comments=False)
    assert ada["person"].comments().exists()
    erase(ada["person"], keep_comments=False)
    left = {trace.partition("_")[0] for trace in traces("elephants", EMAIL)}
    assert left == ({"accounts", "account"} if ada["person"].user else set())
    assert not any(recount().values())


def test_ban_outlives_the_account() -> None:
    user = UserFactory(email=EMAIL)
    comment = CommentFactory(user=user, guest_email="", guest_name="", guest_id=None)
    ban_writer(comment=comment, by=UserFactory(role="Moderator"), mode="shadow")
    erase_account(user, keep_comments=False)
    user.delete()
    bans = list(Ban.objects.all())
    assert {(ban.kind, ban.user_id) for ban in bans} == {(Ban.Kind.EMAIL, None)}
    assert check_not_banned(user=None, guest_id=None, email=EMAIL.upper()) in bans


def test_browser_that_others_used_too_is_left_alone() -> None:
    browser = uuid.uuid4()
    CommentFactory(guest_email=EMAIL, guest_id=browser)
    CommentFactory(guest_email="bob@example.org", guest_id=browser)
    cast_vote(comment=CommentFactory(), value=1, guest_id=browser)
    person = Person(address=EMAIL)
    assert person.browsers() == []
    erase(person, keep_comments=False)
    assert Vote.objects.count() == 1

"""What is known of people is forgotten in time: exactly that, batch by batch, and by itself."""

import datetime
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Erasure
from accounts.personal_data.erasing import finish_erasures
from articles.models import Publication
from comments.models import (
    Ban,
    Bucket,
    Comment,
    Letter,
    Notification,
    Subscription,
    Vote,
    VoteBurst,
)
from comments.notifications.telling import tell_readers
from comments.retention import forget_addresses, forget_networks
from newsroom.models import RetentionRun
from newsroom.retention import running
from newsroom.retention.rules import RULES, Rule
from newsroom.retention.running import forget_what_is_due
from newsroom.tasks import forget_what_is_old, plan_forgetting
from pagecache.listener import CHANNEL
from pagecache.triggers import MANY
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db


def ago(days: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def own_parameters() -> dict[str, Any]:
    """Return what a connection of our own to the tests' database takes."""
    names = ("dbname", "user", "password", "host", "port")
    return {k: v for k, v in connection.get_connection_params().items() if k in names}


def tags_told(work: Callable[[], object]) -> list[str]:
    """Return what page caches are told of by the work, commit for commit."""
    with psycopg.connect(**own_parameters(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        work()
        return [notice.payload for notice in listener.notifies(timeout=0.2)]


def follower(comment: Comment, **fields: Any) -> Subscription:
    fields = {"confirmed_at": ago(1), "email": comment.guest_email, "kind": "replies"} | fields
    return Subscription.objects.create(discussion=comment.discussion, **fields)


def test_addresses_of_guests_are_kept_for_as_long_as_the_publication_says() -> None:
    Publication.objects.create(pk=1, address_days=10)
    old = CommentFactory(guest_email="Ada@example.org", created_at=ago(10.1))
    new = CommentFactory(guest_email="bob@example.org", created_at=ago(9.9))
    digest = old.address_digest
    assert forget_what_is_due()
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.guest_email, old.guest_digest) == ("", digest)
    assert (new.guest_email, new.guest_digest) == ("bob@example.org", "")
    assert list(Comment.objects.from_address("ADA@example.org")) == [old]


def test_who_was_promised_news_still_gets_them() -> None:
    """Their address stays where it was promised, and nowhere else."""
    asked = CommentFactory(guest_email="Ada@example.org", created_at=ago(100))
    elsewhere = CommentFactory(guest_email="ada@example.org", created_at=ago(100))
    unconfirmed = CommentFactory(guest_email="bob@example.org", created_at=ago(100))
    follower(asked, email="ada@example.org")
    follower(unconfirmed, confirmed_at=None)
    assert forget_what_is_due()
    assert set(Comment.objects.exclude(guest_email="")) == {asked}
    assert elsewhere.pk
    answer = CommentFactory(parent=asked)
    tell_readers(answer)
    [letter] = Letter.objects.all()
    assert letter.address == "ada@example.org"


@pytest.mark.django_db(transaction=True)
def test_round_in_which_nothing_is_shown_otherwise_tells_page_caches_nothing() -> None:
    """A guest's picture is drawn from the address or its hash alike."""
    said = CommentFactory(network="f" * 64, created_at=ago(100))
    picture = said.avatar
    heard = tags_told(forget_what_is_due)
    said.refresh_from_db()
    assert (said.guest_email, said.network, said.avatar) == ("", "", picture)
    assert heard == []
    assert running.BATCH <= MANY  # beyond it everything would go


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"guest_email": "a@example.org"}, {"guest_email": ""}),
        ({"guest_email": "a@example.org"}, {"guest_email": "b@example.org"}),
        ({"guest_email": ""}, {"guest_digest": "a" * 64}),
        ({"guest_email": "", "guest_digest": "a" * 64}, {"guest_digest": "b" * 64}),
    ],
)
def test_page_caches_hear_of_another_address(before: dict[str, str], after: dict[str, str]) -> None:
    said = CommentFactory(**before)
    picture = said.avatar
    heard = tags_told(lambda: Comment.objects.filter(pk=said.pk).update(**after))
    said.refresh_from_db()
    assert said.avatar != picture
    assert heard == [f"discussion:{said.discussion_id}"]


def test_networks_go_some_at_a_time() -> None:
    burst = {"began_at": ago(40), "ended_at": ago(40), "votes": 9, "expected": 1, "network": 7}
    said = CommentFactory.create_batch(3, network="f" * 64, created_at=ago(31))
    for comment in said:
        VoteBurst.objects.create(comment=comment, **burst)
        vote = Vote.objects.create(comment=comment, guest_id=uuid.uuid4(), value=1, network=7)
        Vote.objects.filter(pk=vote.pk).update(created_at=ago(31))
    numbers = [forget_networks(2) for _time in range(3)]
    assert numbers == [6, 3, 0]
    assert not VoteBurst.objects.exclude(network=None).exists()
    assert not Vote.objects.exclude(network=None).exists()


@pytest.mark.django_db(transaction=True)
def test_round_passes_over_what_a_writer_holds() -> None:
    """Nobody waits for the round, nor the round for anybody; the next one takes it."""
    held, other = (CommentFactory(network="f" * 64, created_at=ago(100)) for _ in range(2))
    sql = "UPDATE comments_comment SET upvotes = upvotes + 1 WHERE id = %s"
    with psycopg.connect(**own_parameters()) as writer:
        writer.execute(sql, [held.pk])
        assert forget_networks(10) == 1
        assert forget_addresses(10) == 1
    assert list(Comment.objects.exclude(network="")) == [held]
    assert (forget_networks(10), forget_addresses(10)) == (1, 1)
    assert not Comment.objects.filter(pk=other.pk).exclude(network="").exists()


def test_rule_that_fails_keeps_no_other_from_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    CommentFactory(network="f" * 64, created_at=ago(100))

    def broken(_limit: int) -> int:
        raise ValueError("broken")

    rules = [Rule("broken", "broken", broken), *RULES]
    monkeypatch.setattr(running, "RULES", rules)
    with pytest.raises(ExceptionGroup):
        forget_what_is_due()
    [run] = RetentionRun.objects.all()
    assert (run.removed, run.finished_at) == ({"addresses": 1, "networks": 1}, None)
    monkeypatch.undo()
    assert forget_what_is_due()
    assert RetentionRun.objects.get().finished_at


def test_each_erasure_left_is_carried_out_by_itself() -> None:
    for _time in range(3):
        erasure = Erasure.objects.create(user=UserFactory(), keep_comments=True)
        Erasure.objects.filter(pk=erasure.pk).update(asked_at=ago(1))
    assert [finish_erasures(500) for _time in range(4)] == [1, 1, 1, 0]


def test_hashes_of_networks_go() -> None:
    CommentFactory(network="f" * 64, created_at=ago(31))
    new = CommentFactory(network="f" * 64, created_at=ago(29))
    assert forget_what_is_due()
    assert list(Comment.objects.exclude(network="")) == [new]


def test_letters_go_and_nobody_is_told_twice() -> None:
    comment = CommentFactory()
    wanted = follower(comment, email="ada@example.org", kind="all")
    tell_readers(comment)
    Letter.objects.update(sent_at=ago(31))
    waiting = Letter.objects.create(
        kind="news", discussion=comment.discussion, subscription=wanted, address="ada@example.org",
        created_at=ago(60), due_at=ago(60),
    )  # fmt: skip
    Notification.objects.update(created_at=ago(31))
    assert forget_what_is_due()
    assert list(Letter.objects.all()) == [waiting]
    [told] = Notification.objects.all()
    assert "@" not in told.address
    tell_readers(comment)
    assert Notification.objects.count() == 1


def test_subscriptions_end_that_nobody_confirmed_or_to_which_nothing_came() -> None:
    lively, quiet = CommentFactory(), CommentFactory(approved_at=ago(400))
    kept = [
        follower(lively, confirmed_at=ago(400)),
        follower(quiet, confirmed_at=ago(300)),
        follower(quiet, user=UserFactory(), email="", confirmed_at=None, created_at=ago(500)),
        follower(quiet, email="new@example.org", confirmed_at=None, created_at=ago(29)),
    ]
    follower(quiet, email="gone@example.org", confirmed_at=ago(400))
    follower(quiet, email="never@example.org", confirmed_at=None, created_at=ago(31))
    assert forget_what_is_due()
    assert set(Subscription.objects.all()) == set(kept)


def test_bans_in_force_stay_and_ended_ones_name_nobody() -> None:
    digest = "a" * 64
    for_good = Ban.objects.create(kind="email", digest=digest, created_at=ago(900))
    running_out = Ban.objects.create(kind="email", digest=digest, expires_at=ago(29))
    over = Ban.objects.create(kind="email", digest=digest, expires_at=ago(31))
    lifted = Ban.objects.create(kind="email", digest=digest, lifted_at=ago(31))
    assert forget_what_is_due()
    assert set(Ban.objects.exclude(digest="")) == {for_good, running_out}
    assert set(Ban.objects.filter(digest="")) == {over, lifted}


def test_what_says_nothing_any_more_goes(settings: Any, tmp_path: Path) -> None:
    Bucket.objects.create(key="full", empty_at=timezone.now() + datetime.timedelta(hours=1))
    Bucket.objects.create(key="empty", empty_at=ago(0.1))
    Session.objects.create(session_key="a", session_data="", expire_date=ago(-1))
    Session.objects.create(session_key="b", session_data="", expire_date=ago(1))
    for key, days in (("a", 40), ("b", 40), ("c", 0.5)):
        login = UserSession.objects.create(
            user=UserFactory(), session_key=key, ip="192.0.2.0", last_seen_at=ago(days)
        )
        UserSession.objects.filter(pk=login.pk).update(created_at=ago(days))
    plan_forgetting()
    done = DBTaskResult.objects.create(
        task_path="x", args_kwargs={}, status="FAILED", finished_at=ago(31), run_after=ago(32),
        backend_name="default", exception_class_path="", traceback="",
    )  # fmt: skip
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path)},
        }
    }
    for name, days in (("old", 31), ("new", 29)):
        (tmp_path / f"{name}.log").touch()
        os.utime(tmp_path / f"{name}.log", times=(0, ago(days).timestamp()))
    assert forget_what_is_due()
    assert Bucket.objects.get().key == "full"
    assert Session.objects.get().session_key == "a"
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {"a", "c"}
    assert not DBTaskResult.objects.filter(pk=done.pk).exists()
    assert DBTaskResult.objects.count() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["new.log"]


def test_round_goes_on_where_it_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    CommentFactory.create_batch(5, discussion=DiscussionFactory(), created_at=ago(100))
    assert not forget_what_is_due(turn=0)
    [run] = RetentionRun.objects.all()
    assert (run.removed, run.finished_at) == ({"addresses": 2}, None)
    assert forget_what_is_due()
    [run] = RetentionRun.objects.all()
    assert run.removed == {"addresses": 5}
    assert run.finished_at
    assert forget_what_is_due()  # nothing is left for a second one
    assert RetentionRun.objects.first().removed == {}


def test_what_a_killed_batch_did_was_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    CommentFactory(created_at=ago(100))

    def killed(*_args: Any, **_kwargs: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(RetentionRun, "save", killed)
    RetentionRun.objects.bulk_create([RetentionRun()])
    with pytest.raises(KeyboardInterrupt):
        forget_what_is_due()
    assert Comment.objects.exclude(guest_email="").count() == 1
    monkeypatch.undo()
    assert forget_what_is_due()
    assert RetentionRun.objects.get().removed == {"addresses": 1}


def planned() -> list[datetime.datetime]:
    rows = DBTaskResult.objects.filter(task_path=forget_what_is_old.module_path, status="READY")
    return list(rows.order_by("run_after").values_list("run_after", flat=True))


def test_worker_plans_one_round_each_night_and_each_round_the_next() -> None:
    Publication.objects.create(pk=1, time_zone="Asia/Kathmandu")  # at 5:45 from UTC
    plan_forgetting()
    plan_forgetting()
    [night] = planned()
    assert timezone.now() < night < timezone.now() + datetime.timedelta(days=1)
    assert (night.astimezone(datetime.UTC).hour, night.minute) == (21, 15)
    DBTaskResult.objects.all().delete()
    forget_what_is_old.call()
    assert planned() == [night]


def test_long_round_gives_others_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.tasks.forget_what_is_due", lambda: False)
    forget_what_is_old.call()
    forget_what_is_old.call()
    assert len(planned()) == 3  # the coming night's, and two that go on at once
    assert sum(when.year > 9_000 for when in planned()) == 2  # as the library says "at once"


def test_staff_see_when_it_was_done_and_what_it_did(client: Client) -> None:
    CommentFactory(created_at=ago(100))
    forget_what_is_due()
    client.force_login(UserFactory(role="Moderator"))
    page = client.get("/admin/newsroom/retentionrun/").content.decode()
    assert "addresses of guests&#x27; comments: 1" in page

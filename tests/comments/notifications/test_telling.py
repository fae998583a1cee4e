"""Who is told of a comment: each reader once, by what concerns them most, and never the writer."""

import datetime
import threading
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from comments.addresses import address_digest
from comments.models import Comment, Discussion, Letter, Notification, Subscription
from comments.moderation import approve_comment, remove_comment
from comments.notifications.delivery import send_due_letters
from comments.notifications.following import confirm_subscription, follow
from comments.notifications.telling import tell_readers
from comments.posting import post_comment
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db


def account(name: str) -> User:
    return User.objects.create_user(f"{name}@example.org", "x", display_name=name.title())


def guest(discussion: Discussion, email: str, kind: str = "all") -> Subscription:
    subscription = follow(discussion=discussion, kind=kind, email=email)
    assert subscription
    confirm_subscription(subscription)
    Letter.objects.filter(kind="confirmation").delete()
    return subscription


def told() -> dict[str, str]:
    return dict(Notification.objects.order_by("pk").values_list("address", "kind"))


def mails() -> list[Any]:
    send_due_letters(1000)
    return mail.outbox


def test_each_is_told_once_by_what_concerns_them_most() -> None:
    discussion = DiscussionFactory()
    ada, bob, eve = account("ada"), account("bob"), account("eve")
    root = CommentFactory(discussion=discussion, user=ada, guest_id=None, guest_email="")
    CommentFactory(parent=root, user=bob, guest_id=None, guest_email="")
    for user in (ada, bob, eve):
        follow(discussion=discussion, kind="all", user=user)
    guest(discussion, "Petra@Example.org")
    guest(discussion, "ada@example.org")  # the same person, as a guest
    reply = CommentFactory(
        parent=root, body="Ask @Bob about it.", guest_email="writer@example.org", guest_name="W"
    )
    guest(discussion, "writer@example.org")
    tell_readers(reply)
    expected = {
        "ada@example.org": "reply", "bob@example.org": "mention", "eve@example.org": "new",
        "petra@example.org": "new",
    }  # fmt: skip
    assert told() == expected
    assert sorted(m.to[0] for m in mails()) == sorted(expected)
    tell_readers(reply)
    assert len(mails()) == 4
    assert Notification.objects.count() == 4


def test_follower_of_replies_hears_of_replies_to_theirs_alone() -> None:
    discussion = DiscussionFactory()
    mine = CommentFactory(discussion=discussion, guest_email="Me@example.org")
    guest(discussion, "me@example.org", "replies")
    tell_readers(CommentFactory(discussion=discussion))
    assert told() == {}
    reply = CommentFactory(parent=mine)
    tell_readers(reply)
    assert told() == {"me@example.org": "reply"}
    tell_readers(CommentFactory(parent=reply))
    assert len(told()) == 1
    tell_readers(CommentFactory(parent=mine, guest_email="me@EXAMPLE.org"))  # one's own answer
    assert len(mails()) == 1


def test_guest_who_follows_all_is_told_that_it_is_an_answer() -> None:
    discussion = DiscussionFactory()
    mine = CommentFactory(discussion=discussion, guest_email="me@example.org")
    guest(discussion, "me@example.org", "all")
    tell_readers(CommentFactory(parent=mine, guest_name="Otto"))
    assert told() == {"me@example.org": "reply"}
    [letter] = mails()
    assert letter.subject.startswith("Otto answered you")


def test_answer_to_somebody_without_an_address_is_no_answer_to_others() -> None:
    """An address that was forgotten, or never given, is nobody's: not that of all accounts."""
    discussion = DiscussionFactory()
    nobody = CommentFactory(discussion=discussion, guest_email="")
    follow(discussion=discussion, kind="replies", user=account("ada"))
    tell_readers(CommentFactory(parent=nobody))
    assert told() == {}


def test_guest_whose_address_was_forgotten_is_told_while_they_follow() -> None:
    discussion = DiscussionFactory()
    for email in ("me@example.org", "other@example.org"):
        guest(discussion, email, "replies")
    mine = CommentFactory(
        discussion=discussion, guest_email="", guest_digest=address_digest("Me@example.org")
    )
    tell_readers(CommentFactory(parent=mine))
    assert told() == {"me@example.org": "reply"}


def test_unconfirmed_guests_and_closed_accounts_hear_nothing() -> None:
    discussion = DiscussionFactory()
    follow(discussion=discussion, kind="all", email="nobody@example.org")
    closed = account("closed")
    follow(discussion=discussion, kind="all", user=closed)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    tell_readers(CommentFactory(discussion=discussion))
    assert told() == {}


def test_account_is_told_on_its_page_even_without_following() -> None:
    ada = account("ada")
    root = CommentFactory(user=ada, guest_id=None, guest_email="")
    tell_readers(CommentFactory(parent=root))
    [notification] = Notification.objects.all()
    assert notification.user == ada
    assert notification.letter is None
    assert mails() == []


def test_what_comes_within_the_window_is_gathered_in_one_letter(settings: Any) -> None:
    discussion = DiscussionFactory()
    guest(discussion, "petra@example.org")
    tell_readers(CommentFactory(discussion=discussion, guest_name="First"))
    assert len(mails()) == 1
    for name in ("Second", "Third"):
        tell_readers(CommentFactory(discussion=discussion, guest_name=name, body=f"{name} text"))
    assert len(mails()) == 1  # not due yet
    waiting = Letter.objects.get(sent_at=None)
    first = Letter.objects.exclude(sent_at=None).get()
    window = datetime.timedelta(minutes=settings.NOTIFY_DIGEST_MINUTES)
    assert waiting.due_at == first.sent_at + window  # type: ignore[operator]
    Letter.objects.filter(pk=waiting.pk).update(due_at=timezone.now())
    digest = mails()[1]
    assert "2 new comments" in digest.subject
    assert "Second text" in digest.body
    assert "Third text" in digest.body
    assert "First" not in digest.body


def test_comment_that_was_removed_meanwhile_is_told_to_nobody() -> None:
    discussion = DiscussionFactory()
    guest(discussion, "petra@example.org")
    comment = CommentFactory(discussion=discussion)
    tell_readers(comment)
    remove_comment(comment=comment, by=User.objects.create_superuser("m@example.org", "x"))
    assert mails() == []
    assert not Letter.objects.exists()


def test_approval_and_post_queue_the_telling_in_their_own_transaction() -> None:
    discussion = DiscussionFactory(policy="hold-all")
    post = {"discussion": discussion, "guest_name": "A", "guest_email": "a@example.org"}
    held = post_comment(body="Waits.", **post)
    queued = DBTaskResult.objects.filter(task_path="comments.tasks.tell_readers_of")
    assert not queued.exists()
    approve_comment(comment=held, by=User.objects.create_superuser("m@example.org", "x"))
    assert queued.count() == 1
    Discussion.objects.update(policy="open")
    discussion.refresh_from_db()
    post_comment(body="At once.", **post)
    assert queued.count() == 2
    with pytest.raises(ValidationError):
        post_comment(body="", **post)
    assert queued.count() == 2


def test_guest_is_asked_once_a_subscription_and_a_few_times_a_day() -> None:
    discussions = [DiscussionFactory() for _ in range(7)]
    for discussion in discussions:
        for _ in range(2):
            follow(discussion=discussion, kind="all", email="victim@example.org")
    assert len(mails()) == 5
    assert all("confirm" in m.subject.lower() for m in mails())


def test_confirming_another_kind_takes_the_place_of_the_first() -> None:
    discussion = DiscussionFactory()
    guest(discussion, "petra@example.org", "all")
    follow(discussion=discussion, kind="replies", email="petra@example.org")
    # Whoever typed her address cannot change what she follows.
    assert Subscription.objects.exclude(confirmed_at=None).get().kind == "all"
    confirm_subscription(Subscription.objects.get(kind="replies"))
    assert Subscription.objects.get().kind == "replies"


def test_thousand_followers_cost_a_bounded_number_of_queries(
    django_assert_max_num_queries: Any,
) -> None:
    discussion = DiscussionFactory()
    Subscription.objects.bulk_create(
        Subscription(discussion=discussion, email=f"r{n}@example.org", confirmed_at=timezone.now())
        for n in range(1500)
    )
    comment = Comment.objects.select_related("user").get(
        pk=CommentFactory(discussion=discussion).pk
    )
    with django_assert_max_num_queries(30):
        tell_readers(comment)
    assert Notification.objects.count() == Letter.objects.count() == 1500


@pytest.mark.django_db(transaction=True)
def test_told_by_two_workers_at_once_each_has_one_letter() -> None:
    discussion = DiscussionFactory()
    for n in range(40):
        guest(discussion, f"r{n}@example.org")
    comments = [CommentFactory(discussion=discussion) for _ in range(2)]
    failures: list[BaseException] = []

    def tell(comment: Comment) -> None:
        try:
            tell_readers(comment)
        except BaseException as error:  # noqa: BLE001 (reported below)
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=tell, args=[c]) for c in [*comments, *comments]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Notification.objects.count() == 80
    assert Letter.objects.count() == 40

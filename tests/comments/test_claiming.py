"""Comments written as a guest become the account's whose address is verified, and nobody else's."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import User
from comments.addresses import address_digest
from comments.claiming import claim_comments, claimable_comments
from comments.counts import recount
from comments.models import Comment, CommentStatus, Letter, ModerationEvent, Subscription, Vote
from comments.moderation import reject_comment
from comments.moderation.appeals import may_appeal
from comments.voting import cast_vote, is_own
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/accounts/guest-comments/"


@pytest.fixture
def ada() -> User:
    return UserFactory(email="ada@example.org", display_name="Ada")


def test_comments_under_the_verified_address_are_taken_over_in_one_step(
    client: Client, ada: User
) -> None:
    mine = [
        CommentFactory(guest_email="Ada@Example.org", guest_name="A. L."),
        CommentFactory(guest_email="", guest_digest=address_digest("ada@example.org")),
        CommentFactory(guest_email="ada@example.org", status=CommentStatus.HELD),
    ]
    others = [
        CommentFactory(guest_email="bob@example.org"),
        CommentFactory(guest_email="ada@example.org", status=CommentStatus.DELETED),
        CommentFactory(guest_email="ada@example.org", status=CommentStatus.SPAM),
        CommentFactory(guest_email="ada@example.org", user=UserFactory()),
    ]
    client.force_login(ada)
    page = BeautifulSoup(client.get(ADDRESS).content, "lxml")
    assert {int(box["value"]) for box in page.select("[name=leave]")} == {c.pk for c in mine}
    answer = client.post(ADDRESS, follow=True)
    assert "3 comments are yours." in answer.content.decode()
    assert set(Comment.objects.filter(user=ada)) == set(mine)
    for row in Comment.objects.filter(user=ada):
        assert row.author_name == "Ada"
        assert (row.guest_name, row.guest_email, row.guest_digest, row.guest_id) == (
            "",
            "",
            "",
            None,
        )
        assert is_own(row, user=ada, guest_id=None)
    before = {c.pk: c.user_id for c in others}
    assert dict(Comment.objects.filter(pk__in=before).values_list("pk", "user")) == before
    events = ModerationEvent.objects.filter(action="claimed")
    assert set(events.values_list("comment", flat=True)) == {c.pk for c in mine}
    assert {e.article_id for e in events} == {c.discussion.article_id for c in mine}
    # Once more is nothing more.
    assert claim_comments(user=ada) == 0
    assert events.count() == 3
    page = client.get(mine[0].discussion.article.get_absolute_url()).content.decode()
    assert "A. L." not in page


def test_what_is_not_theirs_can_be_left(client: Client, ada: User) -> None:
    mine, forged = CommentFactory.create_batch(2, guest_email="ada@example.org")
    others = CommentFactory()
    client.force_login(ada)
    leave = [str(forged.pk), "x", "²", "9" * 40, str(others.pk)]
    client.post(ADDRESS, {"leave": leave})
    assert list(Comment.objects.filter(user=ada)) == [mine]


def test_address_that_is_not_verified_claims_nothing(client: Client) -> None:
    impostor = UserFactory(email="ada@example.org", is_verified=False)
    CommentFactory(guest_email="ada@example.org")
    client.force_login(impostor)
    assert not claimable_comments(impostor).exists()
    client.post(ADDRESS)
    assert not Comment.objects.filter(user=impostor).exists()
    assert Client().get(ADDRESS)["Location"].startswith("/accounts/login/")
    assert Client().post(ADDRESS)["Location"].startswith("/accounts/login/")
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(impostor)
    assert guarded.post(ADDRESS).status_code == 403


def test_own_votes_go_and_all_counts_stay_true(ada: User) -> None:
    bob = UserFactory()
    root = CommentFactory(guest_email="ada@example.org")
    reply = CommentFactory(guest_email="ada@example.org", parent=root)
    others = CommentFactory(parent=root)
    for comment, value in ((root, 1), (reply, -1), (others, 1)):
        cast_vote(comment=comment, value=value, user=ada)
        cast_vote(comment=comment, value=1, user=bob)
    claim_comments(user=ada)
    counts = dict(Comment.objects.values_list("pk", "score"))
    assert counts == {root.pk: 1, reply.pk: 1, others.pk: 2}
    assert not Vote.objects.filter(user=ada, comment__user=ada).exists()
    assert Vote.objects.filter(user=ada, comment=others).exists()
    assert set(recount().values()) == {0}


def test_votes_on_what_readers_no_longer_see_go_too(ada: User) -> None:
    comment = CommentFactory(guest_email="ada@example.org")
    cast_vote(comment=comment, value=1, user=ada)
    reject_comment(comment=comment, by=UserFactory(role="Moderator"), reason="rules")
    claim_comments(user=ada)
    comment.refresh_from_db()
    assert (comment.user, comment.upvotes) == (ada, 0)
    assert may_appeal(comment)  # the decision still stands, and may be appealed against


def follow(discussion: Any, email: str = "ada@example.org", **fields: Any) -> Subscription:
    values = {"discussion": discussion, "email": email, "confirmed_at": "2026-01-01T00:00Z"}
    return Subscription.objects.create(**values | fields)


def test_wishes_to_be_told_become_the_accounts(ada: User) -> None:
    comment = CommentFactory(guest_email="ada@example.org")
    first, second, third = comment.discussion, DiscussionFactory(), DiscussionFactory()
    taken = follow(first, email="ADA@example.org")
    to_one = follow(first, kind="replies", comment=comment)
    doubled = follow(second)
    chosen = follow(second, email="", user=ada, kind="replies")
    letter = Letter.objects.create(
        kind="news", discussion=second, subscription=doubled, address="ada@example.org"
    )
    unconfirmed = follow(third, confirmed_at=None)
    other = follow(third, email="bob@example.org")
    claim_comments(user=ada)
    assert set(Subscription.objects.filter(user=ada)) == {taken, to_one, chosen}
    assert not Subscription.objects.filter(user=ada).exclude(email="").exists()
    assert Subscription.objects.get(pk=chosen.pk).kind == "replies"
    letter.refresh_from_db()
    assert letter.subscription == chosen
    assert set(Subscription.objects.filter(user=None)) == {unconfirmed, other}


def test_claiming_costs_the_same_for_many(ada: User, django_assert_num_queries: Any) -> None:
    discussion = DiscussionFactory()
    for number in (1, 20):
        CommentFactory.create_batch(number, discussion=discussion, guest_email="ada@example.org")
        with django_assert_num_queries(11):
            assert claim_comments(user=ada) == number

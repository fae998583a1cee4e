"""Whose comment appears at once, waits or is refused: each policy for each kind of writer."""

import pytest
from django.test import Client

from accounts.models import User
from articles.models import CommentPolicy, Publication
from comments.models import Comment, Discussion
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
GUEST = {"name": "Ada", "email": "ada@example.org"}
# What becomes of a comment by: a new guest, a new account, an account that was approved before.
TABLE = {
    CommentPolicy.OPEN: ("approved", "approved", "approved"),
    CommentPolicy.HOLD_NEW: ("held", "held", "approved"),
    CommentPolicy.HOLD_ALL: ("held", "held", "held"),
    CommentPolicy.ACCOUNTS: (403, "held", "approved"),
    CommentPolicy.CLOSED: (403, 403, 403),
}
WRITERS = ("new guest", "new account", "known account")


def write(discussion: Discussion, writer: str) -> str | int:
    """Return the state of the comment that came of it, or the status of the refusal."""
    client = Client()
    if "account" in writer:
        user: User = UserFactory.create()
        if "known" in writer:
            known = {"user": user, "guest_id": None, "guest_name": "", "guest_email": ""}
            CommentFactory.create_batch(5, **known)
        client.force_login(user)
    address = f"{discussion.article.get_absolute_url()}comments/"
    before = Comment.objects.count()
    answer = client.post(address, {**GUEST, "body": "What I think."})
    if answer.status_code != 303:
        assert Comment.objects.count() == before
        assert "What I think." in answer.content.decode()
        return answer.status_code
    assert answer["Location"] == Comment.objects.latest("pk").get_absolute_url()
    return Comment.objects.latest("pk").status


def test_every_policy_is_in_the_table() -> None:
    assert set(TABLE) == set(CommentPolicy)


@pytest.mark.parametrize("policy", TABLE)
def test_policy_of_the_site_holds_where_the_report_has_none(policy: str) -> None:
    Publication.objects.update_or_create(pk=1, defaults={"comment_policy": policy})
    for writer, expected in zip(WRITERS, TABLE[CommentPolicy(policy)], strict=True):
        assert write(DiscussionFactory(), writer) == expected, writer


@pytest.mark.parametrize("policy", TABLE)
def test_policy_of_the_report_goes_before_the_sites(policy: str) -> None:
    other = CommentPolicy.OPEN if policy != CommentPolicy.OPEN else CommentPolicy.CLOSED
    Publication.objects.update_or_create(pk=1, defaults={"comment_policy": other})
    for writer, expected in zip(WRITERS, TABLE[CommentPolicy(policy)], strict=True):
        assert write(DiscussionFactory(policy=policy), writer) == expected, writer


def test_site_holds_first_comments_unless_told_otherwise() -> None:
    assert Publication.current().comment_policy == CommentPolicy.HOLD_NEW


def test_guests_are_told_before_they_write_that_they_need_an_account() -> None:
    discussion = DiscussionFactory(policy=CommentPolicy.ACCOUNTS)
    address = discussion.article.get_absolute_url()
    for page in (address, f"{address}comments/"):
        html = Client().get(page).content.decode()
        assert "Only readers with an account comment here." in html
        assert "comment-form--accounts" in html
        assert f"/accounts/login/?next={address}%23comments" in html
    Discussion.objects.update(policy=CommentPolicy.OPEN)
    assert "Only readers with an account" not in Client().get(address).content.decode()


def test_held_comment_can_still_be_approved_when_the_discussion_has_closed() -> None:
    comment = CommentFactory(status="held")
    Discussion.objects.update(policy=CommentPolicy.CLOSED)
    moderator = Client()
    moderator.force_login(UserFactory.create(role="Moderator"))
    moderator.post("/admin/moderation/decide/", {"action": "approve", "comment": comment.pk})
    comment.refresh_from_db()
    assert comment.is_approved

"""Decisions, the counts they change, and the admin that moderators use."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import User
from comments.counts import recount
from comments.models import Comment, Discussion
from comments.moderation import approve_comment, reject_comment, remove_comment
from tests.comments.factories import CommentFactory

pytestmark = pytest.mark.django_db


def person(role: str) -> User:
    user = User.objects.create_user(f"{role.lower()}@example.org", "x", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def test_decisions_keep_the_counts() -> None:
    moderator = person("Moderator")
    root = CommentFactory()
    reply = CommentFactory(parent=root, status="held")
    for decide, expected in (
        (approve_comment, (2, 1)),
        (approve_comment, (2, 1)),
        (reject_comment, (1, 0)),
        (remove_comment, (1, 0)),
        (approve_comment, (2, 1)),
    ):
        decide(comment=reply, by=moderator)
        root.refresh_from_db()
        discussion = Discussion.objects.get()
        assert (discussion.comment_count, root.reply_count) == expected
    assert recount() == {"comment_count": 0, "reply_count": 0, "votes": 0}


@pytest.mark.parametrize("role", ["Author", "Editor"])
def test_only_moderators_decide(role: str) -> None:
    comment = CommentFactory(status="held")
    with pytest.raises(PermissionDenied):
        approve_comment(comment=comment, by=person(role))
    comment.refresh_from_db()
    assert comment.status == "held"


def test_recount_mends_what_was_wrong_and_says_so() -> None:
    root = CommentFactory()
    CommentFactory(parent=root)
    Discussion.objects.update(comment_count=99)
    Comment.objects.update(upvotes=7, reply_count=5)
    drift = recount()
    assert drift == {"comment_count": 1, "reply_count": 2, "votes": 2}
    root.refresh_from_db()
    assert (Discussion.objects.get().comment_count, root.reply_count, root.upvotes) == (2, 1, 0)


def test_queue_shows_what_waits_and_approves_it() -> None:
    client = Client()
    client.force_login(person("Moderator"))
    waiting = CommentFactory(status="held", body="<script>alert(1)</script> let me in")
    CommentFactory(body="Already there")
    listing = client.get("/admin/comments/comment/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; let me in" in listing
    assert "<script>alert(1)" not in listing
    assert "Already there" not in listing
    client.post(
        "/admin/comments/comment/",
        {"action": "approve", "_selected_action": [waiting.pk]},
    )
    waiting.refresh_from_db()
    assert waiting.is_approved


def test_moderators_neither_rewrite_nor_erase() -> None:
    client = Client()
    client.force_login(person("Moderator"))
    comment = CommentFactory()
    address = f"/admin/comments/comment/{comment.pk}/"
    assert client.get(f"{address}change/").status_code == 200
    assert client.post(f"{address}change/", {"body": "Other words"}).status_code == 403
    assert client.post(f"{address}delete/", {"post": "yes"}).status_code == 403


def test_editor_sees_the_queue_but_has_no_decisions() -> None:
    client = Client()
    client.force_login(person("Editor"))
    waiting = CommentFactory(status="held")
    client.post("/admin/comments/comment/", {"action": "approve", "_selected_action": [waiting.pk]})
    waiting.refresh_from_db()
    assert waiting.status == "held"

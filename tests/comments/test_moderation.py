"""Decisions, the counts they change, and the admin that moderators use."""

import threading
import uuid
from collections.abc import Callable
from functools import partial
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import sync_roles
from comments.counts import recount
from comments.models import Comment, Discussion
from comments.moderation import approve_comment, pin_comment, reject_comment, remove_comment
from comments.posting import post_comment
from tests.comments.factories import CommentFactory, DiscussionFactory

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
    assert not any(recount().values())


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
    assert {name: n for name, n in drift.items() if n} == {
        "comment_count": 1, "reply_count": 2, "votes": 2
    }  # fmt: skip
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


def test_comment_is_decided_from_its_own_page() -> None:
    client = Client()
    client.force_login(person("Moderator"))
    parent = CommentFactory(body="What was answered.")
    comment = CommentFactory(parent=parent)
    page = BeautifulSoup(
        client.get(f"/admin/comments/comment/{comment.pk}/change/").content, "html.parser"
    )
    assert "What was answered." in page.text
    [button] = page.select("form button[name=action][value=spam]")
    form = button.find_parent("form")
    data = {field["name"]: field["value"] for field in form.select("input")}
    client.post(form["action"], data | {"action": "spam"})
    comment.refresh_from_db()
    parent.refresh_from_db()
    assert (comment.status, parent.reply_count) == ("spam", 0)


def test_editor_sets_how_an_article_is_discussed_in_its_form() -> None:
    client = Client()
    client.force_login(person("Chief"))
    article = DiscussionFactory().article
    page = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    assert 'name="discussion-0-state"' in page
    assert 'name="discussion-0-policy"' in page


@pytest.mark.django_db(transaction=True)
def test_decisions_and_replies_at_once_neither_block_each_other_nor_miscount() -> None:
    sync_roles()
    moderator = person("Moderator")
    root = CommentFactory()
    replies = [CommentFactory(parent=root) for _ in range(4)]
    answered = CommentFactory(parent=root)
    failures: list[BaseException] = []

    def run(action: Callable[[], object]) -> None:
        try:
            for _ in range(5):
                action()
        except BaseException as error:  # noqa: BLE001 (told by the main thread)
            failures.append(error)
        finally:
            connection.close()

    def decide(comment: Comment) -> None:
        reject_comment(comment=comment, by=moderator)
        approve_comment(comment=comment, by=moderator)

    def answer() -> None:
        post_comment(
            discussion=root.discussion,
            body="And I.",
            parent=answered,
            user=moderator,
            key=uuid.uuid4(),
        )

    actions = [*(partial(decide, comment) for comment in (root, *replies)), answer, answer]
    threads = [threading.Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert not any(recount().values())


def test_command_reports_drift() -> None:
    CommentFactory()
    Discussion.objects.update(comment_count=9)
    out = StringIO()
    call_command("recount_comments", stdout=out)
    assert "comment_count: 1 corrected" in out.getvalue()


def test_desk_pins_features_and_closes_threads() -> None:
    moderator = User.objects.create_superuser("chief@example.org", "x")
    root = CommentFactory()
    reply = CommentFactory(parent=root)
    client = Client()
    client.force_login(moderator)
    address = reverse("admin:comments_comment_changelist") + "?status=all"

    def act(action: str, *comments: Comment) -> str:
        data = {"action": action, "_selected_action": [c.pk for c in comments]}
        page = client.post(address, data, follow=True).content.decode()
        root.refresh_from_db()
        return page

    act("pin", root)
    assert root.pinned_at
    act("unpin", root)
    assert not root.pinned_at
    assert "Only a comment that opens a thread can be pinned" in act("pin", reply)
    act("feature", root, reply)
    assert Comment.objects.filter(is_featured=True).count() == 2
    page = Client().get(root.get_absolute_url()).content.decode()
    assert page.count("Editor's pick") == 2
    act("unfeature", root)
    assert not root.is_featured
    act("close_thread", reply)
    assert root.is_closed
    act("reopen_thread", reply)
    assert not root.is_closed


def test_six_pinned_threads_are_one_too_many() -> None:
    moderator = User.objects.create_superuser("chief@example.org", "x")
    roots = [CommentFactory() for _ in range(1)]
    roots += [CommentFactory(discussion=roots[0].discussion) for _ in range(5)]
    for root in roots[:5]:
        pin_comment(comment=root, by=moderator)
    pin_comment(comment=roots[0], by=moderator)  # again: nothing new
    with pytest.raises(ValidationError, match="Unpin one"):
        pin_comment(comment=roots[5], by=moderator)

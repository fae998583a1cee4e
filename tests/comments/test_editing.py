"""Changing and deleting one's own comment: by whom, for how long, and what stays."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import CommentPolicy
from comments.counts import recount
from comments.models import Comment, CommentStatus, CommentVersion, Discussion
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def discussion() -> Discussion:
    return DiscussionFactory(policy=CommentPolicy.OPEN)


@pytest.fixture
def writer() -> Client:
    return Client()


@pytest.fixture
def comment(discussion: Discussion, writer: Client) -> Comment:
    writer.post(
        f"{discussion.article.get_absolute_url()}comments/",
        {"name": "Ada", "email": "ada@example.org", "body": "First words."},
    )
    return Comment.objects.get()


def change(client: Client, comment: Comment, **fields: Any) -> Any:
    return client.post(f"/comments/{comment.pk}/edit/", {"body": "Better words.", **fields})


def test_writer_changes_the_text_and_the_earlier_one_stays_for_moderators(
    comment: Comment, writer: Client
) -> None:
    assert "First words." in writer.get(f"/comments/{comment.pk}/edit/").content.decode()
    answer = change(writer, comment, body="*Better* words.")
    assert (answer.status_code, answer["Location"]) == (303, comment.get_absolute_url())
    comment.refresh_from_db()
    assert comment.body_html == "<p><em>Better</em> words.</p>"
    assert comment.edited_at is not None
    assert [one.body for one in CommentVersion.objects.all()] == ["First words."]
    page = Client().get(comment.get_absolute_url()).content.decode()
    assert "edited</span>" in page
    assert "First words." not in page


def test_same_text_is_no_change(comment: Comment, writer: Client) -> None:
    assert change(writer, comment, body="First words.").status_code == 303
    comment.refresh_from_db()
    assert comment.edited_at is None
    assert not CommentVersion.objects.exists()


@pytest.mark.parametrize("path", ["edit", "delete"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_may(comment: Comment, path: str, method: str) -> None:
    chief = User.objects.create_user("chief@example.org", "x", is_staff=True)
    chief.groups.add(Group.objects.get(name="Chief"))
    for user in (None, User.objects.create_user("r@example.org", "x"), chief):
        client = Client()
        if user:
            client.force_login(user)
        answer = getattr(client, method)(f"/comments/{comment.pk}/{path}/", {"body": "Mine now."})
        assert answer.status_code == 403
        assert "Only its writer can change a comment" in answer.content.decode()
    comment.refresh_from_db()
    assert (comment.body, comment.status) == ("First words.", CommentStatus.APPROVED)
    assert not CommentVersion.objects.exists()


@pytest.mark.parametrize("status", ["held", "spam", "rejected", "deleted"])
def test_what_others_cannot_read_is_not_there_for_them(comment: Comment, status: str) -> None:
    Comment.objects.update(status=status)
    for path in ("edit", "delete"):
        assert Client().get(f"/comments/{comment.pk}/{path}/").status_code == 404
        assert Client().post(f"/comments/{comment.pk}/{path}/").status_code == 404


def test_after_the_minutes_it_stays_and_the_typed_text_comes_back(
    comment: Comment, writer: Client, settings: Any
) -> None:
    settings.COMMENT_EDIT_MINUTES = 5
    Comment.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=6))
    answer = change(writer, comment, body="Too late.")
    assert answer.status_code == 403
    assert "A comment can be changed for 5 minutes. They are over." in answer.content.decode()
    assert "Too late." in answer.content.decode()
    assert writer.post(f"/comments/{comment.pk}/delete/").status_code == 403
    comment.refresh_from_db()
    assert (comment.body, comment.status) == ("First words.", CommentStatus.APPROVED)


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 10_001, "a\x00b"])
def test_unfit_text_is_refused_and_comes_back(comment: Comment, writer: Client, body: str) -> None:
    answer = change(writer, comment, body=body)
    assert answer.status_code == 400
    assert 'class="invalid-feedback"' in answer.content.decode()
    comment.refresh_from_db()
    assert comment.body == "First words."


def test_preview_changes_nothing(comment: Comment, writer: Client) -> None:
    page = change(writer, comment, body="**Bold** words.", preview="1").content.decode()
    assert "<p><strong>Bold</strong> words.</p>" in page
    assert "**Bold** words.</textarea>" in page
    comment.refresh_from_db()
    assert comment.body == "First words."


def test_where_all_are_held_a_changed_comment_waits_again(
    comment: Comment, writer: Client, discussion: Discussion
) -> None:
    Discussion.objects.update(policy=CommentPolicy.HOLD_ALL)
    change(writer, comment, body="Buy my pills.")
    comment.refresh_from_db()
    discussion.refresh_from_db()
    assert comment.status == CommentStatus.HELD
    assert discussion.comment_count == 0
    assert not any(recount().values())
    assert "Awaiting moderation" in writer.get(comment.get_absolute_url()).content.decode()
    assert Client().get(comment.get_absolute_url()).status_code == 404


def test_deleted_comment_leaves_a_place_for_its_replies(
    comment: Comment, writer: Client, discussion: Discussion
) -> None:
    reply = CommentFactory(parent=comment, body="An answer.")
    assert (
        "cannot be brought back" in writer.get(f"/comments/{comment.pk}/delete/").content.decode()
    )
    comment.refresh_from_db()
    assert comment.is_approved
    answer = writer.post(f"/comments/{comment.pk}/delete/")
    assert answer.status_code == 303
    page = Client().get(answer["Location"]).content.decode()
    assert "First words." not in page
    assert "Ada" not in page
    assert "This comment is not here any more." in page
    assert reply.body in page
    assert not any(recount().values())
    # Nothing brings it back.
    assert change(writer, comment).status_code == 403
    assert writer.get(comment.get_absolute_url()).status_code == 200
    discussion.refresh_from_db()
    assert discussion.comment_count == 1


def test_account_changes_its_own_from_any_browser(discussion: Discussion) -> None:
    user = User.objects.create_user("u@example.org", "x")
    comment = CommentFactory(discussion=discussion, user=user, guest_id=None, guest_name="")
    client = Client()
    client.force_login(user)
    assert change(client, comment).status_code == 303
    comment.refresh_from_db()
    assert comment.body == "Better words."


def test_held_comment_can_be_changed_by_its_writer(comment: Comment, writer: Client) -> None:
    Comment.objects.update(status=CommentStatus.HELD)
    page = writer.get(comment.get_absolute_url()).content.decode()
    assert f'href="/comments/{comment.pk}/edit/"' in page
    assert change(writer, comment).status_code == 303
    comment.refresh_from_db()
    assert (comment.body, comment.status) == ("Better words.", CommentStatus.HELD)

"""A closed thread is read like any other, and answered by nobody."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from comments.models import Comment
from comments.posting import post_comment
from comments.reading import discussion_page, surroundings, thread_page
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
GUEST = {"guest_name": "Ann", "guest_email": "ann@example.org"}


@pytest.fixture
def closed() -> Comment:
    return CommentFactory.create(is_closed=True)


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_nobody_answers_at_any_depth(closed: Comment, depth: int) -> None:
    parent = closed
    for _level in range(depth):
        parent = CommentFactory.create(parent=parent)
    before = Comment.objects.count()

    with pytest.raises(PermissionDenied, match="thread is closed"):
        post_comment(discussion=closed.discussion, parent=parent, body="Late", **GUEST)

    assert Comment.objects.count() == before


def test_other_threads_of_the_discussion_stay_open(closed: Comment) -> None:
    other = CommentFactory.create(discussion=closed.discussion)

    assert post_comment(discussion=closed.discussion, parent=other, body="In time", **GUEST).pk
    assert post_comment(discussion=closed.discussion, body="A thread", **GUEST).pk


def test_the_form_comes_back_with_the_reason_and_the_text(client: Client, closed: Comment) -> None:
    address = f"/articles/{closed.discussion.article.slug}/comments/"
    answer = client.post(
        address,
        {"parent": closed.pk, "body": "Too late?", "name": "Ann", "email": "ann@example.org"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 403
    assert "This thread is closed" in answer.text
    assert "Too late?" in answer.text


def test_pages_say_that_it_is_closed_and_offer_no_reply(client: Client, closed: Comment) -> None:
    reply = CommentFactory.create(parent=closed)
    for comment in (closed, reply):
        page = client.get(comment.get_absolute_url()).text
        assert "This thread is closed" in page
        assert "data-reply=" not in page
        assert 'id="reply"' not in page
    article = client.get(closed.discussion.article.get_absolute_url()).text
    assert "data-reply=" not in article


def test_reading_a_closed_thread_asks_no_more_questions(
    closed: Comment, django_assert_num_queries: Any
) -> None:
    discussion = DiscussionFactory.create()
    root = CommentFactory.create(discussion=discussion, is_closed=True)
    for _number in range(3):
        reply = CommentFactory.create(parent=CommentFactory.create(parent=root))
    found = Comment.objects.select_related("root").get(pk=reply.pk)

    lines = [
        *discussion_page(discussion).threads[0].lines,
        *thread_page(root)[0].lines,
        *surroundings(found).ancestors,
    ]

    with django_assert_num_queries(0):
        assert all(line.comment.is_in_closed_thread for line in lines)
    assert len(lines) == 14

"""The personal request: a reader's own part in a discussion, and nobody else's."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from comments.models import Comment
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db


def ask(client: Client, article: int | str) -> Any:
    answer = client.get(f"/personal/?discussion={article}")
    assert "no-store" in answer["Cache-Control"]
    return answer.json()["discussion"]


def test_guest_learns_of_their_votes_and_held_comments_alone() -> None:
    discussion = DiscussionFactory()
    liked = CommentFactory(discussion=discussion)
    CommentFactory(discussion=discussion, status="held", body="Another's secret.")
    client = Client()
    client.post(f"/comments/{liked.pk}/vote/", {"value": "1"})
    client.post(
        f"{discussion.article.get_absolute_url()}comments/",
        {"name": "Ada", "email": "ada@example.org", "body": "My own.", "parent": liked.pk},
    )
    mine = ask(client, discussion.article_id)
    held = Comment.objects.get(guest_name="Ada")
    assert mine["votes"] == {str(liked.pk): 1}
    assert mine["own"] == []
    assert [entry["parent"] for entry in mine["held"]] == [liked.pk]
    assert f'id="comment-{held.pk}"' in mine["held"][0]["html"]
    assert "Awaiting moderation" in mine["held"][0]["html"]
    assert "secret" not in str(mine)
    assert mine["moderation"] is None


def test_stranger_has_no_part() -> None:
    comment = CommentFactory(status="held")
    client = Client()
    nothing = {"votes": {}, "own": [], "held": [], "changeable": [], "banned": ""}
    nothing |= {"following": None, "moderation": None}
    told = ask(client, comment.discussion.article_id)
    assert told.pop("opened")  # the time, which is everybody's
    assert told == nothing


def test_moderator_is_told_where_the_desk_is() -> None:
    user = User.objects.create_user("m@example.org", "x", is_staff=True)
    user.groups.add(Group.objects.get(name="Moderator"))
    own = CommentFactory(user=user, guest_id=None)
    client = Client()
    client.force_login(user)
    mine = ask(client, own.discussion.article_id)
    assert mine["own"] == [own.pk]
    assert mine["moderation"]["address"] == "/admin/comments/comment/0/change/"


@pytest.mark.parametrize("article", ["", "x", "999999", "9" * 30, "-1", "²"])
def test_number_of_no_discussion_is_no_error(article: str) -> None:
    assert ask(Client(), article) is None


def test_article_that_is_not_public_has_no_discussion_to_ask_of() -> None:
    article = ArticleFactory(draft=True)
    DiscussionFactory(article=article)
    assert ask(Client(), article.pk) is None

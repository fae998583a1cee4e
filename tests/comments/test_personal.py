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


def test_asking_costs_few_statements_however_much_there_is(django_assert_num_queries: Any) -> None:
    discussion = DiscussionFactory()
    number = discussion.article_id
    # Each request reads the publication, and then:
    with django_assert_num_queries(1 + 1):  # whether there is a discussion
        assert ask(Client(), number)["opened"]
    client = Client()
    for body in ("One.", "Two.", "Three."):
        client.post(
            f"{discussion.article.get_absolute_url()}comments/",
            {"name": "Ada", "email": "ada@example.org", "body": body},
        )
    # Also what of theirs is published, what waits, votes, bans.
    with django_assert_num_queries(2 + 4):
        assert len(ask(client, number)["held"]) == 3
    Comment.objects.update(status="approved")
    with django_assert_num_queries(2 + 4):
        told = ask(client, number)
    assert (told["held"], len(told["own"]), len(told["changeable"])) == ([], 3, 3)


def test_of_very_many_that_wait_the_latest_are_told_and_may_be_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("comments.personal.MAX_OWN", 2)
    user = User.objects.create_user("a@example.org", "x")
    discussion = DiscussionFactory()
    numbers = [
        CommentFactory(discussion=discussion, user=user, guest_id=None, status="held").pk
        for _ in range(3)
    ]
    client = Client()
    client.force_login(user)
    told = ask(client, discussion.article_id)
    shown = [f'id="comment-{number}"' in told["held"][0]["html"] for number in numbers]
    assert (len(told["held"]), shown) == (2, [False, True, False])
    assert [one["number"] for one in told["changeable"]] == [numbers[2], numbers[1]]


def test_comment_in_shadow_is_changeable_once() -> None:
    user = User.objects.create_user("a@example.org", "x")
    own = CommentFactory(user=user, guest_id=None, status="held", is_shadowed=True)
    client = Client()
    client.force_login(user)
    told = ask(client, own.discussion.article_id)
    assert told["own"] == [own.pk]
    assert [one["number"] for one in told["changeable"]] == [own.pk]

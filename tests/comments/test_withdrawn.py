"""A report that was withdrawn takes its discussion along, and nobody's text with it."""

from typing import Any

import pytest
from django.test import Client

from articles.models import Article
from articles.workflow import withdraw_article
from comments.models import Comment
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
NOTICE = "The source was not who they said."


@pytest.fixture
def comment() -> Comment:
    """A comment on a report that was withdrawn."""
    comment: Comment = CommentFactory(discussion=DiscussionFactory(policy="open"), body="Aha.")
    withdraw_article(article=comment.discussion.article, by=None, notice=NOTICE)
    return comment


def addresses(comment: Comment) -> dict[str, list[str]]:
    report, own = comment.discussion.article.get_absolute_url(), comment.get_absolute_url()
    discussion = f"{report}comments/"
    return {
        "get": [
            report, discussion, f"{discussion}?sort=top", f"{discussion}news/",
            f"{discussion}new/?ids={comment.pk}", f"{discussion}feed/", f"{discussion}feed/atom/",
            f"{discussion}feed/json/", own, *(f"{own}{n}/" for n in ("edit", "vote", "report")),
        ],
        "post": [
            discussion, f"{report}follow/",
            *(f"{own}{n}/" for n in ("edit", "delete", "vote", "report", "appeal")),
        ],
    }  # fmt: skip


def test_every_address_of_the_discussion_is_gone_with_the_notice(comment: Comment) -> None:
    for method, places in addresses(comment).items():
        for place in places:
            data: dict[str, Any] = {"body": "Too late?", "value": "1"} if method == "post" else {}
            answer = getattr(Client(), method)(place, data)
            assert answer.status_code == 410, place
            assert NOTICE in answer.content.decode(), place
            assert "Aha." not in answer.content.decode(), place
            assert not answer.cookies, place
    assert Comment.objects.count() == 1


def test_published_again_all_of_it_is_back(comment: Comment) -> None:
    Article.objects.update(status="published")
    for place in addresses(comment)["get"]:
        # Only its writer may change the comment.
        assert Client().get(place).status_code == (403 if "/edit/" in place else 200), place


@pytest.mark.parametrize("status", ["withdrawn", "draft"])
def test_what_is_sent_to_a_report_that_is_gone_comes_back(status: str) -> None:
    article = ArticleFactory(status=status)
    answer = Client().post(
        f"{article.get_absolute_url()}comments/", {"body": "An hour's <work>.", "name": "A"}
    )
    assert answer.status_code == {"withdrawn": 410, "draft": 404}[status]
    assert "An hour&#x27;s &lt;work&gt;.</textarea>" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_ten_megabytes_for_a_report_that_is_gone_are_no_error() -> None:
    article = ArticleFactory(status="withdrawn")
    answer = Client().post(f"{article.get_absolute_url()}comments/", {"body": "x" * 10_000_000})
    assert 400 <= answer.status_code < 500

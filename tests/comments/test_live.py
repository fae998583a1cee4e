"""What open pages ask for: cheap, the same for everyone, and never what is not public."""

import json

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from comments.models import Comment, CommentStatus, Discussion
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory
from tests.served import Site

pytestmark = pytest.mark.django_db


def address(discussion: Discussion, name: str = "news") -> str:
    return f"{discussion.article.get_absolute_url()}comments/{name}/"


def shown(discussion: Discussion, *comments: Comment) -> list[str]:
    """Return the bodies that are answered when the comments are asked for."""
    ids = ",".join(str(pk) for pk in sorted(comment.pk for comment in comments))
    answer = Client().get(address(discussion, "new"), {"ids": ids})
    assert answer.status_code == 200
    soup = BeautifulSoup(answer.content, "html.parser")
    return [body.get_text(strip=True) for body in soup.select("article.comment .comment-body")]


def test_news_name_the_last_approved_first_with_parent_and_thread() -> None:
    root = CommentFactory()
    reply = CommentFactory(parent=root)
    below = CommentFactory(parent=reply)
    CommentFactory()  # of another article
    answer = Client().get(address(root.discussion)).json()
    assert answer["count"] == 3
    assert [row[:3] for row in answer["newest"]] == [
        [below.pk, reply.pk, root.pk],
        [reply.pk, root.pk, root.pk],
        [root.pk, None, None],
    ]
    times = [row[3] for row in answer["newest"]]
    assert times == sorted(times, reverse=True)
    assert times[-1] == pytest.approx(root.approved_at.timestamp() * 1_000_000, abs=1)


def test_news_cost_the_same_for_one_comment_and_for_many(django_assert_num_queries) -> None:
    small, large = DiscussionFactory(), DiscussionFactory()
    CommentFactory(discussion=small)
    for _ in range(60):
        CommentFactory(discussion=large)
    for discussion, number in ((small, 1), (large, 50)):
        with django_assert_num_queries(3):  # the publication, the discussion, its news
            answer = Client().get(address(discussion))
        assert len(answer.json()["newest"]) == number


def test_news_may_be_kept_by_every_cache_and_are_asked_for_again_by_etag() -> None:
    discussion = CommentFactory().discussion
    first = Site().get(address(discussion))
    assert first["Cache-Control"] == "public, max-age=5, s-maxage=5"
    assert "cookie" not in first.get("Vary").lower()
    assert "set-cookie" not in first.headers
    again = Site().get(address(discussion), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    CommentFactory(discussion=discussion)
    again = Site().get(address(discussion), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert json.loads(again.content)["count"] == 2


@pytest.mark.parametrize("status", [s for s in CommentStatus if s != CommentStatus.APPROVED])
def test_what_is_not_approved_is_neither_news_nor_shown(status: str) -> None:
    seen = CommentFactory()
    unseen = CommentFactory(discussion=seen.discussion, status=status, approved_at=seen.approved_at)
    other = CommentFactory()
    answer = Client().get(address(seen.discussion)).json()
    assert [row[0] for row in answer["newest"]] == [seen.pk]
    assert shown(seen.discussion, seen, unseen, other) == [seen.body]


def test_new_comments_come_oldest_first_and_say_whom_they_answer() -> None:
    root = CommentFactory()
    reply = CommentFactory(parent=root)
    assert shown(root.discussion, reply, root) == [root.body, reply.body]
    html = Client().get(address(root.discussion, "new"), {"ids": str(reply.pk)}).content.decode()
    assert f"in reply to {root.guest_name}" in html


def test_new_comments_cost_the_same_for_one_and_for_many(django_assert_max_num_queries) -> None:
    root = CommentFactory()
    replies = [CommentFactory(parent=root) for _ in range(12)]
    counts = []
    for asked in (replies[:1], replies):
        with django_assert_max_num_queries(6) as captured:
            assert len(shown(root.discussion, *asked)) == len(asked)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_new_comments_are_public() -> None:
    comment = CommentFactory()
    answer = Client().get(address(comment.discussion, "new"), {"ids": str(comment.pk)})
    assert "public" in answer["Cache-Control"]
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize(
    "ids",
    [
        "", "x", "1,", ",", "2,1", "1,1", "01", "-1", "1.0", "٣", " 1", "9" * 19, "9" * 400, "1 2",
        ",".join(map(str, range(1, 52))), "\ud800", "1;2", "%00",
    ],
)  # fmt: skip
def test_garbage_for_numbers_is_refused_with_a_text(ids: str) -> None:
    discussion = CommentFactory().discussion
    text = ids.encode("utf-8", "surrogatepass")
    answer = Client().get(address(discussion, "new"), {"ids": text})
    assert answer.status_code == 400
    assert "ids=1,2,3" in answer.content.decode()


def test_nothing_is_told_of_a_draft_or_where_there_is_no_discussion() -> None:
    draft = DiscussionFactory(article=ArticleFactory(draft=True))
    none = DiscussionFactory(state=Discussion.State.NONE)
    comments = CommentFactory(discussion=draft), CommentFactory(discussion=none)
    for comment in comments:
        for name in ("news", "new"):
            answer = Client().get(address(comment.discussion, name), {"ids": str(comment.pk)})
            assert answer.status_code == 404


def test_article_that_nobody_has_discussed_yet_has_no_news() -> None:
    article = ArticleFactory()
    base = f"{article.get_absolute_url()}comments/"
    assert Client().get(f"{base}news/").json() == {"count": 0, "newest": []}
    assert Client().get(f"{base}new/?ids=1").content.strip() == b""


def test_only_reading_is_allowed() -> None:
    discussion = CommentFactory().discussion
    for name in ("news", "new"):
        assert Client().post(address(discussion, name)).status_code == 405

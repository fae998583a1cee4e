"""Passages in the database: reused, moved with the text, adopted from imports."""

from typing import Any

import pytest
from django.test import Client

from comments.models import Comment, Passage
from comments.passages.following import passages_of
from comments.posting import post_comment
from comments.reading import discussion_of
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
BODY = "<p>Nobody on the quay had <em>asked</em> for it. The night ferry is back at last.</p>"


def quote(discussion: Any, exact: str, **more: Any) -> Comment:
    return post_comment(
        discussion=discussion, body=f"On {exact}", guest_name="A", guest_email="a@example.org",
        quote_exact=exact, **more,
    )  # fmt: skip


def test_same_place_is_one_passage_with_a_count() -> None:
    discussion = DiscussionFactory(article__body=BODY, policy="open")
    first = quote(discussion, "had asked for it")
    again = quote(discussion, "had\nasked  for it", quote_prefix="quay ")
    other = quote(discussion, "night ferry")
    assert first.passage == again.passage != other.passage
    assert Passage.objects.get(pk=first.passage_id).comment_count == 2
    html = Client().get(discussion.article.get_absolute_url()).content.decode()
    assert "2 comments on this passage" in html
    assert '<em><mark class="passage">asked</mark></em>' in html


def test_held_comment_does_not_mark_the_text() -> None:
    discussion = DiscussionFactory(article__body=BODY, policy="hold-all")
    quote(discussion, "night ferry")
    html = Client().get(discussion.article.get_absolute_url()).content.decode()
    assert "<mark" not in html


def test_words_that_are_not_in_the_report_are_kept_and_told() -> None:
    discussion = DiscussionFactory(article__body=BODY, policy="open")
    comment = quote(discussion, "words of somebody else entirely")
    assert comment.passage
    assert comment.passage.is_lost
    html = Client().get(comment.get_absolute_url()).content.decode()
    assert "This passage is no longer in the report." in html


def test_question_is_asked_moved_and_withdrawn_with_the_text() -> None:
    asked = '<p>A <span data-question="Really?">good deal</span> for all.</p>'
    article = ArticleFactory(body=asked)
    [passage] = passages_of(discussion_of(article), article)
    assert (passage.question, passage.exact) == ("Really?", "good deal")
    comment = CommentFactory(discussion=passage.discussion, passage=passage)
    article.body = "<p>Some more.</p>" + asked
    article.__dict__.pop("read_discussion")
    [moved] = passages_of(discussion_of(article), article)
    assert moved.pk == passage.pk
    assert moved.start == passage.start + len("Somemore.")  # type: ignore[operator]
    article.body = "<p>A good deal for all.</p>"
    article.__dict__.pop("read_discussion")
    [left] = passages_of(discussion_of(article), article)
    assert left.question == ""
    comment.refresh_from_db()
    assert comment.passage == left


def test_quotes_from_an_import_become_passages() -> None:
    discussion = DiscussionFactory(article__body=BODY)
    comments = [
        CommentFactory(discussion=discussion, quote_exact="night ferry"),
        CommentFactory(discussion=discussion, quote_exact="night ferry", status="held"),
    ]
    Client().get(discussion.article.get_absolute_url())
    [passage] = Passage.objects.all()
    assert passage.comment_count == 1
    assert not passage.is_lost
    assert set(passage.comments.all()) == set(comments)


@pytest.mark.parametrize("number", ["x", "0", "9" * 30, "-1", "²", "%00"])
def test_passage_that_is_not_there_is_not_found(number: str) -> None:
    article = DiscussionFactory().article
    address = f"{article.get_absolute_url()}comments/?filter=inline&passage={number}"
    assert Client().get(address).status_code in {400, 404}

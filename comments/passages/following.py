"""Passages follow the text: they are looked for anew whenever it has changed."""

import hashlib
import logging

from django.db import DatabaseError, transaction

from articles.html import MAX_QUESTION
from articles.models import Article
from comments.models import Comment, Discussion, Passage
from comments.passages.anchoring import Selector, find
from comments.passages.marking import BodyText, questions_in

logger = logging.getLogger(__name__)
MAX_SHOWN = 200
QUESTION_MARK = "data-question="


def passage_for(
    *, discussion: Discussion, exact: str, prefix: str = "", suffix: str = ""
) -> Passage | None:
    """Return the passage that a comment quotes, None without a quote.

    Words that stand in the report already as a passage are that one; words that are not in it make
    one that is lost from the beginning.
    """
    if not exact.strip():
        return None
    article = discussion.article
    follow_text(discussion, article)
    text = BodyText.of(article.body)
    place = find(text.solid, Selector(exact, prefix, suffix))
    if place is None:
        return Passage.objects.create(
            discussion=discussion, exact=exact, prefix=prefix, suffix=suffix
        )
    present = Passage.objects.filter(discussion=discussion, start=place[0], end=place[1]).first()
    return present or Passage.objects.create(
        discussion=discussion, exact=exact, prefix=prefix, suffix=suffix,
        start=place[0], end=place[1],
    )  # fmt: skip


def passages_of(discussion: Discussion, article: Article) -> list[Passage]:
    """Return the passages to mark in the report: with comments, or a question; by their place.

    After a change of the text they are looked for first.
    """
    if not discussion.may_have_passages and QUESTION_MARK not in article.body:
        return []
    try:
        follow_text(discussion, article)
    except DatabaseError:
        # A database that takes no writes: better no marks than marks at the wrong words.
        logger.warning("The passages of article %s could not be moved.", article.pk)
        return []
    if discussion.pk is None:
        return []
    placed = Passage.objects.filter(discussion=discussion, start__isnull=False)
    found = placed.exclude(comment_count=0, question="").order_by("start", "end", "pk")
    return list(found[:MAX_SHOWN])


def follow_text(discussion: Discussion, article: Article) -> None:
    """Look for all passages anew if the text is another than last time. Raises DatabaseError."""
    digest = hashlib.sha256(article.body.encode()).hexdigest()
    if discussion.anchored_to == digest:
        return
    if discussion.pk is None:
        if QUESTION_MARK not in article.body:
            return
        discussion.pk = Discussion.objects.get_or_create(article=article)[0].pk
    with transaction.atomic():
        row = Discussion.objects.select_for_update(no_key=True).get(pk=discussion.pk)
        if row.anchored_to != digest:
            _move_all(row, article.body)
            Discussion.objects.filter(pk=row.pk).update(anchored_to=digest)
    discussion.anchored_to = digest


def _move_all(discussion: Discussion, body: str) -> None:
    text = BodyText.of(body)
    _adopt_quotes(discussion)
    asked = {one.question[:MAX_QUESTION]: one for one in questions_in(body)}
    for passage in Passage.objects.filter(discussion=discussion):
        one = asked.pop(passage.question, None) if passage.question else None
        place = (one.start, one.end) if one else find(text.solid, _selector(passage))
        if passage.question and one is None:
            passage.question = ""  # the editors ask it no more; what was said stays
        _put(passage, text, place)
    for question, one in asked.items():
        passage = Passage(discussion=discussion, question=question)
        _put(passage, text, (one.start, one.end))


def _adopt_quotes(discussion: Discussion) -> None:
    """Make passages of what comments quote that came from elsewhere."""
    quoting = Comment.objects.filter(discussion=discussion, passage=None).exclude(quote_exact="")
    made: dict[tuple[str, str, str], Passage] = {}
    for comment in quoting.only("quote_exact", "quote_prefix", "quote_suffix", "status"):
        words = (comment.quote_exact, comment.quote_prefix, comment.quote_suffix)
        if words not in made:
            exact, prefix, suffix = words
            made[words] = Passage.objects.create(
                discussion=discussion, exact=exact, prefix=prefix, suffix=suffix
            )
        made[words].comment_count += comment.is_approved
        Comment.objects.filter(pk=comment.pk).update(passage=made[words])
    Passage.objects.bulk_update(made.values(), ["comment_count"])


def _selector(passage: Passage) -> Selector:
    return Selector(passage.exact, passage.prefix, passage.suffix)


def _put(passage: Passage, text: BodyText, place: tuple[int, int] | None) -> None:
    """Set a passage to its place; what it quotes becomes what stands there."""
    passage.start, passage.end = place or (None, None)
    if place:
        selector = text.selector(*place)
        passage.exact, passage.prefix, passage.suffix = (
            selector.exact, selector.prefix, selector.suffix,
        )  # fmt: skip
    passage.save()

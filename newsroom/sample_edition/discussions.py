"""Gives a report its discussion: backdated comments, with the votes they were given."""

import datetime
import random
import re
import uuid
from html import unescape

from accounts.models import User
from articles.models import Article
from comments.markup import render
from comments.models import Comment, Discussion, Vote
from newsroom.sample_edition.manuscripts import Line

NAMESPACE = uuid.UUID("5ec7a0de-0000-4000-8000-000000000874")
LONGEST = datetime.timedelta(days=4)  # what a discussion lasts
CONTEXT = 32  # characters kept before and after a quoted passage
VOTERS = [uuid.uuid5(NAMESPACE, f"voter {number}") for number in range(160)]


def add_discussion(
    article: Article, lines: list[Line], staff: dict[str, User], now: datetime.datetime
) -> None:
    """Open the discussion of a report and fill it. Counts are left to ``recount``.

    staff: who writes by account, by name; all others are guests. Raises ValueError for a quote
    that the report does not contain.
    """
    discussion = Discussion.objects.create(article=article)
    dice = random.Random(article.slug)  # noqa: S311 (times and votes, the same at each load)
    text = plain_text(article.body)
    comments: list[Comment] = []
    above: list[Comment] = []  # what the comment answers, from the thread's opening
    for line, written in zip(lines, _times(lines, article, now, dice), strict=True):
        del above[line.depth :]
        comment = Comment(
            discussion=discussion,
            parent=above[-1] if above else None,
            root=above[0] if above else None,
            depth=line.depth,
            body=line.text,
            body_html=render(line.text),
            status=line.status,
            created_at=written,
            **_writer(line.name, staff),
            **_quote(line.quote, text),
        )
        above.append(comment)
        comments.append(comment)
    for depth in range(max((line.depth for line in lines), default=-1) + 1):
        # Level by level: a reply needs the number of what it answers.
        Comment.objects.bulk_create(c for c in comments if c.depth == depth)
    _vote(comments, lines, dice)


def plain_text(html: str) -> str:
    """Return what a reader sees of a body: the text that quotes are taken from."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def _times(
    lines: list[Line], article: Article, now: datetime.datetime, dice: random.Random
) -> list[datetime.datetime]:
    """Return when each was written: after what it answers, before now, dense at first."""
    published = article.published_at or now
    length = min(now - published, LONGEST)
    openings = sum(line.depth == 0 for line in lines)
    times: list[datetime.datetime] = []
    above: list[datetime.datetime] = []
    number = 0
    for line in lines:
        if line.depth == 0:
            share = ((number + dice.uniform(0.3, 0.9)) / openings) ** 1.7
            written = published + length * (0.02 + 0.9 * share)
            number += 1
        else:
            written = above[line.depth - 1]
            written += (published + length - written) * dice.uniform(0.02, 0.16)
        above[line.depth :] = [written]
        times.append(written)
    return times


def _writer(name: str, staff: dict[str, User]) -> dict[str, User | str | uuid.UUID]:
    if name in staff:
        return {"user": staff[name]}
    reader = uuid.uuid5(NAMESPACE, name)
    return {
        "guest_name": name,
        "guest_email": f"reader-{reader.hex[:8]}@example.org",
        "guest_id": reader,
    }


def _quote(quote: str, text: str) -> dict[str, str]:
    if not quote:
        return {}
    start = text.find(quote)
    if start < 0:
        raise ValueError(f"The report does not say “{quote}”.")
    end = start + len(quote)
    return {
        "quote_exact": quote,
        "quote_prefix": text[max(0, start - CONTEXT) : start],
        "quote_suffix": text[end : end + CONTEXT],
    }


def _vote(comments: list[Comment], lines: list[Line], dice: random.Random) -> None:
    """Cast votes that come to each comment's score; a strong opinion finds some against it."""
    votes = []
    for comment, line in zip(comments, lines, strict=True):
        if line.status != "approved":
            continue
        against = dice.randint(0, 1 + abs(line.votes) // 7) + max(0, -line.votes)
        voters = dice.sample(VOTERS, line.votes + 2 * against)
        votes += [
            Vote(comment=comment, guest_id=voter, value=-1 if place < against else 1)
            for place, voter in enumerate(voters)
        ]
    Vote.objects.bulk_create(votes, batch_size=2000)

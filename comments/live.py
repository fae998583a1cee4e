"""What came into a discussion lately, for readers whose page is open."""

import datetime

from comments.models import Comment, Discussion
from comments.querysets import CommentQuerySet

MOST_NEWS = 50
MAX_NUMBER = 2**63 - 1
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


type News = tuple[int, int | None, int | None, int]


def latest_approval(discussion: Discussion) -> int:
    """Return when the last comment became visible, in microseconds since 1970; 0 for never.

    discussion: as ``reading.discussion_of`` reads it.
    """
    at = discussion.last_approved_at
    return _microseconds(at) if at else 0


def news_of(discussion: Discussion, *, limit: int = MOST_NEWS) -> list[News]:
    """Return the comments that became visible last, the newest first.

    Each with its number, its parent's and its thread's (None for one that opens a thread), and
    when it became visible, in microseconds since 1970.
    """
    rows = Comment.objects.approved().filter(discussion_id=discussion.pk, approved_at__isnull=False)
    rows = rows.order_by("-approved_at").only("parent", "root", "approved_at")
    return [
        (row.pk, row.parent_id, row.root_id, _microseconds(row.approved_at))
        for row in rows[:limit]
        if row.approved_at
    ]


def _microseconds(at: datetime.datetime) -> int:
    return (at - EPOCH) // datetime.timedelta(microseconds=1)


def numbers_in(text: str) -> list[int]:
    """Return the comment numbers that text lists.

    There is one way to write a list (ascending, each once, plain digits, a comma between), so that
    caches keep one answer for it. Raises ValueError for anything else.
    """
    parts = text.split(",", MOST_NEWS)
    if len(parts) > MOST_NEWS:
        raise ValueError(text)
    if not all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts):
        raise ValueError(text)
    numbers = [int(part) for part in parts]
    if numbers != sorted(set(numbers)) or ",".join(map(str, numbers)) != text:
        raise ValueError(text)
    if numbers[-1] > MAX_NUMBER:
        raise ValueError(text)
    return numbers


def comments_numbered(discussion: Discussion, numbers: list[int]) -> CommentQuerySet:
    """Return those of the discussion's approved comments, the oldest first, with all they show."""
    found = Comment.objects.approved().filter(discussion_id=discussion.pk, pk__in=numbers)
    found = found.to_show().select_related("user", "parent__user", "root")
    return found.order_by("created_at", "pk")

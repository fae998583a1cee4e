"""Reading a discussion: a page of threads, a thread, the surroundings of one comment.

Each is a constant number of queries over a bounded number of rows, however large the discussion.
"""

import base64
import binascii
import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from comments.models import Comment, Discussion
from comments.posting import MAX_DEPTH
from comments.tree import arrange

ROOTS_PER_PAGE = 20
REPLIES_PER_ROOT = 20
REPLIES_PER_PAGE = 200
ANCESTORS_SHOWN = 6
# Each thread's first replies by its own index; as ``shown_in`` says, for many threads at once.
FIRST_REPLIES = """
    SELECT reply.id FROM unnest(%s::bigint[]) AS thread(id) CROSS JOIN LATERAL (
        SELECT c.id FROM comments_comment c
        WHERE c.root_id = thread.id AND (c.status = 'approved'
            OR (c.status IN ('deleted', 'rejected', 'spam') AND EXISTS (
                SELECT FROM comments_comment k WHERE k.parent_id = c.id AND k.status = 'approved')))
        ORDER BY c.created_at, c.id LIMIT %s
    ) AS reply
"""
SORTS = ("newest", "oldest", "top")
DEFAULT_SORT = "newest"


@dataclass
class Thread:
    """A thread's opening comment and the replies that are shown, each under its parent."""

    root: Comment
    replies: list[Comment] = field(default_factory=list)

    @property
    def hidden_replies(self) -> int:
        return max(0, self.root.reply_count - sum(reply.is_approved for reply in self.replies))


@dataclass
class DiscussionPage:
    """A page of threads in an order; ``next_cursor`` is empty on the last."""

    threads: list[Thread]
    sort: str
    only_quotes: bool
    next_cursor: str
    is_first: bool


def discussion_page(
    discussion: Discussion, *, sort: str = "", after: str = "", only_quotes: bool = False
) -> DiscussionPage:
    """Return a page of threads. An unknown order is the default, a bad cursor the first page."""
    sort = sort if sort in SORTS else DEFAULT_SORT
    roots = Comment.objects.roots_of(discussion).select_related("user")
    if only_quotes:
        roots = roots.exclude(quote_exact="")
    roots = _ordered(roots, sort)
    position = _position(after, sort)
    if position:
        roots = roots.filter(_beyond(position, sort))
    found = list(roots[: ROOTS_PER_PAGE + 1])
    threads = [Thread(root) for root in found[:ROOTS_PER_PAGE]]
    _add_first_replies(threads)
    return DiscussionPage(
        threads=threads,
        sort=sort,
        only_quotes=only_quotes,
        next_cursor=_cursor(found[ROOTS_PER_PAGE - 1], sort) if len(found) > ROOTS_PER_PAGE else "",
        is_first=position is None,
    )


def _ordered(roots: QuerySet[Comment], sort: str) -> QuerySet[Comment]:
    return {
        "newest": roots.order_by("-created_at", "-pk"),
        "oldest": roots.order_by("created_at", "pk"),
        "top": roots.order_by("-score", "-pk"),
    }[sort]


def _beyond(position: tuple[Any, int], sort: str) -> Q:
    """Return what comes after a position, in the order's own index."""
    value, number = position
    if sort == "oldest":
        return Q(created_at__gt=value) | Q(created_at=value, pk__gt=number)
    name = "score" if sort == "top" else "created_at"
    return Q(**{f"{name}__lt": value}) | Q(**{name: value, "pk__lt": number})


def _cursor(comment: Comment, sort: str) -> str:
    value = str(comment.score) if sort == "top" else comment.created_at.isoformat()
    return base64.urlsafe_b64encode(f"{value}|{comment.pk}".encode()).decode().rstrip("=")


def _position(cursor: str, sort: str) -> tuple[Any, int] | None:
    """Return the value and number a cursor names, or None when it names none."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        value, _bar, number = text.partition("|")
        if not number.isdigit() or len(number) > 18:
            return None
        if sort == "top":
            return (int(value), int(number)) if len(value) < 10 else None
        when = datetime.datetime.fromisoformat(value)
    except (binascii.Error, UnicodeError, ValueError):
        return None
    return (when, int(number)) if when.tzinfo else None


def _add_first_replies(threads: list[Thread]) -> None:
    """Fill in each thread's first replies: one query, bounded for each thread.

    The first by time hold the parents of all among them, so the part shown is whole.
    """
    by_root = {thread.root.pk: thread for thread in threads if thread.root.reply_count}
    if not by_root:
        return
    replies = (
        Comment.objects.filter(pk__in=RawSQL(FIRST_REPLIES, [list(by_root), REPLIES_PER_ROOT]))
        .select_related("user", "parent__user")
        .order_by("created_at", "pk")
    )
    grouped: dict[int, list[Comment]] = {}
    for reply in replies:
        assert reply.root_id is not None
        grouped.setdefault(reply.root_id, []).append(reply)
    for number, rows in grouped.items():
        by_root[number].replies = arrange(rows)


def thread_page(root: Comment, *, after: str = "") -> tuple[Thread, str]:
    """Return a thread with a page of its replies, oldest first, and the next page's cursor."""
    replies = Comment.objects.shown_in(root).select_related("user", "parent__user")
    position = _position(after, "oldest")
    if position:
        replies = replies.filter(_beyond(position, "oldest"))
    found = list(replies[: REPLIES_PER_PAGE + 1])
    shown = found[:REPLIES_PER_PAGE]
    more = len(found) > REPLIES_PER_PAGE
    return Thread(root, arrange(shown)), _cursor(shown[-1], "oldest") if more else ""


@dataclass
class Surroundings:
    """A comment with what it answers and what answers it."""

    ancestors: list[Comment]
    is_cut: bool  # whether ancestors between the first and the nearest are left out
    replies: list[Comment]


def surroundings(comment: Comment) -> Surroundings:
    """Return a reply's ancestors (the thread's opening and the nearest) and its first replies."""
    numbers = [
        row.pk
        for row in Comment.objects.raw(
            """
            WITH RECURSIVE above AS (
                SELECT id, parent_id, 0 AS distance FROM comments_comment WHERE id = %s
                UNION ALL
                SELECT c.id, c.parent_id, a.distance + 1
                FROM comments_comment c JOIN above a ON c.id = a.parent_id
                WHERE a.distance < %s
            )
            SELECT id FROM above WHERE distance > 0 ORDER BY distance DESC
            """,
            [comment.pk, MAX_DEPTH],
        )
    ]
    is_cut = len(numbers) > ANCESTORS_SHOWN + 1
    wanted = [numbers[0], *numbers[-ANCESTORS_SHOWN:]] if is_cut else numbers
    rows = Comment.objects.filter(pk__in=wanted).select_related("user", "parent__user")
    below = Comment.objects.raw(
        """
        WITH RECURSIVE below AS (
            SELECT id, depth FROM comments_comment WHERE parent_id = %s
            UNION ALL
            SELECT c.id, c.depth FROM comments_comment c JOIN below b ON c.parent_id = b.id
            WHERE b.depth < %s
        )
        SELECT id FROM below LIMIT %s
        """,
        [comment.pk, comment.depth + 5, REPLIES_PER_ROOT],
    )
    replies = (
        Comment.objects.approved()
        .filter(pk__in=[row.pk for row in below])
        .select_related("user", "parent__user")
        .order_by("created_at", "pk")
    )
    return Surroundings(sorted(rows, key=lambda c: c.depth), is_cut, arrange(replies))

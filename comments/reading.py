"""Reading a discussion: a page of threads, one thread, the surroundings of one comment.

Each is a constant number of queries over a bounded number of rows, however large the discussion:
first the numbers of what might be shown (a skeleton), then, once ``tree`` has chosen, its text.
"""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connections, router
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from comments import tree
from comments.keyset import DEFAULT_ORDER, OLDEST, ORDERS, Cursor
from comments.models import MAX_INDENT, Comment, Discussion, Passage
from comments.roots import FILTERS, ROOTS_PER_PAGE, root_page
from pagecache import shows

REPLIES_PER_ROOT = 20
# With the text of this many replies chosen, the threads of a crowded page show fewer each.
REPLIES_PER_DISCUSSION_PAGE = 200
SKELETON_PER_ROOT = 100
REPLIES_PER_THREAD_PAGE = 100
ANCESTORS_SHOWN = 6

# What may show in a thread: what is approved, and what has replies and so leaves a placeholder.
MAY_SHOW = """(c.status = 'approved'
    OR EXISTS (SELECT FROM comments_comment k WHERE k.parent_id = c.id))"""
FIRST_REPLIES = f"""
    SELECT reply.root_id, reply.id, reply.parent_id, reply.status = 'approved'
    FROM unnest(%s::bigint[]) AS thread(id) CROSS JOIN LATERAL (
        SELECT c.* FROM comments_comment c WHERE c.root_id = thread.id AND {MAY_SHOW}
        ORDER BY c.created_at, c.id LIMIT %s
    ) AS reply
"""  # noqa: S608 (joins our own words only)
ABOVE = """
    WITH RECURSIVE above AS (
        SELECT id, parent_id, 0 AS distance FROM comments_comment WHERE id = %s
        UNION ALL
        SELECT c.id, c.parent_id, a.distance + 1
        FROM comments_comment c JOIN above a ON c.id = a.parent_id WHERE a.distance < %s
    )
    SELECT id FROM above WHERE distance > 0 ORDER BY distance DESC
"""
# Level by level, so that the parents of all within the limit are within it.
BELOW = f"""
    WITH RECURSIVE below AS (
        SELECT c.id, c.parent_id, c.status, c.created_at FROM comments_comment c
        WHERE c.parent_id = %s AND {MAY_SHOW}
        UNION ALL
        SELECT c.id, c.parent_id, c.status, c.created_at
        FROM comments_comment c JOIN below b ON c.parent_id = b.id WHERE {MAY_SHOW}
    ), first AS (SELECT * FROM below LIMIT %s)
    SELECT id, parent_id, status = 'approved' FROM first ORDER BY created_at, id
"""  # noqa: S608 (joins our own words only)


@dataclass
class Line:
    """What is drawn in one place: a comment; or, with ``more``, how many replies to it are not."""

    comment: Comment
    more: int = 0

    @property
    def indent(self) -> int:
        """How far it is moved in: at most five levels."""
        return min(self.comment.depth + bool(self.more), MAX_INDENT)


@dataclass
class Thread:
    """A thread's opening comment, and its replies each under its parent."""

    root: Comment
    lines: list[Line] = field(default_factory=list)

    @property
    def replies(self) -> list[Comment]:
        return [line.comment for line in self.lines if not line.more]

    @property
    def hidden_replies(self) -> int:
        """How many replies are left out, on top of those that a note among the lines tells of."""
        told = sum(line.more or line.comment.is_approved for line in self.lines)
        return max(0, self.root.reply_count - told)


@dataclass
class DiscussionPage:
    """A page of threads in an order; ``next_cursor`` is empty on the last."""

    threads: list[Thread]
    sort: str
    only: str
    next_cursor: str
    is_first: bool
    passage: Passage | None = None

    @property
    def orders(self) -> list[tuple[str, str]]:
        """Name and label of each order there is."""
        return [(order.name, str(order.label)) for order in ORDERS.values()]

    @property
    def filters(self) -> list[tuple[str, str]]:
        """Name and label of each choice among the comments there is."""
        return [(name, str(label)) for name, label in FILTERS.items()]

    @property
    def is_sorted(self) -> bool:
        """Whether its order can be chosen: editor's picks have their own."""
        return self.only != "featured"

    @property
    def is_plain(self) -> bool:
        """Whether it is what the bare address shows, which alone search engines are to find."""
        return self.is_first and not self.only and self.sort == DEFAULT_ORDER

    @property
    def filter_kept(self) -> SafeString:
        """What keeps the filter in an address that names another order; of all passages."""
        return mark_safe("&amp;filter=inline" if self.only == "inline" else "")


def discussion_of(article: Article) -> Discussion:
    """Return the article's discussion; an unsaved one where nobody has begun it.

    Read once for an article, whose page asks for it twice, with what spares further queries.
    """
    known: Discussion | None = article.__dict__.get("read_discussion")
    if known is not None:
        return known
    row = _with_what_spares_queries().filter(article=article).first()
    shows(f"article:{article.pk}")
    if row is not None:
        shows(f"discussion:{row.pk}")
    found = row or Discussion(article=article)
    found.article = article
    found.may_have_pinned = row is not None and row.is_pinned_there
    found.may_have_passages = row is not None and row.is_quoted_there
    found.last_approved_at = row.last_approval if row is not None else None
    article.__dict__["read_discussion"] = found
    return found


@cache
def _with_what_spares_queries() -> QuerySet[Any]:
    """Return all discussions with what tells which further queries would find nothing.

    Put together once, which takes longer than to ask the database.
    """
    comments = Comment.objects.filter(discussion=OuterRef("pk"))
    loose_quotes = comments.filter(passage=None, parent=None).exclude(quote_exact="")
    newest = comments.approved().filter(approved_at__isnull=False).order_by("-approved_at")
    return Discussion.objects.annotate(
        is_pinned_there=Exists(comments.filter(pinned_at__isnull=False)),
        is_quoted_there=Exists(Passage.objects.filter(discussion=OuterRef("pk")))
        | Exists(loose_quotes),
        last_approval=Subquery(newest.values("approved_at")[:1]),
    )


def discussion_page(
    discussion: Discussion,
    *,
    sort: str = "",
    after: str = "",
    only: str = "",
    passage: Passage | None = None,
) -> DiscussionPage:
    """Return a page of threads. An unknown order is the default, a bad cursor the first page.

    only: ``inline`` (on a passage, or on the one given), ``featured`` (editor's picks), or whatever
    else for all.
    """
    order = ORDERS.get(sort, ORDERS[DEFAULT_ORDER])
    only = only if only in FILTERS else ""
    page = root_page(discussion, order, after=after, only=only, passage=passage)
    threads = [Thread(root) for root in page.roots]
    for root in page.roots:
        root.is_orphan = root.parent_id is not None
    _add_first_replies(threads)
    return DiscussionPage(
        threads, order.name, only, page.next_cursor, page.is_first, passage
    )  # fmt: skip


def thread_page(root: Comment, *, after: str = "") -> tuple[Thread, str]:
    """Return a thread with a page of its replies, oldest first, and the next page's cursor.

    A cursor that is none is the first page.
    """
    replies = OLDEST.sorted(Comment.objects.shown_in(root).to_show())
    with contextlib.suppress(ValueError):
        replies = OLDEST.after(replies, OLDEST.read(after)) if after else replies
    found = list(replies[: REPLIES_PER_THREAD_PAGE + 1])
    shown = found[:REPLIES_PER_THREAD_PAGE]
    nodes = [tree.Node(c.pk, c.parent_id, c.is_approved) for c in shown]
    lines = _lines(tree.outline(nodes, len(nodes)), shown, [root])
    if len(found) <= REPLIES_PER_THREAD_PAGE:
        return Thread(root, lines), ""
    return Thread(root, lines), str(Cursor(*OLDEST.key_of(shown[-1])))


@dataclass
class Surroundings:
    """A comment with what it answers and what answers it."""

    ancestors: list[Line]
    is_cut: bool  # whether ancestors between the first and the nearest are left out
    lines: list[Line]


def surroundings(comment: Comment) -> Surroundings:
    """Return a reply's ancestors (the thread's opening and the nearest) and its first replies."""
    numbers = [number for (number,) in _rows(ABOVE, [comment.pk, ANCESTORS_SHOWN])]
    if comment.root_id is not None and comment.root_id not in numbers:
        numbers.insert(0, comment.root_id)
    is_cut = comment.depth > ANCESTORS_SHOWN + 1
    below = [tree.Node(*row) for row in _rows(BELOW, [comment.pk, REPLIES_PER_THREAD_PAGE])]
    outline = tree.outline(below, REPLIES_PER_THREAD_PAGE)
    wanted = [*numbers, *(line.pk for line in outline if not line.more)]
    rows = list(Comment.objects.filter(pk__in=wanted).to_show())
    ancestors = _lines([tree.Line(number) for number in numbers], rows, [])
    return Surroundings(ancestors, is_cut, _lines(outline, rows, [comment]))


def _add_first_replies(threads: list[Thread]) -> None:
    """Fill in each thread's first replies: two queries, bounded for each thread and in all."""
    by_root = {thread.root.pk: thread for thread in threads}
    skeleton: dict[int, list[tree.Node]] = {}
    for root, *row in _rows(FIRST_REPLIES, [list(by_root), SKELETON_PER_ROOT]):
        skeleton.setdefault(root, []).append(tree.Node(*row))
    is_crowded = (
        sum(min(len(nodes), REPLIES_PER_ROOT) for nodes in skeleton.values())
        > REPLIES_PER_DISCUSSION_PAGE
    )
    budget = REPLIES_PER_DISCUSSION_PAGE // ROOTS_PER_PAGE if is_crowded else REPLIES_PER_ROOT
    outlines = {root: tree.outline(nodes, budget) for root, nodes in skeleton.items()}
    wanted = [line.pk for outline in outlines.values() for line in outline if not line.more]
    rows = list(Comment.objects.filter(pk__in=wanted).to_show())
    for root, outline in outlines.items():
        by_root[root].lines = _lines(outline, rows, [by_root[root].root])


def _lines(
    outline: Iterable[tree.Line], comments: list[Comment], above: list[Comment]
) -> list[Line]:
    """Return the outline with its comments, each knowing its parent and so whom it answers.

    Only a comment whose parent is on the page neither in comments nor in above is an orphan: its
    parent is read, in one query for all of them.
    """
    known = {comment.pk: comment for comment in (*above, *comments)}
    lines = [Line(known[line.pk], line.more) for line in outline if line.pk in known]
    orphans = [
        line.comment
        for line in lines
        if line.comment.parent_id is not None and line.comment.parent_id not in known
    ]
    missing = {c.parent_id for c in orphans}
    parents = Comment.objects.to_show().in_bulk(missing) if missing else {}
    for comment in orphans:
        comment.is_orphan = True
    # Whether a reply can be answered is known by its thread's opening comment.
    roots = known | {comment.root_id: comment.root for comment in above if comment.root}
    for line in lines:
        if root := roots.get(line.comment.root_id):
            line.comment.root = root
        number = line.comment.parent_id
        if number is not None and (parent := known.get(number) or parents.get(number)):
            line.comment.parent = parent
    return lines


def _rows(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connections[router.db_for_read(Comment)].cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

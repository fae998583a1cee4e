"""Which threads stand on a page of a discussion, in which order, and where the next page begins."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from comments.keyset import MAX_PINNED, ORDERS, Cursor, Order
from comments.models import Comment, Discussion, Passage, PastRank
from comments.querysets import CommentQuerySet
from comments.ranking import CurrentSnapshot, Ranking

ROOTS_PER_PAGE = 20
FILTERS = {"inline": _("Inline feedback"), "featured": _("Editor's picks")}


@dataclass
class RootPage:
    """The comments that open the threads of a page, what is pinned first."""

    roots: list[Comment]
    next_cursor: str
    is_first: bool


def root_page(
    discussion: Discussion, order: Order, *, after: str, only: str, passage: Passage | None = None
) -> RootPage:
    """Return a page of a discussion's threads. A cursor that is none is the first page.

    only: one of ``FILTERS``, or nothing for all. Editor's picks show alone, replies among them, and
    newest first whatever the order. passage: with ``inline``, those on it alone.
    """
    if only == "featured":
        order = ORDERS["newest"]
    comments = _chosen(discussion, only)
    if passage is not None:
        comments = comments.filter(passage=passage)
    cursor = None
    if after:
        try:
            cursor = order.read(after)
        except ValueError:
            cursor = None
    if cursor is None:
        return _first(comments, order, has_pinned=discussion.may_have_pinned and not only)
    ranking = cursor.ranking if cursor.ranking and cursor.ranking.is_kept else None
    rest = order.after(comments, cursor).exclude(pk__in=cursor.pinned)
    if ranking is None:
        found = list(order.sorted(rest)[: ROOTS_PER_PAGE + 1])
    else:
        unmoved = order.sorted(rest.filter(ranking.saw("ranked_by")))[: ROOTS_PER_PAGE + 1]
        found = [*unmoved, *_moved(discussion, comments, order, cursor, ranking)]
        found.sort(key=order.key_of, reverse=order.is_descending)
    return _page(found, order, cursor.pinned, ranking, is_first=False)


def _chosen(discussion: Discussion, only: str) -> CommentQuerySet:
    if only == "featured":
        picked = Comment.objects.approved().filter(discussion=discussion.pk, is_featured=True)
        return picked.to_show().select_related("parent__user")
    roots = Comment.objects.roots_of(discussion).to_show()
    return roots.exclude(quote_exact="") if only == "inline" else roots


def _first(comments: CommentQuerySet, order: Order, *, has_pinned: bool) -> RootPage:
    pinned = list(comments.pinned()[:MAX_PINNED]) if has_pinned else []
    numbers = tuple(comment.pk for comment in pinned)
    rest = order.sorted(comments.exclude(pk__in=numbers)) if numbers else order.sorted(comments)
    if order.is_ranking:
        rest = rest.annotate(snapshot=CurrentSnapshot())
    found = list(rest[: ROOTS_PER_PAGE + 1])
    ranking = Ranking.of_snapshot(found[0].snapshot) if order.is_ranking and found else None  # type: ignore[attr-defined]
    page = _page(found, order, numbers, ranking, is_first=True)
    page.roots[:0] = pinned
    return page


def _moved(
    discussion: Discussion,
    comments: CommentQuerySet,
    order: Order,
    cursor: Cursor,
    ranking: Ranking,
) -> list[Comment]:
    """Return the threads that were moved since the ranking was taken, by their place in it."""
    rows = PastRank.objects.filter(
        ranking.saw("valid_from"), ~ranking.saw("valid_until"), discussion=discussion,
        valid_until__gte=ranking.since,  # adds nothing but what the index can walk
    )  # fmt: skip
    rows = order.sorted(order.after(rows, cursor, "comment_id"), "comment_id")
    wanted = rows.exclude(comment__in=cursor.pinned).filter(
        Exists(comments.order_by().filter(pk=OuterRef("comment_id")))
    )
    values = dict(wanted.values_list("comment_id", order.field)[: ROOTS_PER_PAGE + 1])
    moved = list(Comment.objects.filter(pk__in=values).to_show())
    for comment in moved:
        comment.ranked_value = {order.field: values[comment.pk]}
    return moved


def _page(
    found: list[Comment],
    order: Order,
    pinned: tuple[int, ...],
    ranking: Ranking | None,
    *,
    is_first: bool,
) -> RootPage:
    shown = found[:ROOTS_PER_PAGE]
    cursor = ""
    if len(found) > ROOTS_PER_PAGE:
        cursor = str(Cursor(*order.key_of(shown[-1]), pinned, ranking))
    return RootPage(shown, cursor, is_first)

"""Discussions as plain values, to be written out and read back."""

from collections.abc import Callable, Iterator
from typing import Any

from articles.export.kinds import Facts, Kind
from comments.models import (
    Comment,
    CommentStatus,
    CommentVersion,
    Discussion,
    Passage,
    Subscription,
)  # fmt: skip

BATCH = 1_000
DISCUSSION = Kind("discussion", Discussion, ("state", "policy", "closes_after"))
COMMENT = Kind(
    "comment", Comment,
    (
        "guest_name", "guest_email", "body", "quote_exact", "quote_prefix", "quote_suffix",
        "status", "created_at", "approved_at", "edited_at", "pinned_at", "is_featured",
        "is_closed", "upvotes", "downvotes",
    ),
    {"discussion": "discussion", "parent": "comment"}, ("user",),
)  # fmt: skip
SUBSCRIPTION = Kind(
    "subscription", Subscription, ("email", "kind", "confirmed_at", "created_at"),
    {"discussion": "discussion", "comment": "comment"}, ("user",),
)  # fmt: skip
PASSAGE = Kind("passage", Passage, ("exact", "prefix", "suffix", "question"))
VERSION = Kind("version", CommentVersion, ("body", "replaced_at"))

# How WordPress calls the states.
_APPROVED = {
    CommentStatus.APPROVED: "1", CommentStatus.HELD: "0", CommentStatus.SPAM: "spam",
    CommentStatus.REJECTED: "trash", CommentStatus.DELETED: "trash",
}  # fmt: skip


def discussion_facts(article_id: int) -> Facts | None:
    """Return an article's discussion, None without one."""
    row = Discussion.objects.filter(article_id=article_id).first()
    return None if row is None else DISCUSSION.facts_of(row, str)


def comment_facts(
    discussion_id: int, *, user: Callable[[Any], str], with_emails: bool
) -> Iterator[tuple[Facts, dict[str, str]]]:
    """Yield a discussion's comments with the words WordPress has for them, parents first.

    user: returns what may be told of an account. with_emails: whether guests' addresses are told.
    """
    rows = Comment.objects.filter(discussion_id=discussion_id).select_related("user", "passage")
    rows = rows.prefetch_related("versions").order_by("depth", "pk")
    for row in rows.iterator(chunk_size=BATCH):
        facts = COMMENT.facts_of(row, user)
        if row.passage is not None:  # the words it speaks about by now, after edits of the report
            facts["passage"] = PASSAGE.facts_of(row.passage, user)
        facts["versions"] = [VERSION.facts_of(one, user) for one in row.versions.all()]
        if not with_emails:
            facts["guest_email"] = ""
        if row.user is not None:  # accounts are not written out, so their names are
            facts["guest_name"] = row.author_name
        yield (
            facts,
            {
                "wp:comment_id": str(row.pk),
                "wp:comment_author": row.author_name,
                "wp:comment_author_email": facts["guest_email"] or facts["user"],
                "wp:comment_date": f"{row.created_at:%Y-%m-%d %H:%M:%S}",
                "wp:comment_date_gmt": f"{row.created_at:%Y-%m-%d %H:%M:%S}",
                "wp:comment_content": row.body_html,
                "wp:comment_approved": _APPROVED[CommentStatus(row.status)],
                "wp:comment_type": "comment",
                "wp:comment_parent": str(row.parent_id or 0),
                "wp:comment_user_id": "0",
            },
        )


def plugin_meta(facts: Facts) -> dict[str, str]:
    """Return votes and closing as the plugin wpDiscuz keeps them."""
    up, down = facts["upvotes"], facts["downvotes"]
    meta = {}
    if up or down:
        meta["wpdiscuz_votes"] = str(up - down)
        meta["wpdiscuz_votes_seperate"] = f'a:2:{{s:4:"like";i:{up};s:7:"dislike";i:{down};}}'
    if facts["is_closed"]:
        meta["wpdiscuz_closed"] = "1"
    return meta


def subscription_facts(discussion_id: int, *, user: Callable[[Any], str]) -> list[Facts]:
    """Return who wants to be told of a discussion; each is an address, so it needs leave."""
    rows = Subscription.objects.filter(discussion_id=discussion_id).select_related("user")
    return [SUBSCRIPTION.facts_of(row, user) for row in rows.order_by("pk")]

"""Discussions of a site like this one, read back from its export field by field."""

from django.core.exceptions import ValidationError

from articles.export.kinds import Facts
from articles.wordpress.own import Accounts, facts_in
from articles.wordpress.report import Report
from articles.wordpress.wxr import Item, WxrComment
from comments.export import COMMENT, DISCUSSION, PASSAGE, SUBSCRIPTION, VERSION
from comments.markup import render
from comments.models import Comment, CommentVersion, Discussion, Passage, Subscription

META = "_newsroom_comment"
_UNREADABLE = "Facts of our own that cannot be read"


def discussion_in(item: Item, report: Report) -> Facts:
    """Return the values of an item's discussion, none when it is not told."""
    facts = facts_in(item.meta.get("_newsroom_discussion", "{}"))
    try:
        return DISCUSSION.values_of(facts or {})
    except ValidationError as error:
        report.note(_UNREADABLE, f"discussion of {item.label}: {error.messages[0]}"[:200])
        return {}


def fill_comment(comment: Comment, source: WxrComment, accounts: Accounts, report: Report) -> None:
    """Give a comment, which knows its place already, what its export says of it."""
    facts = facts_in(source.meta[META]) or {}
    try:
        values = COMMENT.values_of(facts)
        comment.passage = _passage_in(facts, comment.discussion)
    except ValidationError as error:
        report.note(_UNREADABLE, f"comment {source['id']}: {error.messages[0]}"[:200])
        return
    for name, value in values.items():
        setattr(comment, name, value)
    comment.body_html = render(comment.body)
    if comment.parent is not None:
        comment.is_closed, comment.pinned_at = False, None
    comment.user_id = accounts(facts.get("user"))
    if comment.user_id is not None:
        comment.guest_name = comment.guest_email = ""
    elif not comment.guest_email and isinstance(facts.get("user"), str):
        comment.guest_email = facts["user"][:254]
    # The votes come without their voters.
    comment.imported_upvotes, comment.imported_downvotes = comment.upvotes, comment.downvotes


def _passage_in(facts: Facts, discussion: Discussion) -> Passage | None:
    """Return what a comment speaks about; its place is found when the report is next read.

    Raises ValidationError.
    """
    told = facts.get("passage")
    if not isinstance(told, dict):
        return None
    words = PASSAGE.values_of(told)
    return Passage.objects.get_or_create(discussion=discussion, **words)[0] if words else None


def versions_in(source: WxrComment, comment: Comment, report: Report) -> list[CommentVersion]:
    """Return the earlier texts of a comment, not saved."""
    if META not in source.meta:
        return []
    rows = (facts_in(source.meta[META]) or {}).get("versions")
    found = []
    for one in rows if isinstance(rows, list) else []:
        try:
            values = VERSION.values_of(one if isinstance(one, dict) else {})
        except ValidationError as error:
            report.note(_UNREADABLE, f"comment {source['id']}: {error.messages[0]}"[:200])
            continue
        found.append(CommentVersion(comment=comment, **values))
    return found


def subscriptions_in(
    item: Item,
    discussion: Discussion,
    by_number: dict[str, Comment],
    accounts: Accounts,
    report: Report,
) -> list[Subscription]:
    """Return the subscriptions of an item, not saved. by_number: its comments by their numbers."""
    facts = facts_in(f'{{"rows":{item.meta.get("_newsroom_subscriptions", "[]")}}}') or {}
    rows = facts.get("rows")
    found = []
    for one in rows if isinstance(rows, list) else []:
        if not isinstance(one, dict):
            continue
        try:
            row = Subscription(discussion=discussion, **SUBSCRIPTION.values_of(one))
        except ValidationError as error:
            report.note(_UNREADABLE, f"subscription: {error.messages[0]}"[:200])
            continue
        if one.get("comment") is not None:
            row.comment = by_number.get(str(one["comment"]))
        row.user_id = accounts(one.get("user"))
        if row.user_id is not None:
            row.email = ""
        elif not row.email and isinstance(one.get("user"), str):
            row.email = one["user"][:254]
        if not row.email and row.user_id is None:
            report.skip("subscription", "of nobody")
            continue
        found.append(row)
    return found

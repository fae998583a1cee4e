"""The discussion of an export: its comments, their threading, states, dates and writers."""

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from articles.wordpress.records import Records, fitted
from articles.wordpress.report import Report
from articles.wordpress.values import moment, plain_text, shortened
from articles.wordpress.wxr import Item, WxrComment
from comments.markup import render
from comments.models import Comment, CommentStatus, Discussion
from comments.posting import MAX_DEPTH
from comments.wordpress_plugins import extras_of, import_subscriptions, passages_of
from comments.wordpress_text import markdown_of

STATES = {
    "1": CommentStatus.APPROVED, "approve": CommentStatus.APPROVED, "0": CommentStatus.HELD,
    "hold": CommentStatus.HELD, "spam": CommentStatus.SPAM, "trash": CommentStatus.DELETED,
    "post-trashed": CommentStatus.DELETED,
}  # fmt: skip
# Notes that shops and mail plugins keep among the comments; no reader ever saw them.
INTERNAL = {"order_note", "action_log", "webhook_delivery", "feedback"}
NAME_LENGTH = 80
BODY_LENGTH = 100_000
_CUT = "Values too long for their field, cut"


def import_comments(article: Article, item: Item, records: Records, report: Report) -> None:
    """Save the comments of an item under its article; those that are there stay as they are.

    Parents come before their replies, in whatever order the file has them. A reply to a comment
    that the file does not have, or to itself, begins a thread.
    """
    discussion, _is_new = Discussion.objects.get_or_create(
        article=article, defaults={"state": _state(item)}
    )
    wanted = _wanted(item, report)
    keys = {number: _key(item, comment) for number, comment in wanted.items()}
    known = records.comments(list(keys.values()))
    present = Comment.objects.in_bulk(
        [known[fitted(key)] for key in keys.values() if fitted(key) in known]
    )
    saved: dict[str, Comment] = {}
    passages = passages_of(item)
    new: dict[str, int] = {}
    for level in _levels(wanted, report):
        fresh: list[tuple[str, Comment]] = []
        for number in level:
            pk = known.get(fitted(keys[number]))
            if pk is not None:
                if pk in present:
                    saved[number] = present[pk]
                    report.present["comments"] += 1
                else:
                    report.skip("comment", "was removed here since the last import")
                continue
            parent = saved.get(wanted[number]["parent"].strip())
            comment = _comment(wanted[number], discussion, parent, article, report)
            _add_extras(comment, wanted[number], passages, report)
            fresh.append((number, comment))
        Comment.objects.bulk_create([comment for _number, comment in fresh])
        for number, comment in fresh:
            saved[number] = comment
            new[keys[number]] = comment.pk
            report.imported["comments"] += 1
    records.remember_comments(new)
    import_subscriptions(
        discussion, item, [(wanted[number], comment) for number, comment in saved.items()], report
    )


def _state(item: Item) -> str:
    is_open = item["wp:comment_status"].strip() == "open"
    return Discussion.State.OPEN if is_open else Discussion.State.CLOSED


def _wanted(item: Item, report: Report) -> dict[str, WxrComment]:
    """Return an item's comments by number, without those that are none."""
    wanted: dict[str, WxrComment] = {}
    for position, comment in enumerate(item.comments, 1):
        number = comment["id"].strip() or f"?{position}"
        if comment["type"].strip() in INTERNAL:
            report.skip("comment", f"an internal note ({comment['type'].strip()})")
        elif number in wanted:
            if wanted[number].fields == comment.fields:
                report.skip("comment", "stands in the file a second time")
            else:  # another comment with a number that is taken: kept, by its place
                report.note("Comments whose number another one has", f"{number} on {item.label}")
                wanted[f"{number}?{position}"] = comment
        else:
            wanted[number] = comment
    return wanted


def _levels(wanted: dict[str, WxrComment], report: Report) -> list[list[str]]:
    """Return the numbers level by level: first those that open threads, then their replies, …"""
    replies: dict[str, list[str]] = {}
    roots: list[str] = []
    for number, comment in wanted.items():
        parent = comment["parent"].strip()
        if parent in {"", "0"}:
            roots.append(number)
        elif parent == number or parent not in wanted:
            report.note(
                "Replies to a comment that is not there; now threads", f"{number} to {parent}"
            )
            roots.append(number)
        else:
            replies.setdefault(parent, []).append(number)
    levels, reached = [], set(roots)
    level = roots
    while True:
        while level:
            levels.append(level)
            level = [reply for number in level for reply in replies.get(number, [])]
            reached.update(level)
        # What no thread leads to answers itself in a circle: its first one opens a thread.
        circle = next((number for number in wanted if number not in reached), None)
        if circle is None:
            return levels
        report.note("Comments that answer each other in a circle; now threads", circle)
        replies[wanted[circle]["parent"].strip()].remove(circle)
        level = [circle]
        reached.add(circle)


def _comment(
    source: WxrComment,
    discussion: Discussion,
    parent: Comment | None,
    article: Article,
    report: Report,
) -> Comment:
    """Return the comment to save."""
    if parent is not None and parent.depth >= MAX_DEPTH:
        report.note("Replies nested too deep, attached one level higher", source["id"])
        parent = parent.parent
    body = _body(source, report)
    return Comment(
        discussion=discussion,
        parent=parent,
        root=None if parent is None else parent.root or parent,
        depth=0 if parent is None else parent.depth + 1,
        guest_name=_name(source, report),
        guest_email=_email(source, report),
        body=body,
        body_html=render(body),
        status=STATES.get(source["approved"].strip(), CommentStatus.HELD),
        created_at=_written_at(source, article, report),
    )


def _add_extras(comment: Comment, source: WxrComment, passages: list[str], report: Report) -> None:
    """Give the comment what plugins of the old site knew of it."""
    extras = extras_of(source, passages, report)
    comment.upvotes = comment.imported_upvotes = extras.upvotes
    comment.downvotes = comment.imported_downvotes = extras.downvotes
    comment.quote_exact = extras.quote
    if comment.parent is None:
        comment.is_closed = extras.is_closed
    elif extras.is_closed and not comment.is_in_closed_thread:
        report.note(
            "Replies that took no answers; here only whole threads can be closed", source["id"]
        )


def _body(source: WxrComment, report: Report) -> str:
    body = markdown_of(source["content"])
    if source["type"].strip() in {"pingback", "trackback"}:
        url = source["author_url"].strip()
        if url.startswith(("http://", "https://")) and not any(sign in url for sign in " <>"):
            body = f"{body}\n\n<{url}>".strip()
    if len(body) > BODY_LENGTH:
        report.note(_CUT, f"comment {source['id']}")
    return shortened(body, BODY_LENGTH)


def _name(source: WxrComment, report: Report) -> str:
    name = plain_text(source["author"]) or _("Anonymous")
    if len(name) > NAME_LENGTH:
        report.note(_CUT, name[:60])
    return shortened(name, NAME_LENGTH)


def _email(source: WxrComment, report: Report) -> str:
    address = source["author_email"].strip()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        report.note("Addresses of commenters that are none, left out", f"comment {source['id']}")
        return ""
    return address


def _written_at(source: WxrComment, article: Article, report: Report) -> datetime.datetime:
    when = moment(source["date_gmt"], source["date"])
    if when is None:
        report.note("Comments without a date that is one; dated like their article", source["id"])
        when = article.published_at or timezone.now()
    return when


def _key(item: Item, source: WxrComment) -> str:
    """Return what tells a comment from every other of its site; see ``items.key_of``."""
    return f"{source['id'].strip()} on {item.id} at {source['date_gmt'].strip()}"

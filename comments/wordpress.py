"""The discussion of an export: its comments, their threading, states, dates and writers."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models.base import ModelState
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.copying import copy_objects, reserved_ids
from articles.models import Article
from articles.wordpress.own import Accounts
from articles.wordpress.records import Records, fitted
from articles.wordpress.report import Report
from articles.wordpress.values import moment, plain_text, shortened
from articles.wordpress.wxr import Item, WxrComment
from comments.models import Comment, CommentStatus, CommentVersion, Discussion
from comments.posting import MAX_DEPTH
from comments.restore import META, discussion_in, fill_comment, subscriptions_in, versions_in
from comments.wordpress_bodies import INTERNAL, body_of
from comments.wordpress_plugins import extras_of, import_subscriptions, is_address, passages_of

STATES = {
    "1": CommentStatus.APPROVED, "approve": CommentStatus.APPROVED, "0": CommentStatus.HELD,
    "hold": CommentStatus.HELD, "spam": CommentStatus.SPAM, "trash": CommentStatus.DELETED,
    "post-trashed": CommentStatus.DELETED,
}  # fmt: skip
NAME_LENGTH = 80
BATCH = 1_000
_CUT = "Values too long for their field, cut"


@dataclass
class _Thread:
    """The comments of one item, as they are saved."""

    article: Article
    item: Item
    discussion: Discussion
    wanted: dict[str, WxrComment]
    levels: list[list[str]]
    passages: list[str]
    saved: dict[str, Comment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = {
            number: fitted(_key(self.item, source)) for number, source in self.wanted.items()
        }
        # Each begins as it is: a model's constructor asks every field for its default.
        self._blank = Comment(discussion=self.discussion)

    def new_comment(self) -> Comment:
        comment = Comment.__new__(Comment)
        comment.__dict__ |= self._blank.__dict__ | {"_state": ModelState()}
        comment.discussion = self.discussion
        return comment


def import_comments(posts: list[tuple[Article, Item]], records: Records, report: Report) -> None:
    """Save the comments of items under their articles; those that are there stay as they are.

    Parents come before their replies, in whatever order the file has them. A reply to a comment
    that the file does not have, or to itself, begins a thread.
    """
    discussions = _discussions(posts, report)
    threads = []
    for article, item in posts:
        if article.pk not in discussions:  # a site like this one makes them when they are needed
            continue
        wanted = _wanted(item, report)
        levels = _levels(wanted, report)
        passages = passages_of(item) if wanted else []
        threads.append(_Thread(article, item, discussions[article.pk], wanted, levels, passages))
    asked = [key for thread in threads for key in thread.keys.values()]
    known = records.comments(asked)
    present = Comment.objects.select_related("root").in_bulk(list(known.values()))
    fresh: list[Comment] = []
    new: dict[str, int] = {}
    earlier: list[CommentVersion] = []
    accounts = Accounts(report)
    keys = iter(reserved_ids(Comment, sum(key not in known for key in asked)))
    for level in range(max((len(thread.levels) for thread in threads), default=0)):
        for thread in threads:
            for number in thread.levels[level] if level < len(thread.levels) else ():
                comment = _taken(thread, number, known, present, accounts, report)
                if comment is not None:
                    comment.pk = next(keys)
                    fresh.append(comment)
                    thread.saved[number] = comment
                    new[thread.keys[number]] = comment.pk
                    earlier += versions_in(thread.wanted[number], comment, report)
    _count_replies(fresh)
    copy_objects(Comment, fresh)
    CommentVersion.objects.bulk_create(earlier, batch_size=BATCH)
    if new:
        report.imported["comments"] += len(new)
    records.remember_comments(new)
    for thread in threads:
        pairs = [(thread.wanted[number], comment) for number, comment in thread.saved.items()]
        own = subscriptions_in(thread.item, thread.discussion, thread.saved, accounts, report)
        import_subscriptions(thread.discussion, thread.item, pairs, own, report)


def _discussions(posts: list[tuple[Article, Item]], report: Report) -> dict[int, Discussion]:
    """Return each article's discussion, made where there was none."""
    articles = [article for article, _item in posts]
    found = {row.article_id: row for row in Discussion.objects.filter(article__in=articles)}
    missing = [
        Discussion(article=article, **({"state": _state(item)} | discussion_in(item, report)))
        for article, item in posts
        if article.pk not in found and (not item.is_own or "_newsroom_discussion" in item.meta)
    ]
    made = {row.article_id: row for row in Discussion.objects.bulk_create(missing)}
    return found | made


def _taken(
    thread: _Thread,
    number: str,
    known: dict[str, int],
    present: dict[int, Comment],
    accounts: Accounts,
    report: Report,
) -> Comment | None:
    """Return a comment that is to be saved, None when it was imported before."""
    source = thread.wanted[number]
    pk = known.get(thread.keys[number])
    if pk in present:
        thread.saved[number] = present[pk]
        report.present["comments"] += 1
        return None
    if pk is not None:
        report.skip("comment", "was removed here since the last import")
        return None
    parent = thread.saved.get(source["parent"].strip())
    comment = _comment(thread, source, parent, report)
    if META in source.meta:
        fill_comment(comment, source, accounts, report)
    else:
        _add_extras(comment, source, thread.passages, report)
    return comment


def _count_replies(comments: Iterable[Comment]) -> None:
    """Count approved replies at what opened their threads, so that no recount must."""
    for comment in comments:
        if comment.root is not None and comment.status == CommentStatus.APPROVED:
            comment.root.reply_count += 1


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
    thread: _Thread, source: WxrComment, parent: Comment | None, report: Report
) -> Comment:
    """Return the comment to save."""
    if parent is not None and parent.depth >= MAX_DEPTH:
        report.note("Replies nested too deep, attached one level higher", source["id"])
        parent = parent.parent
    comment = thread.new_comment()
    if parent is not None:
        comment.parent, comment.root = parent, parent.root or parent
        comment.depth = parent.depth + 1
    comment.guest_name, comment.guest_email = _name(source, report), _email(source, report)
    body = body_of(source)
    if body.is_cut:
        report.note(_CUT, f"comment {source['id']}")
    comment.body, comment.body_html = body.text, body.html
    comment.status = STATES.get(source["approved"].strip(), CommentStatus.HELD)
    comment.created_at = _written_at(source, thread.article, report)
    return comment


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


def _name(source: WxrComment, report: Report) -> str:
    name = plain_text(source["author"]) or _("Anonymous")
    if len(name) > NAME_LENGTH:
        report.note(_CUT, name[:60])
    return shortened(name, NAME_LENGTH)


def _email(source: WxrComment, report: Report) -> str:
    address = source["author_email"].strip()
    if not address:
        return ""
    if not is_address(address):
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

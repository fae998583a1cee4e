"""What comment plugins of WordPress leave in an export: votes, closed threads, subscriptions.

wpDiscuz keeps votes and closed threads in the comments' meta. Its subscriptions and its readers'
single votes lie in tables of its own, which no export holds. Subscriptions are read from the meta
of two other plugins: Subscribe to Comments Reloaded (the post's ``_stcr@_<email>``) and Comment
Reply Email Notification (the comment's ``cren_subscribe_to_comment``).
"""

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from articles.wordpress.report import Report
from articles.wordpress.values import moment, plain_text
from articles.wordpress.wxr import Item, WxrComment
from comments.models import Comment, Discussion, Subscription

VOTES, VOTES_APART = "wpdiscuz_votes", "wpdiscuz_votes_seperate"  # spelled so by the plugin
CLOSED, FEEDBACK = "wpdiscuz_closed", "wpdiscuz_feedback_form_id"
STICKY = "wpdiscuz_sticky"  # a type of comment
CREN = "cren_subscribe_to_comment"
_STCR = "_stcr@_"
_KNOWN = {VOTES, VOTES_APART, CLOSED, FEEDBACK}
# PHP's serialised array of two numbers, in either order; the numbers may be written as strings.
_COUNT = r's:\d:"(like|dislike)";(?:i:|s:\d{1,2}:")(-?[0-9]{1,9})"?;'
_APART = re.compile(rf"a:2:\{{{_COUNT}{_COUNT}\}}")
_NET = re.compile(r"-?[0-9]{1,9}")
_PASSAGE = re.compile(
    r"\[wpdiscuz-feedback\b[^\]]{0,2000}\](.{1,10000}?)\[/wpdiscuz-feedback\]", re.DOTALL
)
_STCR_VALUE = re.compile(r"(.{19})\|(Y|R|YC|RC)")


@dataclass(frozen=True)
class Extras:
    """What plugins know of one comment."""

    upvotes: int = 0
    downvotes: int = 0
    is_closed: bool = False
    quote: str = ""


def extras_of(source: WxrComment, passages: list[str], report: Report) -> Extras:
    """Return the votes, the closing and the passage of a comment.

    passages: those of its post that wpDiscuz asks readers about. The export does not say which of
    them a comment is about, so that only the single one of a post can be told.
    """
    up, down = _votes(source, report)
    quote = ""
    if source.meta.get(FEEDBACK, "").strip() not in {"", "0"}:
        if len(passages) == 1:
            quote = passages[0]
        else:
            report.note(
                "Inline feedback whose passage the export does not tell; now plain comments",
                f"comment {source['id']}",
            )
    if source["type"].strip() == STICKY:
        report.note("Pinned comments; now like the others", f"comment {source['id']}")
    for key in source.meta:
        if key.startswith("wpdiscuz_") and key not in _KNOWN:
            report.note("Facts of wpDiscuz that have no place here", key[:60])
    return Extras(up, down, source.meta.get(CLOSED, "").strip() == "1", quote)


def _votes(source: WxrComment, report: Report) -> tuple[int, int]:
    """Return the votes for and against, as far as they are told apart."""
    apart, net = source.meta.get(VOTES_APART, "").strip(), source.meta.get(VOTES, "").strip()
    if match := _APART.fullmatch(apart):
        counts = {match[1]: int(match[2]), match[3]: int(match[4])}
        if len(counts) == 2:
            # It keeps the votes against as a negative number in some versions.
            return abs(counts["like"]), abs(counts["dislike"])
    if apart:
        report.note("Votes that cannot be read", f"comment {source['id']}: {apart[:60]}")
    if _NET.fullmatch(net):  # older versions keep the difference only
        return max(int(net), 0), max(-int(net), 0)
    if net:
        report.note("Votes that cannot be read", f"comment {source['id']}: {net[:60]}")
    return 0, 0


def passages_of(item: Item) -> list[str]:
    """Return the passages of a post that wpDiscuz asks its readers about."""
    texts = (plain_text(match[1]) for match in _PASSAGE.finditer(item["content:encoded"]))
    return [text for text in texts if text]


def import_subscriptions(
    discussion: Discussion,
    item: Item,
    comments: list[tuple[WxrComment, Comment]],
    own: list[Subscription],
    report: Report,
) -> None:
    """Save who wanted to be told; those that are there stay as they are.

    own: those that a site like this one exported.
    """
    rows: list[Subscription | None] = [*own]
    for key, value in item.meta.items():
        if key.startswith(_STCR):
            rows.append(_reloaded(discussion, key.removeprefix(_STCR), value, item, report))
    for source, comment in comments:
        if source.meta.get(CREN, "").strip().lower() not in {"", "0", "off"}:
            rows.append(_on_replies(discussion, source, comment, report))
    wanted = [row for row in rows if row is not None]
    if not wanted:
        return
    before = discussion.subscriptions.count()
    Subscription.objects.bulk_create(wanted, ignore_conflicts=True)
    new = discussion.subscriptions.count() - before
    if new:
        report.imported["subscriptions"] += new
    if len(wanted) > new:
        report.present["subscriptions"] += len(wanted) - new


def _reloaded(
    discussion: Discussion, email: str, value: str, item: Item, report: Report
) -> Subscription | None:
    """Subscribe to Comments Reloaded: a date and a letter; a C says that it is not confirmed."""
    match = _STCR_VALUE.fullmatch(value.strip())
    if match is None:
        reason = "was suspended" if value.strip().endswith("|C") else "cannot be read"
        report.skip("subscription", reason)
        return None
    if not is_address(email):
        report.skip("subscription", "of an address that is none")
        return None
    since = moment(match[1]) or timezone.now()
    kind = Subscription.Kind.REPLIES if match[2][0] == "R" else Subscription.Kind.ALL
    confirmed: datetime.datetime | None = since if len(match[2]) == 1 else None
    if confirmed is None:
        report.note("Subscriptions that are not confirmed yet", item.label)
    return Subscription(
        discussion=discussion, email=email.lower(), kind=kind, created_at=since,
        confirmed_at=confirmed,
    )  # fmt: skip


def _on_replies(
    discussion: Discussion, source: WxrComment, comment: Comment, report: Report
) -> Subscription | None:
    """Comment Reply Email Notification: the writer's wish, which nobody confirmed by mail."""
    if not comment.guest_email:
        report.skip("subscription", "of an address that is none")
        return None
    report.note("Subscriptions that are not confirmed yet", f"comment {source['id']}")
    return Subscription(
        discussion=discussion, email=comment.guest_email.lower(), comment=comment,
        kind=Subscription.Kind.REPLIES, created_at=comment.created_at,
    )  # fmt: skip


@lru_cache(maxsize=10_000)  # the same people write again and again
def is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True

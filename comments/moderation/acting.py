"""What the desk's buttons do, by their names."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from comments.models import Ban, Comment, ModerationEvent, Reason
from comments.moderation.bans import ban_writer
from comments.moderation.decisions import (
    Why,
    approve_comment,
    mark_comment_as_spam,
    reject_comment,
    remove_comment,
)
from comments.moderation.marking import (
    close_thread,
    correct_comment,
    feature_comment,
    pin_comment,
    reopen_thread,
    unfeature_comment,
    unpin_comment,
)

DECISIONS = {
    "approve": approve_comment,
    "reject": reject_comment,
    "spam": mark_comment_as_spam,
    "remove": remove_comment,
}
MARKS: dict[str, Callable[..., None]] = {
    "pin": pin_comment,
    "unpin": unpin_comment,
    "feature": feature_comment,
    "unfeature": unfeature_comment,
    "close": close_thread,
    "reopen": reopen_thread,
}
ACTIONS = {*DECISIONS, *MARKS, "edit", "ban"}


def act(action: str, *, comment: Comment, by: User, sent: QueryDict) -> ModerationEvent | None:
    """Do what a button of the desk says; return the decision, if it can be undone.

    sent: what came with it: ``reason``, ``note``, ``seen-<number>``, ``body``, ``mode``, ``days``.
    Raises ValidationError, in words, for what cannot be done.
    """
    note, reason = sent.get("note", "").strip(), sent.get("reason", "")
    if reason and reason not in Reason.values:
        raise ValidationError(_("There is no such reason."))
    if action in DECISIONS:
        why = Why(note=note)
        if reason:
            why["reason"] = reason
        seen = sent.get(f"seen-{comment.pk}", "")
        if seen.isascii() and seen.isdigit():
            why["seen"] = int(seen[:18])
        if action in {"approve", "spam"}:
            why.pop("reason", None)
        return DECISIONS[action](comment=comment, by=by, **why)
    if action in MARKS:
        MARKS[action](comment=comment, by=by)
        return None
    if action == "edit":
        correct_comment(comment=comment, by=by, body=sent.get("body", ""), note=note)
        return None
    _ban(comment, by, sent, reason, note)
    return None


def _ban(comment: Comment, by: User, sent: QueryDict, reason: str, note: str) -> None:
    days = sent.get("days", "").strip()
    if days and not (days.isascii() and days.isdigit() and len(days) < 6):
        raise ValidationError(_("Days are a whole number; leave it empty for good."))
    more: dict[str, Any] = {"reason": reason} if reason else {}
    ban_writer(
        comment=comment, by=by, mode=sent.get("mode") or Ban.Mode.BAN,
        days=int(days) if days else None, note=note, **more,
    )  # fmt: skip

"""What the desk's buttons do, by their names."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from comments.models import Ban, Comment, ModerationEvent, Reason
from comments.moderation.appeals import answer_by_lifting, uphold_ban
from comments.moderation.bans import ban_writer
from comments.moderation.decisions import (
    Why,
    approve_comment,
    check_is_latest,
    check_right,
    lock,
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
from comments.moderation.votes import freeze_votes, remove_votes, settle_burst, unfreeze_votes

DECISIONS = {
    "approve": approve_comment,
    "reject": reject_comment,
    "spam": mark_comment_as_spam,
    "remove": remove_comment,
}
MARKS: dict[str, Callable[..., ModerationEvent | None]] = {
    "pin": pin_comment,
    "unpin": unpin_comment,
    "feature": feature_comment,
    "unfeature": unfeature_comment,
    "close": close_thread,
    "reopen": reopen_thread,
    "lift": answer_by_lifting,
    "uphold": uphold_ban,
    "freeze": freeze_votes,
    "unfreeze": unfreeze_votes,
    "remove-made-votes": remove_votes,
    "remove-all-votes": partial(remove_votes, everything=True),
    "settle": settle_burst,
}
ACTIONS = {*DECISIONS, *MARKS, "edit", "ban"}


@transaction.atomic
def act(action: str, *, comment: Comment, by: User, sent: QueryDict) -> ModerationEvent | None:
    """Do what a button of the desk says; return what the log says of it, None for no change.

    sent: what came with it: ``reason``, ``note``, ``seen-<number>``, ``body``, ``mode``, ``days``,
    ``network``. Raises PermissionDenied without the right; ValidationError, in words, for what
    cannot be done; OvertakenError when something else was decided than what was seen.
    """
    note, reason = sent.get("note", "").strip(), sent.get("reason", "")
    if reason and reason not in Reason.values:
        raise ValidationError(_("There is no such reason."))
    check_right(by)
    seen = sent.get(f"seen-{comment.pk}", "")
    if seen.isascii() and seen.isdigit():
        check_is_latest(lock(comment), int(seen[:18]))
    if action in DECISIONS:
        why = Why(note=note)
        if reason and action not in {"approve", "spam"}:
            why["reason"] = reason
        return DECISIONS[action](comment=comment, by=by, **why)
    if action in MARKS:
        return MARKS[action](comment=comment, by=by)
    if action == "edit":
        return correct_comment(comment=comment, by=by, body=sent.get("body", ""), note=note)
    return _ban(comment, by, sent, reason, note)


def _ban(comment: Comment, by: User, sent: QueryDict, reason: str, note: str) -> ModerationEvent:
    days = sent.get("days", "").strip()
    if days and not (days.isascii() and days.isdigit() and len(days) < 6):
        raise ValidationError(_("Days are a whole number; leave it empty for good."))
    more: dict[str, Any] = {"reason": reason} if reason else {}
    return ban_writer(
        comment=comment, by=by, mode=sent.get("mode") or Ban.Mode.BAN,
        days=int(days) if days else None, note=note, with_network="network" in sent, **more,
    )  # fmt: skip

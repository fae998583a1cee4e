"""What moderators decide about a comment's being read, and how it is taken back."""

from typing import TypedDict, Unpack

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.counts import count_approval
from comments.log import record
from comments.models import (
    Appeal,
    Comment,
    CommentStatus,
    Discussion,
    ModerationEvent,
    Reason,
    Report,
)
from comments.tasks import learn_spam_from, tell_readers_of

Action = ModerationEvent.Action


class Why(TypedDict, total=False):
    """What goes with a decision.

    reason: one of ``Reason``, told to the writer; note: for moderators alone. seen: the number of
    the decision that was the comment's last when the moderator looked at it, 0 for none; left out,
    nobody minds what was decided meanwhile.
    """

    reason: str
    note: str
    seen: int


class OvertakenError(ValidationError):
    """Another moderator was faster."""


def approve_comment(*, comment: Comment, by: User, **why: Unpack[Why]) -> ModerationEvent:
    """Show the comment to everyone. Raises as ``_decide``."""
    return _decide(comment, CommentStatus.APPROVED, Action.APPROVED, by, why)


def reject_comment(*, comment: Comment, by: User, **why: Unpack[Why]) -> ModerationEvent:
    """Keep the comment from readers, for a reason that its writer is told. Raises as ``_decide``.

    One that was rejected and appealed against stays so: the decision is upheld.
    """
    why = {"reason": Reason.RULES, **why}
    action = Action.UPHELD if _open_appeal(comment) else Action.REJECTED
    return _decide(comment, CommentStatus.REJECTED, action, by, why)


def mark_comment_as_spam(*, comment: Comment, by: User, **why: Unpack[Why]) -> ModerationEvent:
    """Keep the comment from readers, as spam. Raises as ``_decide``."""
    return _decide(comment, CommentStatus.SPAM, Action.SPAM, by, why)


def remove_comment(*, comment: Comment, by: User, **why: Unpack[Why]) -> ModerationEvent:
    """Take the comment away; where it has replies, a placeholder stays. Raises as ``_decide``."""
    return _decide(comment, CommentStatus.DELETED, Action.REMOVED, by, why)


def _decide(
    comment: Comment, status: CommentStatus, action: Action, by: User, why: Why
) -> ModerationEvent:
    """Change the state, and the counts with it; answer what was asked about the comment.

    Raises PermissionDenied without the right, OvertakenError when the last decision is not the one
    that was seen, and ValidationError for an appeal against one's own decision.
    """
    check_right(by)
    with transaction.atomic():
        row = lock(comment)
        if "seen" in why:
            check_is_latest(row, why["seen"])
        appeal = _open_appeal(row)
        if appeal and appeal.against.by_id == by.pk:
            raise ValidationError(_("Another moderator answers an appeal against your decision."))
        before = row.status
        set_status(row, status)
        comment.status = status
        event = record(
            action=action, comment=row, by=by, from_status=before, to_status=status,
            reason=why.get("reason", ""), note=why.get("note", ""),
        )  # fmt: skip
        Report.objects.filter(comment=row, answer=None).update(answer=event)
        if appeal:
            Appeal.objects.filter(pk=appeal.pk).update(answer=event)
    return event


def _open_appeal(comment: Comment) -> Appeal | None:
    """Return what its writer says against its being kept back; bans are answered elsewhere."""
    waiting = Appeal.objects.filter(comment=comment, answer=None).exclude(against__to_status="")
    return waiting.select_related("against").first()


def set_status(row: Comment, status: CommentStatus) -> None:
    """Give a locked comment another state, and the counts with it.

    Raises ValidationError for one that its writer had erased.
    """
    check_not_erased(row)
    was_approved = row.is_approved
    row.status = status
    if row.is_approved and not was_approved:
        row.approved_at = timezone.now()
        row.is_shadowed = False
    row.save(update_fields=["status", "approved_at", "is_shadowed"])
    if was_approved != row.is_approved:
        count_approval(row, 1 if row.is_approved else -1)
        if row.is_approved:
            tell_readers_of.enqueue(row.pk)
    learn_spam_from.enqueue(row.pk)


def lock(comment: Comment) -> Comment:
    """Return the comment as it is now, with it and its discussion locked.

    The discussion first, as everywhere where both are changed: so decisions on a comment and on the
    one above it wait for each other, and never each for the other. Its key stays, so replies that
    are being written meanwhile do not wait at all.
    """
    discussion = Discussion.objects.select_for_update(no_key=True).get(pk=comment.discussion_id)
    row = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    row.discussion = discussion
    return row


def check_is_latest(comment: Comment, seen: int) -> None:
    """Raise OvertakenError, saying who decided what, if a person decided since the one seen.

    What a rule did meanwhile stands in nobody's way: a moderator's decision is worth more.
    """
    later = ModerationEvent.objects.filter(comment=comment, pk__gt=seen, by__isnull=False)
    last = later.select_related("by").order_by("-pk").first()
    if last is None:
        return
    name = last.by.display_name if last.by else _("Somebody")  # whose account is gone by now
    message = _("%(name)s was faster: %(action)s. Nothing was changed.")
    raise OvertakenError(message % {"name": name, "action": last.get_action_display()})


def check_not_erased(comment: Comment) -> None:
    """Raise ValidationError for a comment whose writer had it erased."""
    if comment.is_erased:
        raise ValidationError(_("Its writer had this comment erased. Nothing is left to decide."))


def check_right(by: User) -> None:
    """Raise PermissionDenied for those who are no moderators."""
    if not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied(_("Only moderators decide about comments."))

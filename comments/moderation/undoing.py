"""Taking back what was done on the desk, each kind in its own way."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.log import record
from comments.models import Appeal, Ban, Comment, CommentStatus, ModerationEvent, Report
from comments.moderation.decisions import check_is_latest, check_right, lock, set_status
from comments.moderation.marking import replace_text
from comments.moderation.votes import undo_freezing, undo_opening, undo_removal, undo_settling

Action = ModerationEvent.Action


def undo_decision(*, event: ModerationEvent, by: User) -> ModerationEvent:
    """Take a decision back, with the answers to reports and appeals that it gave.

    Raises PermissionDenied without the right, OvertakenError when more was decided since, and
    ValidationError for what cannot be taken back.
    """
    check_right(by)
    undo = UNDOING.get(event.action)
    if event.comment is None or undo is None or event.is_automatic:
        raise ValidationError(_("This cannot be undone."))
    with transaction.atomic():
        row = lock(event.comment)
        check_is_latest(row, event.pk)
        undo(row, event)
        undone = record(
            action=Action.UNDONE, comment=row, by=by, undoes=event,
            from_status=event.to_status, to_status=event.from_status,
        )  # fmt: skip
        Report.objects.filter(answer=event).update(answer=None)
        Appeal.objects.filter(answer=event).update(answer=None)
    return undone


def _state(row: Comment, event: ModerationEvent) -> None:
    if event.from_status:
        set_status(row, CommentStatus(event.from_status))


def _state_again(row: Comment, event: ModerationEvent) -> None:
    if not event.from_status:
        raise ValidationError(_("This cannot be undone."))
    _state(row, event)


def _text(row: Comment, event: ModerationEvent) -> None:
    last = row.versions.first()
    if last is None or last.replaced_at > event.at:
        raise ValidationError(_("Its writer has changed the text since. Nothing was changed."))
    replace_text(row, last.body)


def _unpin(row: Comment, _event: ModerationEvent) -> None:
    Comment.objects.filter(pk=row.pk).update(pinned_at=None)


def _pin(row: Comment, _event: ModerationEvent) -> None:
    Comment.objects.filter(pk=row.pk).update(pinned_at=timezone.now())


def _unfeature(row: Comment, _event: ModerationEvent) -> None:
    Comment.objects.filter(pk=row.pk).update(is_featured=False)


def _feature(row: Comment, _event: ModerationEvent) -> None:
    Comment.objects.filter(pk=row.pk).update(is_featured=True)


def _reopen(row: Comment, _event: ModerationEvent) -> None:
    Comment.objects.filter(pk=row.root_id or row.pk).update(is_closed=False)


def _close(row: Comment, _event: ModerationEvent) -> None:
    Comment.objects.filter(pk=row.root_id or row.pk).update(is_closed=True)


def _lift(row: Comment, event: ModerationEvent) -> None:
    laid = Ban.objects.filter(comment=row, created_at=event.at, lifted_at=None)
    laid.update(lifted_at=timezone.now())


def _lay_again(_row: Comment, event: ModerationEvent) -> None:
    Ban.objects.filter(lifted_at=event.at).update(lifted_at=None)


UNDOING: dict[str, Callable[[Comment, ModerationEvent], None]] = {
    **dict.fromkeys(
        (Action.APPROVED, Action.REJECTED, Action.SPAM, Action.REMOVED, Action.UPHELD), _state
    ),
    **dict.fromkeys((Action.BANNED, Action.SUSPENDED, Action.SHADOWED), _lift),
    Action.UNDONE: _state_again, Action.EDITED: _text, Action.PINNED: _unpin,
    Action.UNPINNED: _pin, Action.FEATURED: _unfeature, Action.UNFEATURED: _feature,
    Action.CLOSED: _reopen, Action.REOPENED: _close, Action.LIFTED: _lay_again,
    Action.FROZEN: undo_freezing, Action.UNFROZEN: undo_opening,
    Action.VOTES_REMOVED: undo_removal, Action.SETTLED: undo_settling,
}  # fmt: skip

"""A writer's word against a decision: once, and another moderator answers it."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from comments.log import record
from comments.models import Appeal, Comment, CommentStatus, ModerationEvent
from comments.moderation.decisions import lock
from comments.text import NO_TEXT
from comments.voting import is_own

MAX_TEXT = 1_000
AGAINST = {CommentStatus.REJECTED, CommentStatus.SPAM}


def decision_on(comment: Comment) -> ModerationEvent | None:
    """Return the decision that keeps a comment from readers, None where there is none."""
    events = ModerationEvent.objects.filter(comment=comment, to_status=comment.status)
    return events.order_by("-pk").first() if comment.status in AGAINST else None


def rule_that_holds(comment: Comment) -> ModerationEvent | None:
    """Return what a rule said when it had a comment wait, None where none did, or not any more."""
    if comment.status != CommentStatus.HELD:
        return None
    last = ModerationEvent.objects.filter(comment=comment, to_status=CommentStatus.HELD)
    event = last.order_by("-pk").first()
    has_held = event and event.is_automatic and event.action == ModerationEvent.Action.HELD
    return event if has_held else None


def may_appeal(comment: Comment) -> bool:
    """Tell whether its writer may still ask for another look."""
    has_decision = decision_on(comment) is not None
    return has_decision and not Appeal.objects.filter(comment=comment).exists()


def appeal(
    *, comment: Comment, text: str, user: User | None = None, guest_id: uuid.UUID | None = None
) -> Appeal:
    """Ask another moderator to look at one's rejected comment again.

    Raises PermissionDenied for others' comments, and where there is nothing to appeal against or an
    appeal was made before; ValidationError for the field ``text``.
    """
    if not is_own(comment, user=user, guest_id=guest_id):
        raise PermissionDenied(_("Only its writer can appeal."))
    words = text.strip()
    if not words:
        raise ValidationError({"text": _("Say why your comment should stand.")})
    if len(words) > MAX_TEXT or NO_TEXT.search(words):
        message = _("At most %(number)d characters, and only such as can be read.")
        raise ValidationError({"text": message % {"number": MAX_TEXT}})
    with transaction.atomic():
        row = lock(comment)
        against = decision_on(row)
        if against is None:
            raise PermissionDenied(_("There is no decision to appeal against."))
        if Appeal.objects.filter(comment=row).exists():
            raise PermissionDenied(_("You have appealed already: once is all there is."))
        record(action=ModerationEvent.Action.APPEALED, comment=row)
        return Appeal.objects.create(comment=row, against=against, text=words)

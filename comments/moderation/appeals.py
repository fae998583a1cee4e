"""A writer's word against a decision: once, and another moderator answers it."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from comments.log import record
from comments.models import Appeal, Ban, Comment, CommentStatus, ModerationEvent
from comments.moderation.bans import bans_on_writer_of, lift_bans_on_writer_of
from comments.moderation.decisions import check_right, lock
from comments.text import NO_TEXT
from comments.voting import is_own

MAX_TEXT = 1_000
AGAINST = {CommentStatus.REJECTED, CommentStatus.SPAM}
BANS = [ModerationEvent.Action.BANNED, ModerationEvent.Action.SUSPENDED]


def decision_on(comment: Comment) -> ModerationEvent | None:
    """Return the decision that keeps a comment from readers, None where there is none."""
    events = ModerationEvent.objects.filter(comment=comment, to_status=comment.status)
    return events.order_by("-pk").first() if comment.status in AGAINST else None


def ban_for(comment: Comment) -> Ban | None:
    """Return the ban that a comment brought its writer, while it is in force and no secret."""
    return bans_on_writer_of(comment).filter(comment=comment, mode=Ban.Mode.BAN).first()


def _appealable(comment: Comment) -> ModerationEvent | None:
    """Return what its writer may appeal against: that the comment is kept back, or else a ban."""
    decision = decision_on(comment)
    if decision is None and ban_for(comment) is not None:
        laid = ModerationEvent.objects.filter(comment=comment, action__in=BANS)
        decision = laid.order_by("-pk").first()
    return decision


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
    has_decision = _appealable(comment) is not None
    return has_decision and not Appeal.objects.filter(comment=comment).exists()


def appeal(
    *, comment: Comment, text: str, user: User | None = None, guest_id: uuid.UUID | None = None
) -> Appeal:
    """Ask another moderator to look again at one's rejected comment, or at the ban it brought.

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
        against = _appealable(row)
        if against is None:
            raise PermissionDenied(_("There is no decision to appeal against."))
        if Appeal.objects.filter(comment=row).exists():
            raise PermissionDenied(_("You have appealed already: once is all there is."))
        record(action=ModerationEvent.Action.APPEALED, comment=row)
        return Appeal.objects.create(comment=row, against=against, text=words)


def answer_by_lifting(*, comment: Comment, by: User) -> ModerationEvent:
    """End the bans on a comment's writer, and answer what they said against them with it.

    Raises ValidationError where there is no ban, and for an appeal against one's own decision.
    """
    check_right(by)
    with transaction.atomic():
        row = lock(comment)
        open_appeal = _against_ban(row, by)
        event = lift_bans_on_writer_of(row, by=by)
        if open_appeal:
            Appeal.objects.filter(pk=open_appeal.pk).update(answer=event)
    return event


def uphold_ban(*, comment: Comment, by: User) -> ModerationEvent:
    """Answer an appeal against a ban: it stays.

    Raises ValidationError where there is none such, and for one against one's own decision.
    """
    check_right(by)
    with transaction.atomic():
        row = lock(comment)
        open_appeal = _against_ban(row, by)
        if open_appeal is None:
            raise ValidationError(_("There is no appeal against a ban here."))
        event = record(action=ModerationEvent.Action.UPHELD, comment=row, by=by)
        Appeal.objects.filter(pk=open_appeal.pk).update(answer=event)
    return event


def _against_ban(comment: Comment, by: User) -> Appeal | None:
    """Return the open appeal against a ban. Raises ValidationError for whoever laid the ban."""
    waiting = Appeal.objects.filter(comment=comment, answer=None, against__action__in=BANS)
    found = waiting.select_related("against").first()
    if found and found.against.by_id == by.pk:
        raise ValidationError(_("Another moderator answers an appeal against your decision."))
    return found

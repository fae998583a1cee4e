"""Writers who may not write, for a while or for good, and those whom nobody else reads."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from comments.addresses import address_digest
from comments.log import record
from comments.models import Ban, Comment, ModerationEvent, Reason
from comments.moderation.decisions import check_right

Action = ModerationEvent.Action
MAX_DAYS = 3_650


def ban_writer(
    *,
    comment: Comment,
    by: User,
    mode: str = Ban.Mode.BAN,
    days: int | None = None,
    reason: str = Reason.RULES,
    note: str = "",
) -> list[Ban]:
    """Keep the writer of a comment out: their account, or a guest's address and browser.

    days: for so long; None for good. Raises PermissionDenied without the right, ValidationError for
    staff, for a reason or mode that there is not, and for more than ten years.
    """
    check_right(by)
    if comment.user is not None and comment.user.is_staff:
        raise ValidationError(_("Who works here cannot be banned from commenting."))
    if reason not in Reason.values or mode not in Ban.Mode.values:
        raise ValidationError(_("Choose a reason, and what is to happen."))
    if days is not None and not 1 <= days <= MAX_DAYS:
        raise ValidationError(_("From one day to ten years; leave it empty for good."))
    now = timezone.now()
    expires_at = now + datetime.timedelta(days=days) if days else None
    marks = _marks(comment)
    if not marks:
        raise ValidationError(_("Nothing is known of this writer that could be banned."))
    with transaction.atomic():
        bans = [
            Ban.objects.create(
                mode=mode, reason=reason, note=note[:500], comment=comment, by=by, created_at=now,
                expires_at=expires_at, **mark,
            )
            for mark in marks
        ]  # fmt: skip
        action = Action.SUSPENDED if days else Action.BANNED
        if mode == Ban.Mode.SHADOW:
            action = Action.SHADOWED
        record(action=action, comment=comment, by=by, reason=reason, note=note)
    return bans


def lift_ban(*, ban: Ban, by: User) -> None:
    """End a ban, with those that were laid on other marks of the same writer with it."""
    check_right(by)
    with transaction.atomic():
        same = Q(pk=ban.pk)
        if ban.comment_id is not None:
            same |= Q(comment=ban.comment_id, created_at=ban.created_at)
        if Ban.objects.filter(same, lifted_at=None).update(lifted_at=timezone.now()):
            record(action=Action.LIFTED, comment=ban.comment, by=by)


def check_not_banned(
    *, user: User | None, guest_id: uuid.UUID | None, email: str = ""
) -> Ban | None:
    """Raise PermissionDenied, with reason and end, for a writer who may not write.

    Return the ban of one whom nobody else reads, None for all others.
    """
    bans = list(_in_force(user, guest_id, email))
    for ban in bans:
        if ban.mode == Ban.Mode.BAN:
            raise PermissionDenied(_refusal(ban))
    return bans[0] if bans else None


def _marks(comment: Comment) -> list[dict[str, object]]:
    if comment.user is not None:
        return [{"kind": Ban.Kind.ACCOUNT, "user": comment.user}]
    marks: list[dict[str, object]] = []
    if comment.address_digest:
        marks.append({"kind": Ban.Kind.EMAIL, "digest": comment.address_digest})
    if comment.guest_id is not None:
        marks.append({"kind": Ban.Kind.BROWSER, "guest_id": comment.guest_id})
    return marks


def _in_force(user: User | None, guest_id: uuid.UUID | None, email: str) -> list[Ban]:
    which = Q(pk__in=())
    if user is not None:
        which |= Q(user=user)
        email = user.email
    elif guest_id is not None:
        which |= Q(guest_id=guest_id)
    if email:
        which |= Q(kind=Ban.Kind.EMAIL, digest=address_digest(email))
    rows = Ban.objects.filter(which, lifted_at=None)
    return list(rows.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now())))


def _refusal(ban: Ban) -> str:
    reason = ban.get_reason_display()
    if ban.expires_at is None:
        message = _("You may not comment here any more: %(reason)s. Nothing was posted.")
        return message % {"reason": reason}
    message = _("You may not comment here until %(until)s: %(reason)s. Nothing was posted.")
    until = date_format(timezone.localtime(ban.expires_at), "DATETIME_FORMAT")
    return message % {"until": until, "reason": reason}

"""Writers who may not write, for a while or for good, and those whom nobody else reads."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
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
MAX_NETWORK_DAYS = 90  # others come from there, too


class BannedError(PermissionDenied):
    """The writer may not write: by this ban."""

    def __init__(self, ban: Ban) -> None:
        super().__init__(f"{notice_of(ban)} {_('Nothing was posted.')}")
        self.ban = ban


def ban_writer(
    *,
    comment: Comment,
    by: User,
    mode: str = Ban.Mode.BAN,
    days: int | None = None,
    reason: str = Reason.RULES,
    note: str = "",
    with_network: bool = False,
) -> ModerationEvent:
    """Keep the writer of a comment out: their account, or a guest's address and browser.

    with_network: also whoever else writes from where the comment came from.

    days: for so long; None for good. Raises PermissionDenied without the right, ValidationError for
    staff, for a reason or mode that there is not, for more than ten years, and for a network that
    is not known any more or would be shut out for more than ninety days.
    """
    check_right(by)
    if comment.user is not None and comment.user.is_staff:
        raise ValidationError(_("Who works here cannot be banned from commenting."))
    if reason not in Reason.values or mode not in Ban.Mode.values:
        raise ValidationError(_("Choose a reason, and what is to happen."))
    if days is not None and not 1 <= days <= MAX_DAYS:
        raise ValidationError(_("From one day to ten years; leave it empty for good."))
    marks = _marks(comment)
    if with_network:
        marks.append(_network_mark(comment, days))
    if not marks:
        raise ValidationError(_("Nothing is known of this writer that could be banned."))
    action = Action.SUSPENDED if days else Action.BANNED
    if mode == Ban.Mode.SHADOW:
        action = Action.SHADOWED
    with transaction.atomic():
        event = record(action=action, comment=comment, by=by, reason=reason, note=note[:500])
        expires_at = event.at + datetime.timedelta(days=days) if days else None
        for mark in marks:
            Ban.objects.create(
                mode=mode, reason=reason, note=note[:500], comment=comment, by=by,
                created_at=event.at, expires_at=expires_at, **mark,
            )  # fmt: skip
    return event


def lift_ban(*, ban: Ban, by: User) -> ModerationEvent | None:
    """End a ban, with those that were laid on other marks of the same writer with it.

    Return None when it had ended before.
    """
    check_right(by)
    with transaction.atomic():
        same = Q(pk=ban.pk)
        if ban.comment_id is not None:
            same |= Q(comment=ban.comment_id, created_at=ban.created_at)
        rows = Ban.objects.select_for_update().filter(same, lifted_at=None)
        if not rows:
            return None
        event = record(action=Action.LIFTED, comment=ban.comment, by=by)
        rows.update(lifted_at=event.at)
    return event


def lift_bans_on_writer_of(comment: Comment, *, by: User) -> ModerationEvent:
    """End what is laid on whoever wrote the comment. Raises ValidationError where nothing is."""
    check_right(by)
    with transaction.atomic():
        bans = bans_on_writer_of(comment).select_for_update()
        number = len(bans)
        if not number:
            raise ValidationError(_("There is no ban on this writer any more."))
        event = record(action=Action.LIFTED, comment=comment, by=by)
        Ban.objects.filter(pk__in=[ban.pk for ban in bans]).update(lifted_at=event.at)
    return event


def bans_on_writer_of(comment: Comment) -> QuerySet[Ban]:
    """Return the bans in force on whoever wrote a comment, the latest first."""
    if comment.user is not None:
        return _in_force(Q(user=comment.user))
    return _in_force(_on_guest(comment.guest_id, comment.address_digest))


def check_not_banned(
    *, user: User | None, guest_id: uuid.UUID | None, email: str = "", network: str = ""
) -> Ban | None:
    """Raise BannedError, with reason and end, for a writer who may not write.

    Return the ban of one whom nobody else reads, None for all others. An account is kept out by its
    address, or by a network, only if it was made after the ban: anybody can type another's address,
    and many share a network.
    """
    if user is not None and user.is_staff:
        return None
    if user is not None:
        which = Q(user=user)
        since = Q(created_at__lt=user.date_joined)
        which |= since & Q(kind=Ban.Kind.EMAIL, digest=address_digest(user.email))
    else:
        which, since = _on_guest(guest_id, address_digest(email) if email else ""), Q()
    if network:
        which |= since & Q(kind=Ban.Kind.NETWORK, digest=network)
    bans = list(_in_force(which))
    for ban in bans:
        if ban.mode == Ban.Mode.BAN:
            raise BannedError(ban)
    return bans[0] if bans else None


def notice_of(ban: Ban) -> str:
    """Return what a writer is told of a ban: until when, and why."""
    reason = ban.get_reason_display()
    if ban.expires_at is None:
        return _("You may not comment here any more: %(reason)s.") % {"reason": reason}
    until = date_format(timezone.localtime(ban.expires_at), "DATETIME_FORMAT")
    message = _("You may not comment here until %(until)s: %(reason)s.")
    return message % {"until": until, "reason": reason}


def _marks(comment: Comment) -> list[dict[str, object]]:
    if comment.user is not None:
        digest = address_digest(comment.user.email)
        return [
            {"kind": Ban.Kind.ACCOUNT, "user": comment.user},
            {"kind": Ban.Kind.EMAIL, "digest": digest},
        ]
    marks: list[dict[str, object]] = []
    if comment.address_digest:
        marks.append({"kind": Ban.Kind.EMAIL, "digest": comment.address_digest})
    if comment.guest_id is not None:
        marks.append({"kind": Ban.Kind.BROWSER, "guest_id": comment.guest_id})
    return marks


def _network_mark(comment: Comment, days: int | None) -> dict[str, object]:
    if not comment.network:
        raise ValidationError(_("The network of this comment is not known any more."))
    if days is None or days > MAX_NETWORK_DAYS:
        message = _("Others share a network: say for how many days, %(number)d at most.")
        raise ValidationError(message % {"number": MAX_NETWORK_DAYS})
    return {"kind": Ban.Kind.NETWORK, "digest": comment.network}


def _on_guest(guest_id: uuid.UUID | None, digest: str) -> Q:
    which = Q(pk__in=())
    if guest_id is not None:
        which |= Q(guest_id=guest_id)
    if digest:
        which |= Q(kind=Ban.Kind.EMAIL, digest=digest)
    return which


def _in_force(which: Q) -> QuerySet[Ban]:
    is_not_over = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return Ban.objects.filter(which, is_not_over, lifted_at=None).order_by("-created_at", "-pk")

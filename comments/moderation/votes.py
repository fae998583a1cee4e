"""What moderators do about a burst of votes: freeze, remove, settle; and how each is taken back.

Frozen or removed, a vote still stands for its reader, who is not told: whoever makes votes would
only learn how not to be noticed, and an honest reader loses nothing, since what was cast meanwhile
counts as soon as the votes are open again.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.bursts.detecting import with_freshness
from comments.counts import count_votes_anew
from comments.log import record
from comments.models import Comment, ModerationEvent, Vote, VoteBurst
from comments.moderation.decisions import check_right, lock

Action = ModerationEvent.Action


def freeze_votes(*, comment: Comment, by: User) -> ModerationEvent:
    """Let new votes on a comment wait, uncounted. Raises ValidationError where they do already."""
    check_right(by)
    with transaction.atomic():
        row = lock(comment)
        if row.has_frozen_votes:
            raise ValidationError(_("The votes are frozen already."))
        _set_frozen(row, is_frozen=True)
        return record(action=Action.FROZEN, comment=row, by=by)


def unfreeze_votes(*, comment: Comment, by: User) -> ModerationEvent:
    """Count what waited, and new votes at once. Raises ValidationError where none are frozen."""
    check_right(by)
    with transaction.atomic():
        row = lock(comment)
        if not row.has_frozen_votes:
            raise ValidationError(_("The votes are not frozen."))
        _set_frozen(row, is_frozen=False)
        return record(action=Action.UNFROZEN, comment=row, by=by)


def remove_votes(*, comment: Comment, by: User, everything: bool = False) -> ModerationEvent:
    """Take the votes of a comment's burst out of its counts and of every order.

    everything: all that came since it began, also by readers known before. Raises ValidationError
    without an open burst, or when its votes are removed already.
    """
    check_right(by)
    with transaction.atomic():
        row = lock(comment)
        burst = _open_burst(row)
        if burst.removal_id is not None:
            raise ValidationError(_("The votes of this burst are removed already."))
        all_votes, made = votes_of(burst)
        chosen = all_votes if everything else made
        numbers = list(chosen.values_list("pk", flat=True))
        Vote.objects.filter(pk__in=numbers).update(is_counted=False, burst=burst)
        count_votes_anew(row)
        note = _("%(removed)d of %(votes)d votes") % {
            "removed": len(numbers), "votes": all_votes.count() + len(numbers),
        }  # fmt: skip
        event = record(action=Action.VOTES_REMOVED, comment=row, by=by, note=note)
        burst.removal = event
        burst.save(update_fields=["removal"])
    return event


def settle_burst(*, comment: Comment, by: User) -> ModerationEvent:
    """Close the case: what waited counts, what was removed stays so, and nobody is alerted again.

    Raises ValidationError without an open burst.
    """
    check_right(by)
    with transaction.atomic():
        row = lock(comment)
        burst = _open_burst(row)
        if row.has_frozen_votes:
            _set_frozen(row, is_frozen=False)
            record(action=Action.UNFROZEN, comment=row, by=by)
        burst.settled_at = timezone.now()
        burst.save(update_fields=["settled_at"])
        return record(action=Action.SETTLED, comment=row, by=by)


def votes_of(burst: VoteBurst) -> tuple[QuerySet[Vote], QuerySet[Vote]]:
    """Return the votes since a burst began that are not removed; and those that look made.

    The latter are by readers of whom nothing older is known, or from the network that stands out.
    """
    votes = Vote.objects.filter(comment=burst.comment_id, burst=None, created_at__gt=burst.began_at)
    from_there = Q(network=burst.network) if burst.network is not None else Q(pk__in=())
    made = with_freshness(votes, burst.began_at).filter(Q(is_fresh=True) | from_there)
    return votes, made


def undo_freezing(row: Comment, _event: ModerationEvent) -> None:
    """Count what waits. Raises ValidationError where nothing is frozen."""
    if not row.has_frozen_votes:
        raise ValidationError(_("The votes are not frozen."))
    _set_frozen(row, is_frozen=False)


def undo_opening(row: Comment, _event: ModerationEvent) -> None:
    """Freeze again; what was counted meanwhile stays counted. Raises ValidationError."""
    if row.has_frozen_votes:
        raise ValidationError(_("The votes are frozen already."))
    _set_frozen(row, is_frozen=True)


def undo_removal(row: Comment, event: ModerationEvent) -> None:
    """Count what was removed, but what came while votes were, and are, frozen."""
    burst = VoteBurst.objects.select_for_update().filter(removal=event).first()
    if burst is None:
        raise ValidationError(_("This cannot be undone."))
    burst.removed.filter(value=0).delete()
    if row.votes_frozen_at is not None:
        burst.removed.filter(created_at__gt=row.votes_frozen_at).update(burst=None)
    burst.removed.update(burst=None, is_counted=True)
    burst.removal = None
    burst.save(update_fields=["removal"])
    count_votes_anew(row)


def undo_settling(row: Comment, _event: ModerationEvent) -> None:
    """Open the case again; votes that were opened with its closing stay so."""
    last = VoteBurst.objects.filter(comment=row).order_by("-found_at", "-pk").first()
    if last is None or last.settled_at is None:
        raise ValidationError(_("There is no settled burst of votes."))
    last.settled_at = None
    last.save(update_fields=["settled_at"])


def _set_frozen(row: Comment, *, is_frozen: bool) -> None:
    row.votes_frozen_at = timezone.now() if is_frozen else None
    row.save(update_fields=["votes_frozen_at"])
    if not is_frozen:
        Vote.objects.filter(comment=row, burst=None, is_counted=False).update(is_counted=True)
        count_votes_anew(row)


def _open_burst(row: Comment) -> VoteBurst:
    burst = VoteBurst.objects.select_for_update().filter(comment=row, settled_at=None).first()
    if burst is None:
        raise ValidationError(_("There is no burst of votes to decide about."))
    return burst

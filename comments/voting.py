"""Voting on comments: one vote per reader, changed or taken back."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from comments.models import Comment, Vote
from comments.ranking import CurrentTransaction, keep_rank


def cast_vote(
    *, comment: Comment, value: int, user: User | None = None, guest_id: uuid.UUID | None = None
) -> None:
    """Set the reader's vote to 1, -1 or 0 (none), and the comment's counts with it.

    Raises ValidationError for another value, PermissionDenied for a vote on one's own comment or
    on one that readers do not see.
    """
    if value not in {-1, 0, 1}:
        raise ValidationError({"value": _("A vote is 1, 0 or -1.")})
    if user is None and guest_id is None:
        raise ValueError("A vote needs a voter.")
    with transaction.atomic():
        # The row's lock makes votes on one comment wait for each other, and for nothing else.
        row = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
        if not row.is_approved:
            raise PermissionDenied(_("This comment cannot be voted on."))
        if is_own(row, user=user, guest_id=guest_id):
            raise PermissionDenied(_("Nobody votes on their own comment."))
        votes = Vote.objects.filter(comment=row)
        votes = votes.filter(user=user) if user else votes.filter(guest_id=guest_id)
        before = votes.values_list("value", flat=True).first() or 0
        if before == value:
            return
        if value == 0:
            votes.delete()
        elif before:
            votes.update(value=value)
        elif user:
            Vote.objects.create(comment=row, user=user, value=value)
        else:
            Vote.objects.create(comment=row, guest_id=guest_id, value=value)
        if row.parent_id is None:
            keep_rank(row)
        Comment.objects.filter(pk=row.pk).update(
            ranked_by=CurrentTransaction(),
            upvotes=F("upvotes") + int(value == 1) - int(before == 1),
            downvotes=F("downvotes") + int(value == -1) - int(before == -1),
        )


def is_own(comment: Comment, *, user: User | None, guest_id: uuid.UUID | None) -> bool:
    """Tell whether the reader, by account or else by a guest's cookie, wrote the comment."""
    if user is not None:
        return comment.user_id == user.pk
    return comment.user_id is None and guest_id is not None and comment.guest_id == guest_id

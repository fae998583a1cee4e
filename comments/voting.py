"""Voting on comments: one vote per reader, changed or taken back."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Publication
from comments.models import Comment, Vote
from comments.ranking import CurrentTransaction, keep_rank


def cast_vote(
    *, comment: Comment, value: int, user: User | None = None, guest_id: uuid.UUID | None = None
) -> None:
    """Set the reader's vote to 1, -1 or 0 (none), and the comment's counts with it.

    Raises ValidationError for another value, PermissionDenied for a vote on one's own comment, on
    one that readers do not see, or against one where the publication has no such votes.
    """
    if value not in {-1, 0, 1}:
        raise ValidationError({"value": _("A vote is 1, 0 or -1.")})
    if user is None and guest_id is None:
        raise ValueError("A vote needs a voter.")
    with transaction.atomic():
        # The row's lock makes votes on one comment wait for each other, and for nothing else.
        row = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
        _check_may_vote(row, value, user, guest_id)
        before = vote_of(row, user=user, guest_id=guest_id)
        if before == value:
            return
        _keep_vote(row, before, value, user, guest_id)
        _count(row, before, value)


def retract_vote(*, comment: Comment, user: User) -> None:
    """Take the account's vote off a comment that turns out to be its own.

    Call it in a transaction that has locked the comment.
    """
    before = vote_of(comment, user=user, guest_id=None)
    if before:
        _keep_vote(comment, before, 0, user, None)
        _count(comment, before, 0)


def _count(row: Comment, before: int, value: int) -> None:
    """Count a vote that was worth before as worth value, on a row that is locked."""
    if row.parent_id is None:
        keep_rank(row)
    Comment.objects.filter(pk=row.pk).update(
        ranked_by=CurrentTransaction(),
        upvotes=F("upvotes") + int(value == 1) - int(before == 1),
        downvotes=F("downvotes") + int(value == -1) - int(before == -1),
    )


def _check_may_vote(
    comment: Comment, value: int, user: User | None, guest_id: uuid.UUID | None
) -> None:
    if is_own(comment, user=user, guest_id=guest_id):
        raise PermissionDenied(_("Nobody votes on their own comment."))
    if not comment.is_approved:
        raise PermissionDenied(_("This comment cannot be voted on."))
    if value == -1 and not Publication.current().downvotes:
        raise PermissionDenied(_("Here one votes for comments only."))


def _keep_vote(
    comment: Comment, before: int, value: int, user: User | None, guest_id: uuid.UUID | None
) -> None:
    if value == 0:
        _votes_of(comment, user, guest_id).delete()
    elif before:
        _votes_of(comment, user, guest_id).update(value=value)
    else:
        voter = {"user": user} if user else {"guest_id": guest_id}
        Vote.objects.create(comment=comment, value=value, **voter)


def withdraw_vote(vote: Vote) -> None:
    """Take a vote back for its voter who leaves, whatever has become of the comment."""
    with transaction.atomic():
        row = Comment.objects.select_for_update(no_key=True).get(pk=vote.comment_id)
        number, _rows = Vote.objects.filter(pk=vote.pk).delete()
        if not number:
            return
        if row.parent_id is None:
            keep_rank(row)
        Comment.objects.filter(pk=row.pk).update(
            ranked_by=CurrentTransaction(),
            upvotes=F("upvotes") - int(vote.value == 1),
            downvotes=F("downvotes") - int(vote.value == -1),
        )


def vote_of(comment: Comment, *, user: User | None, guest_id: uuid.UUID | None) -> int:
    """Return the reader's vote: 1, -1 or 0."""
    return _votes_of(comment, user, guest_id).values_list("value", flat=True).first() or 0


def _votes_of(comment: Comment, user: User | None, guest_id: uuid.UUID | None) -> QuerySet[Vote]:
    votes = Vote.objects.filter(comment=comment)
    if user is None and guest_id is None:
        return votes.none()
    return votes.filter(user=user) if user else votes.filter(guest_id=guest_id)


def is_own(comment: Comment, *, user: User | None, guest_id: uuid.UUID | None) -> bool:
    """Tell whether the reader, by account or else by a guest's cookie, wrote the comment."""
    if user is not None:
        return comment.user_id == user.pk
    return comment.user_id is None and guest_id is not None and comment.guest_id == guest_id


def seems_published(comment: Comment, *, user: User | None, guest_id: uuid.UUID | None) -> bool:
    """Tell whether it is published, as far as the reader may know: who is in shadow is not told."""
    return comment.is_approved or (
        comment.is_shadowed and is_own(comment, user=user, guest_id=guest_id)
    )

"""Voting on comments: one vote per reader, changed or taken back."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Publication
from comments.models import Comment, Vote
from comments.networks import network_number
from comments.ranking import CurrentTransaction, keep_rank
from comments.tasks import look_for_burst

LOOK_EVERY = 5  # votes on a comment, for a burst


def cast_vote(
    *,
    comment: Comment,
    value: int,
    user: User | None = None,
    guest_id: uuid.UUID | None = None,
    network: str = "",
) -> None:
    """Set the reader's vote to 1, -1 or 0 (none), and the comment's counts with it.

    network: what is kept of where it came from (``networks.network_key``). While the comment's
    votes are frozen, and for a reader whose vote was removed, the vote is kept and not counted.

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
        vote = _votes_of(row, user, guest_id).first()
        before = vote.value if vote else 0
        if before == value:
            return
        vote = vote or Vote(comment=row, user=user, guest_id=None if user else guest_id)
        counted_before = before if vote.is_counted else 0
        vote.value, vote.network = value, network_number(network)
        vote.is_counted = vote.burst_id is None and not row.has_frozen_votes
        if value or vote.burst_id is not None:
            vote.save()
        else:
            vote.delete()
        counted = value if vote.is_counted else 0
        if counted != counted_before:
            _change_counts(row, counted_before, counted)


def retract_vote(*, comment: Comment, user: User) -> None:
    """Take the account's vote off a comment that turns out to be its own.

    Call it in a transaction that has locked the comment.
    """
    vote = _votes_of(comment, user, None).first()
    if vote is not None:
        _withdraw(comment, vote)


def withdraw_vote(vote: Vote) -> None:
    """Take a vote back for its voter who leaves, whatever has become of the comment."""
    with transaction.atomic():
        row = Comment.objects.select_for_update(no_key=True).get(pk=vote.comment_id)
        if found := Vote.objects.filter(pk=vote.pk).first():
            _withdraw(row, found)


def _withdraw(row: Comment, vote: Vote) -> None:
    vote.delete()
    if vote.is_counted:
        _change_counts(row, vote.value, 0)


def _change_counts(row: Comment, before: int, after: int) -> None:
    if row.parent_id is None:
        keep_rank(row)
    Comment.objects.filter(pk=row.pk).update(
        ranked_by=CurrentTransaction(),
        upvotes=F("upvotes") + int(after == 1) - int(before == 1),
        downvotes=F("downvotes") + int(after == -1) - int(before == -1),
    )
    votes = row.upvotes + row.downvotes + 1
    if not before and votes % LOOK_EVERY == 0:
        look_for_burst.enqueue(row.pk)


def _check_may_vote(
    comment: Comment, value: int, user: User | None, guest_id: uuid.UUID | None
) -> None:
    if is_own(comment, user=user, guest_id=guest_id):
        raise PermissionDenied(_("Nobody votes on their own comment."))
    if not comment.is_approved:
        raise PermissionDenied(_("This comment cannot be voted on."))
    if value == -1 and not Publication.current().downvotes:
        raise PermissionDenied(_("Here one votes for comments only."))


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

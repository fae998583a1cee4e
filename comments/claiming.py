"""What somebody wrote as a guest, taken over by their account once its address is verified.

A guest's address is not verified when they write, so the browser that a comment came from may be
anybody's: it proves nothing, and what else it did (its votes on others' comments) stays a guest's.
"""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from comments.log import record_claims
from comments.models import Comment, CommentStatus, Discussion, Letter, Subscription, Vote
from comments.querysets import CommentQuerySet
from comments.voting import retract_vote

# What is deleted is nobody's any more, and spam under somebody's address is seldom theirs.
CLAIMABLE = (CommentStatus.APPROVED, CommentStatus.HELD, CommentStatus.REJECTED)


def claimable_comments(user: User) -> CommentQuerySet:
    """Return what guests wrote under the user's verified addresses and no account has taken."""
    found = Comment.objects.none()
    for address in _verified_addresses(user):
        found = found | Comment.objects.from_address(address)
    return found.filter(status__in=CLAIMABLE)


@transaction.atomic
def claim_comments(*, user: User, leave: Iterable[int] = ()) -> int:
    """Make the user's what they wrote and follow as a guest; return how many comments.

    leave: the numbers of comments that are not theirs. Nobody has voted on their own comments, so
    votes of the account on these go. A confirmed wish to be told becomes the account's, unless the
    account has said there already what it wants to be told of.
    """
    wanted = claimable_comments(user).exclude(pk__in=list(leave))
    discussions = list(wanted.order_by().values_list("discussion", flat=True).distinct())
    # Discussions first and in one order, as wherever several rows of them change: see ``lock``.
    list(
        Discussion.objects.select_for_update(no_key=True).filter(pk__in=discussions).order_by("pk")
    )
    rows = list(
        Comment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("discussion")
        .filter(pk__in=wanted.values("pk"), user=None)
        .order_by("pk")
    )
    numbers = [row.pk for row in rows]
    voted = set(
        Vote.objects.filter(user=user, comment__in=numbers).values_list("comment", flat=True)
    )
    for row in rows:
        if row.pk in voted:
            retract_vote(comment=row, user=user)
    # What the guest gave has no purpose any more; the account has a name and an address of its own.
    Comment.objects.filter(pk__in=numbers).update(
        user=user, guest_name="", guest_email="", guest_digest="", guest_id=None
    )
    record_claims(rows)
    for address in _verified_addresses(user):
        _take_subscriptions(user, address)
    return len(rows)


def _verified_addresses(user: User) -> list[str]:
    rows = EmailAddress.objects.filter(user=user, verified=True)
    return list(rows.values_list("email", flat=True))


def _take_subscriptions(user: User, address: str) -> None:
    rows = Subscription.objects.filter(user=None, email__iexact=address, confirmed_at__isnull=False)
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        same = Q(comment=row.comment_id) if row.comment_id else Q(comment=None)
        kept = Subscription.objects.filter(same, discussion=row.discussion_id, user=user).first()
        if kept is None:
            row.user, row.email = user, ""
            row.save(update_fields=["user", "email"])
        else:
            Letter.objects.filter(subscription=row).update(subscription=kept)
            row.delete()

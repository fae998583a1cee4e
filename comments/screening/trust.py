"""Whose record speaks for them.

Whose a record is must be proven: by an account, or by the browser and the address a guest gave
before, both. An address alone proves nothing, since anybody can type it; once an account has
verified it, what was approved under it counts for that account, and for nobody else.
"""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import Count, Q

from articles.models import Publication
from comments.models import Comment, CommentStatus
from comments.querysets import CommentQuerySet

REFUSED = (CommentStatus.REJECTED, CommentStatus.SPAM)


@dataclass(frozen=True)
class Record:
    """How many of a writer's comments stand, and how many were rejected or spam."""

    approved: int = 0
    refused: int = 0

    def speaks_for_them(self, publication: Publication) -> bool:
        """Tell whether it earns trust, by what the publication asks for."""
        if self.approved < publication.trust_after:
            return False
        decided = self.approved + self.refused
        return self.refused * 100 <= publication.trust_refused * decided


def is_trusted(comment: Comment, publication: Publication, *, by_others: bool = False) -> bool:
    """Tell whether the record of a comment's writer speaks for them; it need not be saved.

    by_others: whether the comment itself is left out of the record.
    """
    return record_of(comment, by_others=by_others).speaks_for_them(publication)


def record_of(comment: Comment, *, by_others: bool = False) -> Record:
    """Return what was decided of all comments that are proven to be of the same writer.

    Under an address that an account has verified only what was approved counts: what was refused
    there another may have written, to do harm.
    """
    known = Comment.objects.written_by(comment.user, comment.guest_id)
    if by_others:
        known = known.exclude(pk=comment.pk)
    if comment.user is None:
        return Record(**_counted(known.from_address(comment.guest_email)))
    own = Record(**_counted(known))
    verified = EmailAddress.objects.filter(user=comment.user, verified=True)
    as_guest = sum(
        Comment.objects.approved().filter(user=None).from_address(address).count()
        for address in verified.values_list("email", flat=True)
    )
    return Record(own.approved + as_guest, own.refused)


def _counted(comments: CommentQuerySet) -> dict[str, int]:
    return comments.aggregate(
        approved=Count("pk", filter=Q(status=CommentStatus.APPROVED)),
        refused=Count("pk", filter=Q(status__in=REFUSED)),
    )

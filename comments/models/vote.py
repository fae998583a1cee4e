"""Readers' votes."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from comments.models.burst import VoteBurst
from comments.models.comment import Comment


class Vote(models.Model):
    """One reader's vote on one comment: by account, or by a guest's signed cookie.

    It stands for its reader, whether it counts or not (see ``bursts``).
    """

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    guest_id = models.UUIDField(null=True)
    value = models.SmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    # Of the keyed hash of the network it came from, kept for some days; empty where not known.
    network = models.BigIntegerField(null=True)
    is_counted = models.BooleanField(default=True, db_default=True)
    # The burst that it was removed with.
    burst = models.ForeignKey(
        VoteBurst, models.CASCADE, null=True, related_name="removed", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "user"], name="vote_once_per_user"),
            models.UniqueConstraint(fields=["comment", "guest_id"], name="vote_once_per_guest"),
            models.CheckConstraint(
                # Only a removed one stays when its reader takes it back.
                condition=Q(value__in=[-1, 1]) | Q(value=0, burst__isnull=False),
                name="vote_up_or_down_or_removed",
            ),
            models.CheckConstraint(
                condition=Q(burst=None) | Q(is_counted=False), name="vote_removed_is_not_counted"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, guest_id=None)
                | Q(user=None, guest_id__isnull=False),
                name="vote_has_one_voter",
            ),
        ]
        indexes = [
            # All of one guest's votes, for the personal request.
            models.Index(
                fields=["guest_id"], name="vote_guest", condition=Q(guest_id__isnull=False)
            ),
            models.Index(fields=["burst"], name="vote_removed", condition=Q(burst__isnull=False)),
            models.Index(fields=["created_at", "comment"], name="vote_recent"),
            # Whose networks are still kept, by age.
            models.Index(
                fields=["created_at", "id"],
                name="vote_with_network",
                condition=Q(network__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value:+d} on {self.comment_id}"

"""Readers' votes."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from comments.models.comment import Comment


class Vote(models.Model):
    """One reader's vote on one comment: by account, or by a guest's signed cookie."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    guest_id = models.UUIDField(null=True)
    value = models.SmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "user"], name="vote_once_per_user"),
            models.UniqueConstraint(fields=["comment", "guest_id"], name="vote_once_per_guest"),
            models.CheckConstraint(condition=Q(value__in=[-1, 1]), name="vote_up_or_down"),
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
        ]

    def __str__(self) -> str:
        return f"{self.value:+d} on {self.comment_id}"

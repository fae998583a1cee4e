"""What threads were worth before, for those who are reading on in an older ranking."""

from django.db import models
from django.utils import timezone

from comments.models.comment import Comment
from comments.models.discussion import Discussion


class PastRank(models.Model):
    """What the orders went by for a thread, from one transaction until another (``ranking``)."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="past_ranks", db_index=False)
    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="+", db_index=False)
    valid_from = models.BigIntegerField()
    valid_until = models.BigIntegerField()
    score = models.IntegerField()
    best = models.FloatField()
    reply_count = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            # What was moved in a discussion since a ranking was taken, which is little.
            models.Index(fields=["discussion", "valid_until"], name="past_rank_since"),
            models.Index(fields=["created_at"], name="past_rank_written"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} until {self.valid_until}"

"""Votes that came too many at once: the case file of a comment."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.event import ModerationEvent


class VoteBurst(models.Model):
    """What was seen of a burst; open until a moderator settles it.

    expected: votes that the same time would usually have brought. fresh: votes of readers of whom
    nothing older is known. network, alike: the network that most of them came from, and how many;
    empty where no network stands out.
    """

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="bursts")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    votes = models.PositiveIntegerField(_("votes"))
    expected = models.FloatField(_("expected"))
    fresh = models.PositiveIntegerField(default=0)
    network = models.BigIntegerField(null=True)
    alike = models.PositiveIntegerField(default=0)
    found_at = models.DateTimeField(default=timezone.now)
    # The decision that took its votes out of the counts; empty while they count.
    removal = models.OneToOneField(
        ModerationEvent, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment"], name="burst_open_once", condition=Q(settled_at=None)
            ),
        ]
        indexes = [
            # Whose networks are still kept, by age.
            models.Index(
                fields=["ended_at"],
                name="burst_with_network",
                condition=Q(network__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.votes} votes, {self.expected:.1f} expected"

    @property
    def minutes(self) -> int:
        """How long it lasted, so far."""
        return max(1, round((self.ended_at - self.began_at).total_seconds() / 60))

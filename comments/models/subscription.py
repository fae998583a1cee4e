"""Who is told of new comments."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.discussion import Discussion


class Subscription(models.Model):
    """One reader's wish to be told of a discussion; a guest's counts once it is confirmed."""

    class Kind(models.TextChoices):
        ALL = "all", _("All new comments")
        REPLIES = "replies", _("Replies to my comments")

    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="subscriptions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True,
        related_name="comment_subscriptions",
    )  # fmt: skip
    email = models.EmailField(_("email"), blank=True)  # a guest's
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ALL)
    # Replies to this comment only; without one, to all of the reader's comments there.
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, blank=True, related_name="subscriptions"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["discussion", "user", "email", "kind", "comment"],
                name="subscription_once", nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="") | (Q(user=None) & ~Q(email="")),
                name="subscription_has_one_reader",
            ),
        ]  # fmt: skip
        indexes = [
            # Whether somebody with this address follows this discussion.
            models.Index(
                Upper("email"), "discussion", name="subscription_address", condition=Q(user=None)
            ),
            # Guests' wishes by age: those that wait to be confirmed, and those that were.
            models.Index(
                fields=["created_at"],
                name="subscription_unconfirmed",
                condition=Q(user=None, confirmed_at=None),
            ),
            models.Index(
                fields=["confirmed_at"],
                name="subscription_of_guest",
                condition=Q(user=None, confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.email}: {self.get_kind_display()}"

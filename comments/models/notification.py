"""What readers are told, and the letters that tell them."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.discussion import Discussion
from comments.models.own_data import OwnDataRequest
from comments.models.subscription import Subscription


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters by what is to be done with them."""

    def to_send(self) -> Self:
        """Those that wait, due or not."""
        return self.filter(sent_at=None, is_given_up=False)

    def waiting_news(self, discussion_id: int | None) -> Self:
        """Those that new comments on the discussion are put into: one for each address."""
        return self.to_send().filter(kind=Letter.Kind.NEWS, discussion=discussion_id)


class Letter(models.Model):
    """An email that is to be sent, or was. What it says is put together when it leaves.

    Of news about one discussion a reader has one letter waiting at most: what comes until it leaves
    is gathered in it.
    """

    class Kind(models.TextChoices):
        CONFIRMATION = "confirmation", _("Please confirm")
        NEWS = "news", _("New comments")
        OWN_DATA = "own-data", _("Your data")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    discussion = models.ForeignKey(
        Discussion, models.CASCADE, null=True, blank=True, related_name="letters"
    )
    # What is to be confirmed, or why there is news.
    subscription = models.ForeignKey(
        Subscription, models.CASCADE, null=True, blank=True, related_name="letters"
    )
    # Of a letter about what is kept of its reader: what it answers.
    request = models.ForeignKey(
        OwnDataRequest, models.CASCADE, null=True, blank=True, related_name="letters"
    )
    address = models.EmailField(_("to"))
    # Makes the Message-ID, so that a letter sent again after a broken connection is known again.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("last error"), blank=True)
    is_given_up = models.BooleanField(_("given up"), default=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(
                fields=["discussion", "address"], name="letter_of_news_waits_once",
                condition=Q(kind="news", sent_at=None, is_given_up=False),
            ),
            models.CheckConstraint(
                condition=Q(kind="own-data", request__isnull=False)
                | ~Q(kind="own-data") & Q(discussion__isnull=False, subscription__isnull=False),
                name="letter_has_its_reason",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["due_at"], name="letter_due", condition=Q(sent_at=None, is_given_up=False)
            ),
            models.Index(fields=["discussion", "address", "-sent_at"], name="letter_last"),
            # What is done with, by age.
            models.Index(
                fields=["sent_at"], name="letter_sent", condition=Q(sent_at__isnull=False)
            ),
            models.Index(fields=["due_at"], name="letter_given_up", condition=Q(is_given_up=True)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.created_at:%Y-%m-%d %H:%M}"


class Notification(models.Model):
    """One comment that one reader is told of: in a letter, on their notifications page, or both."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("Reply")
        MENTION = "mention", _("Mention")
        NEW = "new", _("New comment")
        FOLLOWED = "followed", _("New comment of a reader you follow")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=10, choices=Kind)
    # Without letters' case: the same person by account and as a guest is told once. After a while a
    # keyed hash stands in its place (see ``retention``).
    address = models.EmailField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="notifications"
    )
    letter = models.ForeignKey(
        Letter, models.SET_NULL, null=True, blank=True, related_name="notifications"
    )
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(fields=["comment", "address"], name="notification_once"),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_of_user"),
            models.Index(
                fields=["created_at", "id"],
                name="notification_with_address",
                condition=Q(address__contains="@"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.comment_id}"

"""What a donor gets back: a receipt by letter, and a place on the wall."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donations.models.gift import Gift


class Receipt(models.Model):
    """The letter of thanks for one gift. Its number is the receipt's."""

    gift = models.OneToOneField(Gift, models.PROTECT, related_name="receipt")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("last error"), blank=True)
    is_given_up = models.BooleanField(_("given up"), default=False)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["due_at"], name="receipt_due", condition=Q(sent_at=None, is_given_up=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What stands on it: 2026-000042."""
        return f"{self.created_at.year}-{self.pk:06d}"


class WallName(models.Model):
    """A name that a donor asked to have on the wall. Readers see it once staff agreed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SHOWN = "shown", _("Shown")
        REFUSED = "refused", _("Refused")

    gift = models.OneToOneField(Gift, models.CASCADE, related_name="wall_name")
    name = models.CharField(_("name"), max_length=60)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("name on the wall")
        verbose_name_plural = _("names on the wall")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="wall_shown", condition=Q(state="shown"))
        ]

    def __str__(self) -> str:
        return self.name

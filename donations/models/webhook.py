"""What providers deliver: events as they came, and a count of what was refused."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WebhookEvent(models.Model):
    """An event as a provider signed it, kept before anything is made of it.

    Its body is dropped after a time (``WEBHOOK_KEEP_DAYS``); its name stays, so that it is known
    again for ever.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        IGNORED = "ignored", _("Says nothing of gifts")
        FAILED = "failed", _("Not understood")

    provider = models.CharField(_("provider"), max_length=10)
    event_id = models.CharField(_("event"), max_length=200)
    kind = models.CharField(_("kind"), max_length=100, blank=True)
    body = models.BinaryField(null=True)
    headers = models.JSONField(default=dict)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    error = models.CharField(_("error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="event_once"),
        ]
        indexes = [
            models.Index(fields=["id"], name="event_waiting", condition=Q(status="waiting")),
            models.Index(
                fields=["received_at"], name="event_body_kept", condition=Q(body__isnull=False)
            ),
            models.Index(fields=["provider", "-received_at"], name="event_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind}"


class RefusedDelivery(models.Model):
    """How often something was refused on a day, and why: a number, so a flood takes no room."""

    provider = models.CharField(_("provider"), max_length=10)
    reason = models.CharField(_("reason"), max_length=10)
    day = models.DateField(_("day"))
    count = models.PositiveBigIntegerField(_("how often"), default=0)
    last_at = models.DateTimeField(_("last"), default=timezone.now)

    class Meta:
        verbose_name = _("refused delivery")
        verbose_name_plural = _("refused deliveries")
        ordering = ["-day", "provider"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "reason", "day"], name="refusals_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.reason}"

"""What the site as a whole notes about itself."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RetentionRun(models.Model):
    """One daily round of forgetting: when, and how many of each kind (``retention.rules``)."""

    started_at = models.DateTimeField(_("began"), default=timezone.now)
    finished_at = models.DateTimeField(_("ended"), null=True)
    removed = models.JSONField(_("removed"), default=dict)

    class Meta:
        verbose_name = _("round of forgetting")
        verbose_name_plural = _("forgotten data")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"

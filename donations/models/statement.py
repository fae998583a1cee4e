"""A provider's export that was uploaded, until it is imported."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Statement(models.Model):
    """A file of payments. Its content, which names donors, is dropped once it is imported."""

    class Kind(models.TextChoices):
        PAYPAL = "paypal", _("PayPal: activity download")
        STRIPE = "stripe", _("Stripe: payments export")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("file"), max_length=200)
    content = models.TextField(blank=True, editable=False)
    # How its columns, dates and types are to be read; see ``donations.statements.mapping``.
    mapping = models.JSONField(default=dict, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("uploaded by"),
    )  # fmt: skip
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    started_at = models.DateTimeField(_("import begun"), null=True, blank=True)
    imported_at = models.DateTimeField(_("imported"), null=True, blank=True)
    new = models.PositiveIntegerField(_("new"), default=0)
    known = models.PositiveIntegerField(_("known before"), default=0)
    left_out = models.PositiveIntegerField(_("left out"), default=0)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

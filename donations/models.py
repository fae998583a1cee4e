"""Drives, ways to give, and the ledger of gifts."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donations.money import MAXIMUM, format_money
from donations.querysets import CampaignQuerySet

CURRENCY = RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters, like USD."))
ADDRESS = RegexValidator(
    r"^(https://[^\s<>\"']+|mailto:[^\s<>\"']+|/(?!/)[^\s<>\"']*)\Z",
    _("Begin with https://, mailto: or /."),
)


class Campaign(models.Model):
    """A drive with a goal. What it has raised is never stored: the ledger says it."""

    label = models.CharField(_("label"), max_length=80, help_text=_("For example: JULY 2022"))
    goal_minor = models.BigIntegerField(
        _("goal, in minor units"), validators=[MinValueValidator(1)],
        help_text=_("In cents, or whatever is the currency's smallest unit: 500000 is $5,000."),
    )  # fmt: skip
    currency = models.CharField(_("currency"), max_length=3, default="USD", validators=[CURRENCY])
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    purpose = models.TextField(_("what it pays for"), blank=True)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Off: paused; the meter is not shown.")
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(goal_minor__gt=0), name="campaign_has_goal"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Raise ValidationError when the days are the wrong way round, or the goal absurd."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day is before the first.")})
        if self.goal_minor and self.goal_minor > MAXIMUM:
            raise ValidationError({"goal_minor": _("The goal is too large to be true.")})

    @property
    def days_left(self) -> int:
        """Days until the drive ends, today included; 0 when it is over."""
        return max(0, (self.ends_on - timezone.localdate()).days + 1)


class DonationMethod(models.Model):
    """A way to give, shown in the support boxes and on the donate page."""

    class Kind(models.TextChoices):
        PAYPAL = "paypal", "PayPal"
        PAGE = "page", _("Own page")
        PATREON = "patreon", "Patreon"
        CARD = "card", _("Card")
        BANK = "bank", _("Bank transfer")
        CRYPTO = "crypto", _("Cryptocurrency")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    label = models.CharField(_("label"), max_length=60)
    url = models.CharField(_("address"), max_length=500, blank=True, validators=[ADDRESS])
    details = models.TextField(
        _("details"), blank=True, help_text=_("An account number or wallet, to be copied.")
    )
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=settings.LANGUAGES,
        help_text=_("Empty: shown in every language."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("way to give")
        verbose_name_plural = _("ways to give")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Raise ValidationError when it leads nowhere."""
        if not self.url and not self.details.strip():
            raise ValidationError(_("Give an address or details; else nobody can use it."))


class SupportText(models.Model):
    """What a support box says, by placement and language."""

    class Placement(models.TextChoices):
        ABOVE = "above", _("Above a report")
        BELOW = "below", _("Below a report")

    placement = models.CharField(_("placement"), max_length=10, choices=Placement)
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=settings.LANGUAGES,
        help_text=_("Empty: where there is none in the page's language."),
    )  # fmt: skip
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("support text")
        verbose_name_plural = _("support texts")
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "language"], name="support_text_once_per_language"
            ),
        ]

    def __str__(self) -> str:
        return self.heading


class Gift(models.Model):
    """An entry of the ledger. Entries are never deleted; what went back is marked refunded."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        PENDING = "pending", _("Pending: does not count yet")
        REFUNDED = "refunded", _("Refunded: does not count any more")

    amount_minor = models.BigIntegerField(_("amount, in minor units"))
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY])
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RECEIVED)
    received_on = models.DateField(_("received on"), default=timezone.localdate)
    method = models.ForeignKey(
        DonationMethod, models.PROTECT, null=True, blank=True, related_name="gifts",
        verbose_name=_("way"),
    )  # fmt: skip
    donor_name = models.CharField(_("donor"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False,
        related_name="+",
    )  # fmt: skip
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, amount_minor__lte=MAXIMUM), name="gift_has_amount"
            ),
        ]
        indexes = [
            models.Index(
                fields=["currency", "received_on"], name="gift_counted",
                condition=Q(status="received"), include=["amount_minor"],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return format_money(self.amount_minor, self.currency)


def month_label(day: datetime.date) -> str:
    """Return what a monthly drive is called: JULY 2022."""
    return day.strftime("%B %Y").upper()

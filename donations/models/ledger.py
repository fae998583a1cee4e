"""The ledger: what happened to the money, and what of it counts. Nothing here is ever changed.

Triggers in the database refuse UPDATE, DELETE and TRUNCATE of movements, conversions and entries.
"""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donations.models.gift import Gift
from donations.models.webhook import WebhookEvent
from donations.money import MAXIMUM, format_money, validate_currency


class Movement(models.Model):
    """Something that was told of a gift's money: the ledger's source.

    Each is told once, under the name of what it tells of (a charge, a refund, a dispute). In which
    order they arrive makes no difference: what counts follows from all of them together.
    """

    class Kind(models.TextChoices):
        PENDING = "pending", _("Announced, not yet received")
        FAILED = "failed", _("Did not arrive")
        PAYMENT = "payment", _("Received")
        REFUND = "refund", _("Refunded")
        REFUND_FAILED = "refund-failed", _("Refund came back")
        # Some providers tell only how much of a payment went back so far.
        REFUNDED_SO_FAR = "refunded-so-far", _("Refunded so far")
        DISPUTE = "dispute", _("Disputed")
        DISPUTE_WON = "dispute-won", _("Dispute won")
        DISPUTE_LOST = "dispute-lost", _("Charged back")
        REVERSAL = "reversal", _("Reversed")

    gift = models.ForeignKey(Gift, models.PROTECT, related_name="movements", verbose_name=_("gift"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    reference = models.CharField(
        _("reference"), max_length=200,
        help_text=_("The provider's name for the charge, refund or dispute."),
    )  # fmt: skip
    amount_minor = models.BigIntegerField(
        _("amount, in minor units"), null=True, help_text=_("Empty: all of the gift.")
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    occurred_at = models.DateTimeField(_("occurred"))
    # By the publication's calendar, fixed when it was told: another zone later moves no gift.
    day = models.DateField(_("day"))
    # An account may go; what it did stays.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False,
        related_name="+", verbose_name=_("entered by"),
    )  # fmt: skip
    event = models.ForeignKey(
        WebhookEvent, models.PROTECT, null=True, related_name="movements", verbose_name=_("event")
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        ordering = ["occurred_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["gift", "kind", "reference"], name="movement_once"),
            models.CheckConstraint(
                condition=Q(
                    amount_minor__gt=0, amount_minor__lte=MAXIMUM, currency__regex="^[A-Z]{3}$"
                )
                | (
                    Q(amount_minor=None)
                    & ~Q(kind__in=["payment", "pending", "refunded-so-far"])
                ),
                name="movement_has_amount",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["day"], name="movement_payments", condition=Q(kind="payment"),
                include=["gift", "currency"],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        if self.amount_minor is None:
            return str(self.get_kind_display())
        return f"{self.get_kind_display()}: {format_money(self.amount_minor, self.currency)}"


class Conversion(models.Model):
    """The rate of its day, at which a gift counts in another currency, fixed once for good."""

    gift = models.ForeignKey(Gift, models.PROTECT, related_name="conversions")
    currency = models.CharField(max_length=3)
    into = models.CharField(max_length=3)
    day = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    fixed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("conversion")
        verbose_name_plural = _("conversions")
        constraints = [
            models.UniqueConstraint(
                fields=["gift", "currency", "into", "day"], name="conversion_once"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="conversion_has_rate"),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate.normalize():f} {self.into}"


class Entry(models.Model):
    """A line of the ledger: so much more, or less, counts on a day in a currency.

    The meter is the sum of these. A gift's lines are numbered in each currency, so the same
    difference cannot be entered twice, whoever tries to.
    """

    gift = models.ForeignKey(Gift, models.PROTECT, related_name="entries", verbose_name=_("gift"))
    number = models.PositiveIntegerField()
    day = models.DateField(_("day"))
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount, in minor units"))
    posted_at = models.DateTimeField(_("posted"), default=timezone.now)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gift", "currency", "number"], name="entry_once",
                include=["day", "amount_minor"],
            ),
            models.CheckConstraint(
                condition=~Q(amount_minor=0)
                & Q(amount_minor__gte=-(10**18), amount_minor__lte=10**18),
                name="entry_has_amount",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["currency", "day"], name="entry_counted", include=["amount_minor"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {format_money(self.amount_minor, self.currency)}"


class ExchangeRate(models.Model):
    """What the staff says a currency is worth, from a day on and until the next such rate.

    A gift takes the rate of its day once and keeps it, so a rate that is mended later changes only
    what is still waiting.
    """

    currency = models.CharField(_("one"), max_length=3, validators=[validate_currency])
    into = models.CharField(_("is worth in"), max_length=3, validators=[validate_currency])
    rate = models.DecimalField(
        _("rate"), max_digits=20, decimal_places=10,
        validators=[MinValueValidator(0.0000000001)],
        help_text=_("How much of the second currency one of the first is worth."),
    )  # fmt: skip
    valid_from = models.DateField(_("from"))

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["-valid_from", "currency", "into"]
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "into", "valid_from"], name="rate_once_a_day"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
            models.CheckConstraint(
                condition=~Q(currency=models.F("into")), name="rate_between_two_currencies"
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate.normalize():f} {self.into}"

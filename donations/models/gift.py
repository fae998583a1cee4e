"""A gift as it is known: whose it is and where it came from. Its money is in the ledger."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.ledger.settlement import Standing, standing_of
from donations.models.giving import DonationMethod
from donations.money import MAXIMUM, validate_currency
from donations.querysets import GiftQuerySet


class Provider(models.TextChoices):
    """Who told of a gift."""

    HAND = "hand", _("By hand")
    STRIPE = "stripe", "Stripe"
    PAYPAL = "paypal", "PayPal"
    PATREON = "patreon", "Patreon"
    KOFI = "kofi", "Ko-fi"


class Pledge(models.Model):
    """A gift that is repeated until somebody ends it (a subscription, at the provider)."""

    class Interval(models.TextChoices):
        MONTH = "month", _("Every month")
        YEAR = "year", _("Every year")

    provider = models.CharField(_("provider"), max_length=10, choices=Provider)
    reference = models.CharField(
        _("reference"), max_length=200, help_text=_("The provider's name for the subscription.")
    )
    customer = models.CharField(
        _("customer"), max_length=200, blank=True, help_text=_("The provider's name for the donor.")
    )
    amount_minor = models.BigIntegerField(_("amount, in minor units"), null=True, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, validators=[validate_currency]
    )
    interval = models.CharField(
        _("interval"), max_length=5, choices=Interval, default=Interval.MONTH
    )
    donor_name = models.CharField(_("donor"), max_length=120, blank=True)
    donor_email = models.EmailField(_("email"), blank=True)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # When the provider last spoke of it: what is older changes nothing.
    told_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("monthly gift")
        verbose_name_plural = _("monthly gifts")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "reference"], name="pledge_once"),
            models.CheckConstraint(
                condition=Q(amount_minor=None) | Q(amount_minor__gt=0, amount_minor__lte=MAXIMUM),
                name="pledge_has_amount",
            ),
        ]
        indexes = [models.Index(fields=["provider", "customer"], name="pledge_customer")]

    def __str__(self) -> str:
        return self.donor_name or self.reference

    @property
    def is_running(self) -> bool:
        return self.ended_at is None


class Gift(models.Model):
    """One payment, under the provider's name for it. Its money is told by its movements.

    What stands here may change: who gave, and a note. What was paid and what went back may not:
    see ``Movement`` and ``Entry``. A gift that nothing but a refund told of so far is kept too.
    """

    provider = models.CharField(
        _("provider"), max_length=10, choices=Provider, default=Provider.HAND
    )
    reference = models.CharField(
        _("reference"), max_length=200, help_text=_("The provider's name for the payment.")
    )
    method = models.ForeignKey(
        DonationMethod, models.PROTECT, null=True, blank=True, related_name="gifts",
        verbose_name=_("way"),
    )  # fmt: skip
    pledge = models.ForeignKey(
        Pledge, models.PROTECT, null=True, blank=True, related_name="gifts",
        verbose_name=_("monthly gift"),
    )  # fmt: skip
    customer = models.CharField(max_length=200, blank=True, editable=False)
    donor_name = models.CharField(_("donor"), max_length=120, blank=True)
    donor_email = models.EmailField(_("email"), blank=True)
    note = models.TextField(_("note"), blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False,
        related_name="+",
    )  # fmt: skip
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)

    objects = GiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "reference"], name="gift_once"),
            models.CheckConstraint(condition=~Q(reference=""), name="gift_has_reference"),
        ]
        indexes = [
            models.Index(
                fields=["provider", "customer"], name="gift_customer", condition=~Q(customer="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_provider_display()} {self.reference}"

    @property
    def standing(self) -> Standing:
        """How it stands: its status, what was paid and what counts (read its movements with it)."""
        return standing_of(self.movements.all())

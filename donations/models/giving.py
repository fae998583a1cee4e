"""Ways to give, and what the support boxes say."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

ADDRESS = RegexValidator(
    r"^(https://[^\s<>\"']+|mailto:[^\s<>\"']+|/(?!/)[^\s<>\"']*)\Z",
    _("Begin with https://, mailto: or /."),
)


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

"""Ways to give, what the support boxes say, and how often readers followed them."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

ADDRESS = RegexValidator(
    r"^(https://[^\s<>\"']+|mailto:[^\s<>\"']+|/(?!/)[^\s<>\"']*)\Z",
    _("Begin with https://, mailto: or /."),
)
BIC = RegexValidator(r"^[A-Z0-9]{8}([A-Z0-9]{3})?\Z", _("A BIC has 8 or 11 capitals and digits."))
WALLET = RegexValidator(r"^[A-Za-z0-9:_-]{20,120}\Z", _("This is no wallet's address."))


def validate_iban(text: str) -> None:
    """Raise ValidationError unless the check digits are right (ISO 13616, by MOD 97-10)."""
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", text):
        moved = text[4:] + text[:4]
        if int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1:
            return
    raise ValidationError(_("This is no IBAN: check it digit by digit."))


class IbanField(models.CharField):  # type: ignore[type-arg]
    """An account's number, typed with or without spaces, kept without."""

    default_validators = [validate_iban]

    def to_python(self, value: object) -> str | None:
        text = super().to_python(value)
        return text and re.sub(r"\s", "", text).upper()


class DonationMethod(models.Model):
    """A way to give, shown in the support boxes and on the donate page."""

    class Kind(models.TextChoices):
        PAYPAL = "paypal", "PayPal"
        PAGE = "page", _("Own page")
        PATREON = "patreon", "Patreon"
        CARD = "card", _("Card")
        BANK = "bank", _("Bank transfer")
        CRYPTO = "crypto", _("Cryptocurrency")

    class Coin(models.TextChoices):
        """By the scheme of its payment addresses."""

        BITCOIN = "bitcoin", "Bitcoin"
        LITECOIN = "litecoin", "Litecoin"
        ETHEREUM = "ethereum", "Ethereum"
        MONERO = "monero", "Monero"

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    label = models.CharField(_("label"), max_length=60)
    url = models.CharField(_("address"), max_length=500, blank=True, validators=[ADDRESS])
    account_holder = models.CharField(
        _("account holder"), max_length=70, blank=True, default="", db_default=""
    )
    iban = IbanField(_("IBAN"), max_length=34, blank=True, default="", db_default="")
    bic = models.CharField(
        _("BIC"), max_length=11, blank=True, default="", db_default="", validators=[BIC]
    )
    transfer_text = models.CharField(
        _("text of the transfer"), max_length=140, blank=True, default="", db_default="",
        help_text=_("What donors should write, so that you recognise the gift."),
    )  # fmt: skip
    coin = models.CharField(
        _("coin"), max_length=10, blank=True, default="", db_default="", choices=Coin
    )
    wallet = models.CharField(
        _("wallet"), max_length=120, blank=True, default="", db_default="", validators=[WALLET]
    )
    details = models.TextField(
        _("details"), blank=True, help_text=_("Whatever else a donor has to know.")
    )
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=settings.LANGUAGES,
        help_text=_("Empty: shown in every language."),
    )  # fmt: skip
    is_in_boxes = models.BooleanField(
        _("in the boxes"), default=True, db_default=True,
        help_text=_("Off: shown on the donate page only."),
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
        """Raise ValidationError when it leads nowhere, or half of what it needs is missing."""
        if bool(self.iban) != bool(self.account_holder):
            field = "account_holder" if self.iban else "iban"
            raise ValidationError({field: _("A transfer needs both the holder and the IBAN.")})
        if bool(self.wallet) != bool(self.coin):
            field = "coin" if self.wallet else "wallet"
            raise ValidationError({field: _("A payment in coins needs both coin and wallet.")})
        if not (self.url or self.iban or self.wallet or self.details.strip()):
            raise ValidationError(_("Give an address or details; else nobody can use it."))

    @property
    def leads_out(self) -> bool:
        """Tell whether it is a page of somebody else's."""
        return self.url.startswith("https://")

    @property
    def has_code(self) -> bool:
        """Tell whether a phone can read it as a picture."""
        return bool(self.iban or self.wallet)

    @property
    def iban_in_groups(self) -> str:
        """The IBAN as people read it aloud: in fours."""
        return " ".join(re.findall(r".{1,4}", self.iban))


class SupportText(models.Model):
    """What a support box says, by placement and language."""

    class Placement(models.TextChoices):
        ABOVE = "above", _("Above a report")
        BELOW = "below", _("Below a report")
        LINE = "line", _("A line on other pages")

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


class Departure(models.Model):
    """How many readers followed a way to give on one day, from one place. Nobody is in it."""

    class Place(models.TextChoices):
        ABOVE = "above", _("Above a report")
        BELOW = "below", _("Below a report")
        PAGE = "page", _("The donate page")

    method = models.ForeignKey(DonationMethod, models.CASCADE, related_name="departures")
    day = models.DateField(_("day"))
    place = models.CharField(_("from"), max_length=5, choices=Place)
    number = models.PositiveIntegerField(_("number"), default=0)

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        constraints = [
            models.UniqueConstraint(fields=["method", "day", "place"], name="departure_once"),
        ]

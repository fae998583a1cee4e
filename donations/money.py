"""Money in integer minor units, as it is kept, and as it is shown and typed."""

import re
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext as _

# Digits after the point (ISO 4217); whatever is not named here has two.
EXPONENTS = {
    "BHD": 3, "CLP": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "LYD": 3,
    "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "VND": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
MAXIMUM = 10**12  # minor units; a gift beyond it is a slip of the keyboard


def exponent_of(currency: str) -> int:
    """Return how many digits the currency has after the point."""
    return EXPONENTS.get(currency, 2)


def format_money(minor: int, currency: str) -> str:
    """Return an amount as readers write it: $5,000, $12.50, ¥5,000, KWD 1.234."""
    exponent = exponent_of(currency)
    amount = Decimal(minor).scaleb(-exponent)
    digits = 0 if amount == amount.to_integral_value() else exponent
    number = formats.number_format(amount, decimal_pos=digits, use_l10n=True, force_grouping=True)
    sign = SIGNS.get(currency)
    return f"{sign}{number}" if sign else f"{currency} {number}"


def parse_money(text: str, currency: str) -> int:
    """Return what was typed ("100", "12.50", "1,250") in minor units.

    Raises ValidationError, in words, for what is no positive amount of the currency.
    """
    cleaned = text.strip().removeprefix(SIGNS.get(currency, currency)).strip()
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", cleaned):
        cleaned = cleaned.replace(",", "")
    if not re.fullmatch(r"[0-9]{1,15}([.,][0-9]{1,6})?", cleaned):
        raise ValidationError(_("Write an amount like 100 or 12.50."))
    try:
        minor = Decimal(cleaned.replace(",", ".")).scaleb(exponent_of(currency))
    except InvalidOperation as error:
        raise ValidationError(_("Write an amount like 100 or 12.50.")) from error
    if minor != minor.to_integral_value():
        raise ValidationError(_("The currency has fewer digits after the point."))
    if minor <= 0:
        raise ValidationError(_("The amount must be more than nothing."))
    if minor > MAXIMUM:
        raise ValidationError(_("The amount is too large to be true. Check it."))
    return int(minor)

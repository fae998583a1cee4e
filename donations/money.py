"""Money in integer minor units, as it is kept, and as it is shown and typed."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext as _

# ISO 4217: the currencies in use by their digits after the point. A table of our own, since CLDR
# (and so Babel) tells how many digits people write, which for a dozen currencies is another number.
_BY_EXPONENT = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD"
    " CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD"
    " GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD"
    " MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP"
    " PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS"
    " TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
}
EXPONENTS = {code: digits for digits, codes in _BY_EXPONENT.items() for code in codes.split()}
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
MAXIMUM = 10**12  # minor units; a gift beyond it is a slip of the keyboard


def validate_currency(code: str) -> None:
    """Raise ValidationError unless code is a currency of ISO 4217, like USD."""
    if code not in EXPONENTS:
        raise ValidationError(_("“%(code)s” is not a currency."), params={"code": code})


def exponent_of(currency: str) -> int:
    """Return how many digits the currency has after the point."""
    return EXPONENTS.get(currency, 2)


def convert(minor: int, *, currency: str, into: str, rate: Decimal) -> int:
    """Return an amount in minor units of another currency, half a unit rounded away from nothing.

    rate: how many units of ``into`` are one unit of ``currency``.
    """
    shift = exponent_of(into) - exponent_of(currency)
    return int((minor * rate).scaleb(shift).quantize(Decimal(1), ROUND_HALF_UP))


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

"""Amounts, days and times as exports write them, in whatever country they were made."""

import datetime
import re
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from donations.money import exponent_of

# The abbreviations that PayPal writes, by their distance from UTC in hours.
ZONES = {
    "UTC": 0, "GMT": 0, "BST": 1, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "PST": -8, "PDT": -7, "MST": -7, "MDT": -6, "CST": -6, "CDT": -5, "EST": -5, "EDT": -4,
    "JST": 9, "AEST": 10, "AEDT": 11,
}  # fmt: skip
DAY = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})")


def signed_minor(text: str, currency: str) -> int:
    """Return an amount in minor units: "-1,234.50", "1.234,50 ", "20". Raises ValidationError."""
    cleaned = re.sub(r"[\s\u00a0\u202f'’]", "", text).replace("\u2212", "-")  # noqa: RUF001
    exponent = exponent_of(currency)
    # Three digits behind a single separator are thousands, but for currencies of three digits.
    fraction = r"\d{1,2}" if exponent < 3 else r"\d{1,3}"
    for group, point in ((",", "[.]"), ("[.]", ","), ("", "[.,]")):
        whole = rf"\d{{1,3}}(?:{group}\d{{3}})+|\d+" if group else r"\d+"
        found = re.fullmatch(rf"(-?)({whole})(?:{point}({fraction}))?", cleaned)
        if found and len(cleaned) <= 24:
            sign, digits, rest = found.groups()
            digits, rest = re.sub(r"[.,]", "", digits), (rest or "").rstrip("0")
            if len(rest) <= exponent:
                return int(Decimal(f"{sign}{digits}.{rest or 0}").scaleb(exponent))
    raise ValidationError(_("“%s” is no amount.") % text[:40])


def day_order(texts: list[str]) -> str:
    """Return in which order days are written: "ymd", "dmy", "mdy"; "" where it cannot be told."""
    parts = [tuple(map(int, found.groups())) for text in texts if (found := DAY.match(text))]
    if any(first > 31 for first, _second, _third in parts):
        return "ymd"
    if any("." in text for text in texts) or any(first > 12 for first, _second, _third in parts):
        return "dmy"
    return "mdy" if any(second > 12 for _first, second, _third in parts) else ""


def moment_of(day: str, time: str, zone: str, order: str) -> datetime.datetime:
    """Return when something was. order: as ``day_order`` says. Raises ValidationError."""
    found = DAY.match(day)
    clock = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", time or "12:00")
    if found and clock and order:
        number = dict(zip(order, map(int, found.groups()), strict=True))
        year = number["y"] + (2000 if number["y"] < 100 else 0)
        hour, minute, second = (int(part or 0) for part in clock.groups())
        try:
            return datetime.datetime(
                year, number["m"], number["d"], hour, minute, second, tzinfo=_zone(zone)
            )
        except ValueError:
            pass
    raise ValidationError(_("“%s” is no day and time.") % f"{day} {time}".strip()[:40])


def _zone(name: str) -> datetime.tzinfo:
    if name in ZONES:
        return datetime.timezone(datetime.timedelta(hours=ZONES[name]))
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(_("“%s” is no time zone that we know.") % name[:40]) from error

"""What came in, by month, way and kind of gift: sums over the ledger's own lines."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, CharField, Exists, OuterRef, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf, TruncMonth
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.models import Campaign, Entry, Gift, Provider
from donations.money import exponent_of, format_money

MONTHS = 24


@dataclass(frozen=True)
class Bar:
    """A label, what it stands for, and its length in per cent of the longest."""

    label: str
    amount: str
    share: int


def currencies() -> list[str]:
    """Return the currencies that the ledger counts in, the running drive's first."""
    running = Campaign.objects.running().first()
    known = list(Entry.objects.order_by("currency").values_list("currency", flat=True).distinct())
    first = running.currency if running else (known[0] if known else "USD")
    return [first, *(currency for currency in known if currency != first)]


def _counted(currency: str) -> QuerySet[Entry]:
    since = timezone.localdate().replace(day=1)
    for _month in range(MONTHS - 1):
        since = (since - datetime.timedelta(days=1)).replace(day=1)
    return Entry.objects.filter(currency=currency, day__gte=since).order_by()


def by_month(currency: str) -> list[Bar]:
    """Return what was kept of each month's gifts, the latest month first; empty ones too."""
    sums = dict(
        _counted(currency)
        .annotate(month=TruncMonth("day"))
        .values_list("month")
        .annotate(total=Sum("amount_minor"))
    )
    months = []
    month = timezone.localdate().replace(day=1)
    while sums and month >= min(sums):
        months.append((month.strftime("%Y-%m"), sums.get(month, 0)))
        month = (month - datetime.timedelta(days=1)).replace(day=1)
    return _bars(months, currency)


def by_way(currency: str) -> list[Bar]:
    """Return what came in by each way to give, the most first."""
    way = Coalesce(NullIf("gift__method__label", Value("")), "gift__provider")
    sums = (
        _counted(currency).values_list(way).annotate(total=Sum("amount_minor")).order_by("-total")
    )
    names = dict(Provider.choices)
    return _bars([(str(names.get(name, name)), total) for name, total in sums], currency)


def by_kind(currency: str) -> list[Bar]:
    """Return what came in once, as the first of a repeated gift, and as one that followed it."""
    earlier = Gift.objects.filter(pledge=OuterRef("gift__pledge"), pk__lt=OuterRef("gift"))
    kind = Case(
        When(gift__pledge=None, then=Value("once")),
        When(Exists(earlier), then=Value("recurring")),
        default=Value("new"), output_field=CharField(),
    )  # fmt: skip
    sums = dict(_counted(currency).values_list(kind).annotate(total=Sum("amount_minor")))
    names = {
        "once": _("Given once"), "new": _("New monthly gifts"), "recurring": _("Monthly gifts"),
    }  # fmt: skip
    return _bars([(name, sums.get(key, 0)) for key, name in names.items()], currency)


def _bars(rows: list[tuple[str, int]], currency: str) -> list[Bar]:
    longest = max((total for _label, total in rows), default=0) or 1
    return [
        Bar(label, format_money(total, currency), max(0, total * 100 // longest))
        for label, total in rows
    ]


def rows_for_csv(gifts: QuerySet[Gift]) -> Iterator[list[str]]:
    """Yield a heading and a row a gift, for a spreadsheet. Amounts are in whole units."""
    yield [
        "provider", "reference", "date", "status", "currency", "paid", "kept", "way", "monthly",
        "donor", "email", "note",
    ]  # fmt: skip
    told = gifts.order_by("pk").select_related("method").prefetch_related("movements")
    for gift in told.iterator(chunk_size=500):
        standing = gift.standing
        paid = _whole(standing.paid_minor, standing.currency)
        kept = _whole(standing.kept_minor, standing.currency)
        yield [
            gift.provider, _plain(gift.reference), str(standing.day or ""), standing.status.value,
            standing.currency, paid, kept, _plain(gift.method.label if gift.method else ""),
            "yes" if gift.pledge_id else "no", _plain(gift.donor_name), _plain(gift.donor_email),
            _plain(gift.note),
        ]  # fmt: skip


def _whole(minor: int, currency: str) -> str:
    exponent = exponent_of(currency)
    whole, rest = divmod(minor, 10**exponent)
    return f"{whole}.{rest:0{exponent}d}" if exponent else str(whole)


def _plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

"""Enters into the ledger what a gift counts: always the difference to what it counts already."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import transaction

from donations.ledger.rates import fix_rates
from donations.ledger.settlement import Standing, standing_of
from donations.models import Entry, Gift, Movement
from donations.money import convert

type Lines = dict[tuple[str, datetime.date], int]


def settle_gift(gift: Gift, movements: Iterable[Movement]) -> Standing:
    """Make the ledger say what the gift's movements say together; return how it stands.

    Entered are only differences, as new lines. The caller holds the gift's row.
    """
    standing = standing_of(movements)
    rates = fix_rates(gift, standing.currency, standing.day) if standing.day else {}
    due = lines_due(standing, rates)
    entered: Counter[tuple[str, datetime.date]] = Counter()
    numbers: Counter[str] = Counter()
    for currency, day, amount in gift.entries.values_list("currency", "day", "amount_minor"):
        entered[currency, day] += amount
        numbers[currency] += 1
    lines = []
    # What is added stands before what is taken off, so that no line goes below nothing.
    differences = {key: due.get(key, 0) - entered[key] for key in {*due, *entered}}
    for (currency, day), amount in sorted(differences.items(), key=lambda item: -item[1]):
        if amount:
            numbers[currency] += 1
            lines.append(
                Entry(gift=gift, number=numbers[currency], day=day, currency=currency,
                      amount_minor=amount)
            )  # fmt: skip
    Entry.objects.bulk_create(lines)
    return standing


def lines_due(standing: Standing, rates: Mapping[str, Decimal]) -> Lines:
    """Return what should count, by currency and day. rates: those fixed for the gift's day."""
    if standing.day is None:
        return {}
    due = {(standing.currency, standing.day): standing.kept_minor}
    for into, rate in rates.items():
        amount = convert(standing.kept_minor, currency=standing.currency, into=into, rate=rate)
        due[into, standing.day] = amount
    return {key: amount for key, amount in due.items() if amount}


def count_waiting() -> int:
    """Enter gifts that waited for an exchange rate, or for a drive in their time.

    To be called when either was added. Each gift is a transaction of its own. Returns how many
    wait no more.
    """
    waited = list(Gift.objects.waiting().values_list("pk", flat=True))
    for number in waited:
        with transaction.atomic():
            gift = Gift.objects.select_for_update().get(pk=number)
            settle_gift(gift, gift.movements.all())
    return len(waited) - Gift.objects.filter(pk__in=waited).waiting().count()

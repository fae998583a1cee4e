"""What foreign money is worth: taken once from the staff's table, then fixed for the gift."""

import datetime
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Value

from donations.models import Campaign, Conversion, ExchangeRate, Gift


def fix_rates(gift: Gift, currency: str, day: datetime.date) -> dict[str, Decimal]:
    """Return the rates at which a gift counts, by currency, fixing those that are open.

    Wanted is each currency of a drive of that day. Where no rate is known yet the gift waits: it
    counts in its own currency only.
    """
    fixed = dict(gift.conversions.filter(currency=currency, day=day).values_list("into", "rate"))
    rates = (
        ExchangeRate.objects.filter(
            currency=currency, into=OuterRef("currency"), valid_from__lte=day
        )
        .order_by("-valid_from")
        .values("rate")[:1]
    )
    wanted = (
        Campaign.objects.covering(Value(day))
        .exclude(currency__in=[currency, *fixed])
        .order_by()
        .values_list("currency", Subquery(rates))
        .distinct()
    )
    for into, rate in wanted:
        if rate is not None:
            Conversion.objects.create(gift=gift, currency=currency, into=into, day=day, rate=rate)
            fixed[into] = rate
    return fixed

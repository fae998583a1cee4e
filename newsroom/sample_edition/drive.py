"""Fills the donations' ledger: this month's drive and the two before it."""

import datetime
from typing import Any

from donations.ledger import record_gift
from donations.models import Campaign, DonationMethod, Gift, SupportText, month_label


def add_drives(drive: dict[str, Any], today: datetime.date) -> None:
    """Add the ways to give, the texts, and three monthly drives with their gifts."""
    methods = [
        DonationMethod.objects.create(
            position=position, **{name: value.strip() for name, value in row.items()}
        )
        for position, row in enumerate(drive["methods"])
    ]
    for text in drive["texts"]:
        SupportText.objects.create(**text)
    last = _last_of_month(today)
    for number, gifts in enumerate(drive["gifts"]):
        first = last.replace(day=1)
        Campaign.objects.create(
            label=month_label(first), goal_minor=drive["goal"], starts_on=first, ends_on=last,
            purpose=drive["purpose"],
        )  # fmt: skip
        _record(gifts, first, today if number == 0 else last, methods)
        last = first - datetime.timedelta(days=1)


def _record(
    gifts: dict[str, Any], first: datetime.date, last: datetime.date, methods: list[DonationMethod]
) -> None:
    """Enter the month's gifts, spread evenly over its days."""
    amounts = [(amount, Gift.Status.RECEIVED) for amount in gifts["amounts"]]
    amounts += [(amount, Gift.Status.PENDING) for amount in gifts["pending"]]
    donors = gifts["donors"] + [""] * len(gifts["pending"])
    for number, ((amount, status), donor) in enumerate(zip(amounts, donors, strict=True)):
        record_gift(
            amount_minor=amount, currency="USD", status=status, by=None, donor_name=donor,
            received_on=first + (last - first) * number // max(1, len(amounts) - 1),
            method=methods[number % len(methods)],
        )  # fmt: skip


def _last_of_month(day: datetime.date) -> datetime.date:
    return (day.replace(day=1) + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(
        days=1
    )

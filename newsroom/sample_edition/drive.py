"""Fills the donations' ledger: a monthly drive, in this month and the two before it."""

import datetime
from typing import Any

from donations.ledger.by_hand import record_gift
from donations.ledger.recording import Donor
from donations.models import Campaign, DonationMethod, SupportText


def add_drives(drive: dict[str, Any], today: datetime.date) -> None:
    """Add the ways to give, the texts, and a monthly drive with the gifts of three months."""
    methods = [
        DonationMethod.objects.create(
            position=position, **{name: value.strip() for name, value in row.items()}
        )
        for position, row in enumerate(drive["methods"])
    ]
    for text in drive["texts"]:
        SupportText.objects.create(**text)
    months = [Campaign.month_of(today)]
    while len(months) < len(drive["gifts"]):
        months.append(Campaign.month_of(months[-1].before))
    campaign = Campaign.objects.create(
        label="Monthly drive", kind=Campaign.Kind.MONTHLY, goal_minor=drive["goal"],
        starts_on=months[-1].starts_on, purpose=drive["purpose"],
    )  # fmt: skip
    for milestone in drive["milestones"]:
        campaign.milestones.create(**milestone)
    for month, gifts in zip(months, drive["gifts"], strict=True):
        _record(gifts, month.starts_on, min(today, month.ends_on), methods)


def _record(
    gifts: dict[str, Any], first: datetime.date, last: datetime.date, methods: list[DonationMethod]
) -> None:
    """Enter the month's gifts, spread evenly over its days."""
    amounts = [(amount, False) for amount in gifts["amounts"]]
    amounts += [(amount, True) for amount in gifts["pending"]]
    donors = gifts["donors"] + [""] * len(gifts["pending"])
    for number, ((amount, is_pending), donor) in enumerate(zip(amounts, donors, strict=True)):
        record_gift(
            amount_minor=amount, currency="USD", is_pending=is_pending, by=None,
            received_on=first + (last - first) * number // max(1, len(amounts) - 1),
            donor=Donor(name=donor, method=methods[number % len(methods)]),
        )  # fmt: skip

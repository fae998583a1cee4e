"""The edition's drive: $100 of $5,000 this month, two months before it, and how to give."""

import datetime

from django.utils import timezone

from donations.ledger import record_gift
from donations.models import Campaign, DonationMethod, Gift, SupportText, month_label

Kind = DonationMethod.Kind
GOAL = 500_000  # cents
PAST_GIFTS = [
    (60_000, 120_000, 45_000, 212_500, 90_000),
    (30_000, 175_000, 80_000, 64_000),
]  # cents
PURPOSE = """One reporter on the drought series for a month costs $2,900.

The court fees for opening the district's water permits were $640.

What is left keeps the presses, which are two rented computers, running."""


def load_drive() -> None:
    """Make the ways to give, the texts, this month's drive and two past ones."""
    methods = [
        DonationMethod(kind=Kind.PAYPAL, label="PayPal", url="https://paypal.example.org/meridian"),
        DonationMethod(kind=Kind.PAGE, label="Card or debit", url="https://give.example.org/"),
        DonationMethod(kind=Kind.PATREON, label="Patreon", url="https://patreon.example.org/meridian"),
        DonationMethod(
            kind=Kind.BANK, label="Bank transfer", details="XX00 EXAMPLE 0000 0000 0000 (not a real account)"
        ),
        DonationMethod(
            kind=Kind.CRYPTO, label="Bitcoin", details="bc1qexampleexampleexample (not a real wallet)"
        ),
    ]  # fmt: skip
    for position, method in enumerate(methods):
        method.position = position
        method.save()
    SupportText.objects.create(
        placement="above",
        heading="Reported because readers pay for it",
        text="No owner, no advertising. A coffee’s worth a month is enough.",
    )
    SupportText.objects.create(
        placement="below",
        heading="Was this worth your time?",
        text="The Ledger belongs to nobody but its readers. If you can, help to pay for the next report.",
    )
    first = timezone.localdate().replace(day=1)
    for month, gifts in enumerate([None, *PAST_GIFTS]):
        campaign = _month(first, month)
        for number, amount in enumerate(gifts or ()):
            _gift(amount, campaign.starts_on + datetime.timedelta(days=3 + 4 * number), methods)
    _gift(7_500, first, methods)
    _gift(2_500, first, methods)
    _gift(5_000, first, methods, status=Gift.Status.PENDING)


def _month(first: datetime.date, before: int) -> Campaign:
    """Make the drive of a month, so many before the one that begins on first."""
    start = first
    for _ in range(before):
        start = (start - datetime.timedelta(days=1)).replace(day=1)
    end = (start + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
    return Campaign.objects.create(
        label=month_label(start), goal_minor=GOAL, starts_on=start, ends_on=end, purpose=PURPOSE
    )


def _gift(
    amount: int,
    day: datetime.date,
    methods: list[DonationMethod],
    status: str = Gift.Status.RECEIVED,
) -> None:
    record_gift(
        amount_minor=amount, currency="USD", received_on=day, by=None, status=status,
        method=methods[amount % 3],
    )  # fmt: skip

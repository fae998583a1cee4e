"""Drives, ways to give and gifts, for tests."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory
from django.db import transaction
from django.utils import timezone

from donations.ledger.by_hand import record_gift
from donations.models import Campaign, DonationMethod, ExchangeRate, Gift


class CampaignFactory(factory.django.DjangoModelFactory[Campaign]):
    """A running drive for $5,000."""

    class Meta:
        model = Campaign

    label = "JULY 2022"
    goal_minor = 500_000
    currency = "USD"
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=10))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=11))


class MethodFactory(factory.django.DjangoModelFactory[DonationMethod]):
    class Meta:
        model = DonationMethod

    kind = DonationMethod.Kind.PAYPAL
    label = "PayPal"
    url = "https://pay.example.org/give"


class GiftFactory(factory.django.DjangoModelFactory[Gift]):
    """A received gift of $100."""

    class Meta:
        model = Gift

    amount_minor = 10_000
    currency = "USD"
    received_on = factory.LazyFunction(timezone.localdate)
    by = None

    @classmethod
    def _create(cls, _model: type[Gift], *_args: Any, **told: Any) -> Gift:
        return record_gift(**told)


class RateFactory(factory.django.DjangoModelFactory[ExchangeRate]):
    """A euro for $1.10."""

    class Meta:
        model = ExchangeRate

    currency = "EUR"
    into = "USD"
    rate = Decimal("1.10")
    valid_from = datetime.date(2020, 1, 1)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo what the context does."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

"""What counts of a gift, from all that was told of it: a pure rule over a set of facts.

It looks at facts by what they say, never by when they arrived, so any order, and any repetition,
of the same facts gives the same answer.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

PAYMENT = "payment"


class Fact(Protocol):
    """What a movement says. A reference names the charge, the refund or the dispute."""

    kind: str
    reference: str
    amount_minor: int | None  # None: all of the payment
    currency: str
    occurred_at: datetime.datetime
    day: datetime.date


class Status(models.TextChoices):
    """How a gift stands, in a word."""

    UNPAID = "unpaid", _("Told of, not received")
    PENDING = "pending", _("Pending")
    FAILED = "failed", _("Failed")
    RECEIVED = "received", _("Received")
    PARTLY_REFUNDED = "partly-refunded", _("Refunded in part")
    REFUNDED = "refunded", _("Refunded")
    DISPUTED = "disputed", _("Disputed")
    CHARGED_BACK = "charged-back", _("Charged back")
    REVERSED = "reversed", _("Reversed")
    UNCLEAR = "unclear", _("Told in two currencies")


@dataclass(frozen=True)
class Standing:
    """What was paid, and what of it counts, in the currency and on the day of the payment."""

    status: Status
    currency: str = ""
    day: datetime.date | None = None
    paid_minor: int = 0
    kept_minor: int = 0


def standing_of(facts: Iterable[Fact]) -> Standing:
    """Return how a gift stands by all facts that are known of it.

    Nothing counts without a payment. When several reports tell of it (a charge, a checkout), the
    earliest says how much and when. What is refunded, reversed, in dispute or lost in one is taken
    off, never below nothing, on the payment's own day: what goes back was not given that month. A
    refund in another currency than the payment's cannot be taken off, so then nothing counts.
    """
    known = sorted(facts, key=lambda fact: (fact.occurred_at, fact.kind, fact.reference))
    payment = next((fact for fact in known if fact.kind == PAYMENT), None)
    if payment is None or payment.amount_minor is None:
        return Standing(_unpaid(known))
    paid = payment.amount_minor
    if any(f.currency not in {payment.currency, ""} for f in known if f.kind != PAYMENT):
        return Standing(Status.UNCLEAR, payment.currency, payment.day, paid)
    refunded = min(paid, _refunded(known, paid))
    disputed, lost = _disputed(known, paid)
    reversed_ = sum(_amount(fact, paid) for fact in known if fact.kind == "reversal")
    # A lost dispute may be told as a reversal too: whichever knows of more.
    kept = max(0, paid - refunded - max(disputed + lost, reversed_))
    if lost:
        status = Status.CHARGED_BACK
    elif disputed:
        status = Status.DISPUTED
    elif reversed_:
        status = Status.REVERSED
    elif refunded:
        status = Status.REFUNDED if refunded == paid else Status.PARTLY_REFUNDED
    else:
        status = Status.RECEIVED
    return Standing(status, payment.currency, payment.day, paid, kept)


def _amount(fact: Fact, paid: int) -> int:
    return paid if fact.amount_minor is None else fact.amount_minor


def _unpaid(known: list[Fact]) -> Status:
    kinds = {fact.kind for fact in known}
    if "failed" in kinds:
        return Status.FAILED
    return Status.PENDING if "pending" in kinds else Status.UNPAID


def _refunded(known: list[Fact], paid: int) -> int:
    """Return what went back: refund by refund or as a running total, whichever knows of more."""
    failed = {f.reference: _amount(f, paid) for f in known if f.kind == "refund-failed"}
    single = {f.reference: _amount(f, paid) for f in known if f.kind == "refund"}
    so_far = max((_amount(f, paid) for f in known if f.kind == "refunded-so-far"), default=0)
    return max(0, max(sum((failed | single).values()), so_far) - sum(failed.values()))


def _disputed(known: list[Fact], paid: int) -> tuple[int, int]:
    """Return what is in dispute, and what was lost in one; the latest word on each decides."""
    latest = {f.reference: f for f in known if f.kind.startswith("dispute")}
    opened = sum(_amount(f, paid) for f in latest.values() if f.kind == "dispute")
    lost = sum(_amount(f, paid) for f in latest.values() if f.kind == "dispute-lost")
    return opened, lost

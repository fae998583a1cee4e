"""Takes down what is told of a gift's money: once each, in whatever order it comes."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.ledger.pledges import hold_customer
from donations.ledger.posting import settle_gift
from donations.models import DonationMethod, Gift, Movement, Pledge, WebhookEvent
from donations.money import MAXIMUM, validate_currency

LONGEST_REFERENCE = 200


@dataclass(frozen=True)
class Donor:
    """Who gave and how, as far as it was told."""

    name: str = ""
    email: str = ""
    note: str = ""
    customer: str = ""  # the provider's name for the donor; leads from a gift to its pledge
    method: DonationMethod | None = None


@dataclass(frozen=True)
class Report:
    """One thing told of a payment, by a provider, a file or the staff."""

    provider: str
    payment: str  # the provider's name for the payment that it is about
    kind: Movement.Kind
    occurred_at: datetime.datetime
    amount_minor: int | None = None  # None: all of the payment, where less may go back
    currency: str = ""
    # Of what it tells (a charge, a refund, a dispute), under the provider's name. Payments may be
    # told of by several things; the earliest counts.
    reference: str = ""
    # By the publication's calendar; None: the day of occurred_at in the current time zone.
    day: datetime.date | None = None
    donor: Donor = field(default_factory=Donor)


def record_report(
    report: Report, *, by: Any = None, event: WebhookEvent | None = None
) -> tuple[Gift, bool]:
    """Record what is told, and settle its gift; return the gift, and whether it was news.

    by: the user who entered or imported it. event: the provider's event that told it. Told again,
    it changes nothing but what was not known of the donor. A refund or dispute whose payment is not
    known yet is kept, and applied when the payment comes. Raises ValidationError for what makes no
    sense.
    """
    check_report(report)
    # Whoever calls it within a transaction decides what is undone when it fails.
    with transaction.atomic(savepoint=False):
        hold_customer(report.provider, report.donor.customer)
        gift = _gift_of(report, by)
        _note_donor(gift, report.donor)
        known = list(gift.movements.all())
        reference = report.reference or report.payment
        if any((m.kind, m.reference) == (report.kind, reference) for m in known):
            return gift, False
        known.append(
            Movement.objects.create(
                gift=gift, kind=report.kind, reference=reference,
                amount_minor=report.amount_minor, currency=report.currency,
                occurred_at=report.occurred_at, entered_by=by, event=event,
                day=report.day or timezone.localdate(report.occurred_at),
            )
        )  # fmt: skip
        settle_gift(gift, known)
        return gift, True


def check_report(report: Report) -> None:
    """Raise ValidationError, in words, for a report that makes no sense."""
    for name in (report.payment, report.reference or report.payment):
        if not name or len(name) > LONGEST_REFERENCE or "\x00" in name:
            raise ValidationError(_("This is no reference of a payment."))
    if report.amount_minor is None:
        if report.kind in {"payment", "pending", "refunded-so-far"}:
            raise ValidationError(_("Say how much."))
        return
    validate_currency(report.currency)
    if report.amount_minor <= 0:
        raise ValidationError(_("The amount must be more than nothing."))
    if report.amount_minor > MAXIMUM:
        raise ValidationError(_("The amount is too large to be true. Check it."))


def _gift_of(report: Report, by: Any) -> Gift:
    """Return the gift, made if need be, and held until the transaction ends."""
    rows = Gift.objects.select_for_update().filter(
        provider=report.provider, reference=report.payment
    )
    if (gift := rows.first()) is None:
        new = Gift(provider=report.provider, reference=report.payment, entered_by=by)
        Gift.objects.bulk_create([new], ignore_conflicts=True)  # somebody else may have, just now
        gift = rows.get()
    return gift


def _note_donor(gift: Gift, donor: Donor) -> None:
    """Keep what is told of the donor where nothing was known."""
    told = {
        "donor_name": donor.name[:120], "donor_email": donor.email, "note": donor.note,
        "customer": donor.customer, "method": donor.method,
    }  # fmt: skip
    news: dict[str, Any] = {
        name: value for name, value in told.items() if value and not getattr(gift, name)
    }
    if news.get("customer") and gift.pledge_id is None:
        news["pledge"] = Pledge.objects.filter(
            provider=gift.provider, customer=donor.customer
        ).first()  # fmt: skip
    for name, value in news.items():
        setattr(gift, name, value)
    if news:
        gift.save(update_fields=list(news))

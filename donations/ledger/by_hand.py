"""What the staff enters: gifts that no provider tells of, and what becomes of them."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.ledger.recording import Donor, Report, record_report
from donations.ledger.settlement import Standing, Status, standing_of
from donations.models import Gift, Movement, Provider

Kind = Movement.Kind
# Their refunds come as events or in their exports; entered by hand too, they would go off twice.
# Patreon tells of whole refunds only, which take off no more than is left.
TELL_OF_REFUNDS = frozenset({Provider.STRIPE, Provider.PAYPAL})


def record_gift(
    *,
    amount_minor: int,
    currency: str,
    received_on: datetime.date,
    by: Any,
    is_pending: bool = False,
    donor: Donor | None = None,
    reference: str = "",
) -> Gift:
    """Enter a gift by hand; return it. A pending one is announced and does not count yet.

    by: who entered it, None for a program. reference: a name that makes it one and the same gift
    when it is entered twice (a form's key); by default each is a new one. Raises ValidationError
    when the entry makes no sense.
    """
    if received_on > timezone.localdate():
        raise ValidationError({"received_on": _("That day is still to come.")})
    gift, _is_new = record_report(
        Report(
            provider=Provider.HAND, payment=reference or uuid.uuid4().hex,
            kind=Kind.PENDING if is_pending else Kind.PAYMENT,
            amount_minor=amount_minor, currency=currency,
            occurred_at=_noon(received_on), day=received_on, donor=donor or Donor(),
        ),
        by=by,
    )  # fmt: skip
    return gift


def confirm_gift(*, gift: Gift, by: Any, received_on: datetime.date | None = None) -> None:
    """Say that an announced gift has come in: it counts from now on.

    received_on: today by default. Raises PermissionDenied without the right to change gifts,
    ValidationError for one that does not wait.
    """
    day = received_on or timezone.localdate()
    with transaction.atomic():
        movements, standing = _held(gift, by)
        if standing.status != Status.PENDING:
            raise ValidationError(_("This gift is not pending."))
        announced = next(m for m in movements if m.kind == Kind.PENDING)
        report = Report(
            provider=gift.provider, payment=gift.reference, kind=Kind.PAYMENT,
            amount_minor=announced.amount_minor, currency=announced.currency,
            occurred_at=_noon(day), day=day,
        )  # fmt: skip
        record_report(report, by=by)


def refund_gift(*, gift: Gift, by: Any, amount_minor: int | None = None) -> None:
    """Say that a gift, or a part of it, went back: so much of it does not count any more.

    amount_minor: in the gift's currency; all that is left by default. by: a user, of whatever model
    the site has. Raises PermissionDenied without the right to change gifts, ValidationError when
    there is not so much left, or the provider tells of its refunds itself.
    """
    _take_off(gift, by, Kind.REFUND, amount_minor)


def reverse_gift(*, gift: Gift, by: Any) -> None:
    """Say that a gift was entered by mistake or never came. Raises as ``refund_gift`` does."""
    _take_off(gift, by, Kind.REVERSAL, None)


def _take_off(gift: Gift, by: Any, kind: Movement.Kind, amount_minor: int | None) -> None:
    with transaction.atomic():
        _movements, standing = _held(gift, by)
        if gift.provider in TELL_OF_REFUNDS:
            raise ValidationError(
                _("Refund it at %(provider)s, which will tell us of it.")
                % {"provider": gift.get_provider_display()}
            )
        amount = standing.kept_minor if amount_minor is None else amount_minor
        if standing.status == Status.PENDING and kind == Kind.REVERSAL:
            kind, amount = Kind.FAILED, 0
        elif not standing.kept_minor:
            raise ValidationError(_("Nothing is left of this gift."))
        elif amount > standing.kept_minor:
            raise ValidationError(_("There is not so much left of this gift."))
        report = Report(
            provider=gift.provider, payment=gift.reference, kind=kind,
            amount_minor=amount or None, currency=standing.currency,
            occurred_at=timezone.now(), reference=f"hand-{uuid.uuid4().hex}",
        )  # fmt: skip
        record_report(report, by=by)


def _held(gift: Gift, by: Any) -> tuple[list[Movement], Standing]:
    """Return what is known of a gift; nobody else changes it while this transaction lasts."""
    if not by.has_perm("donations.change_gift"):
        raise PermissionDenied(_("You may not change gifts."))
    Gift.objects.select_for_update().only("pk").get(pk=gift.pk)
    movements = list(gift.movements.all())
    return movements, standing_of(movements)


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))

"""What a line of a statement tells of a gift."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from donations.ledger.recording import Donor, Report
from donations.models import Movement, Statement
from donations.money import validate_currency
from donations.statements.mapping import Meaning
from donations.statements.table import Row
from donations.statements.values import moment_of, signed_minor

Kind = Movement.Kind


class LeftOutError(Exception):
    """The line is no gift, and no mistake either; why, in words."""


def reports_of(kind: str, row: Row, mapping: dict[str, Any]) -> list[Report]:
    """Return what a line tells, under the names that the provider's events have too.

    Raises LeftOutError for a line that is no gift, ValidationError for one that makes no sense.
    """
    cells = {name: row.cells.get(column, "") for name, column in mapping["columns"].items()}
    read = {Statement.Kind.PAYPAL: _paypal, Statement.Kind.STRIPE: _stripe}[Statement.Kind(kind)]
    return read(cells, mapping)


def _paypal(cells: dict[str, str], mapping: dict[str, Any]) -> list[Report]:
    meaning = mapping["types"].get(cells["type"], Meaning.OTHER)
    if meaning == Meaning.OTHER:
        raise LeftOutError(_("“%s” is no gift.") % cells["type"])
    status = cells["status"].casefold()
    if status not in {"", "completed", "abgeschlossen", "completado", "pending"}:
        raise LeftOutError(_("Its status is “%s”.") % cells["status"])
    currency = _currency(cells["currency"])
    amount = signed_minor(cells["amount"], currency)
    told: dict[str, Any] = {
        "provider": "paypal", "currency": currency, "amount_minor": abs(amount),
        "occurred_at": moment_of(
            cells["day"], cells["time"], cells["zone"] or "UTC", mapping["order"]
        ),
    }  # fmt: skip
    if meaning == Meaning.GIFT:
        if amount <= 0:
            raise LeftOutError(_("It was paid by you, not to you."))
        # A subscription is what its payments refer to.
        customer = cells["about"] if cells["about"].startswith("I-") else ""
        kind = Kind.PENDING if status == "pending" else Kind.PAYMENT
        return [Report(payment=cells["id"], kind=kind, donor=_donor(cells, customer), **told)]
    if amount >= 0:
        raise LeftOutError(_("Money that came back to you: enter it by hand if it counts."))
    if not cells["about"]:
        raise ValidationError(_("It does not say which payment went back."))
    kind = Kind.REFUND if meaning == Meaning.REFUND else Kind.REVERSAL
    return [Report(payment=cells["about"], reference=cells["id"], kind=kind, **told)]


def _stripe(cells: dict[str, str], mapping: dict[str, Any]) -> list[Report]:
    status = cells["status"].casefold()
    if status in {"failed", "canceled", "blocked", "uncaptured", "incomplete"}:
        raise LeftOutError(_("Its status is “%s”.") % cells["status"])
    currency = _currency(cells["currency"])
    day, _space, time = cells["day"].partition(" ")
    charge = cells["id"]
    told: dict[str, Any] = {
        "provider": "stripe", "payment": cells["payment"] or charge, "currency": currency,
        "occurred_at": moment_of(day, time, "UTC", mapping["order"]),
    }  # fmt: skip
    paid = signed_minor(cells["amount"], currency)
    kind = Kind.PENDING if status == "pending" else Kind.PAYMENT
    donor = _donor(cells, cells["customer"])
    reports = [Report(kind=kind, reference=charge, amount_minor=paid, donor=donor, **told)]
    back = signed_minor(cells["refunded"] or "0", currency)
    if back:
        # The total that went back so far, under the name that the event about it has.
        name = f"{charge} {back}"
        reports.append(Report(kind=Kind.REFUNDED_SO_FAR, reference=name, amount_minor=back, **told))
    if cells["dispute"].casefold() == "lost":
        lost = signed_minor(cells["disputed"] or cells["amount"], currency)
        name = f"{charge} dispute"
        reports.append(Report(kind=Kind.REVERSAL, reference=name, amount_minor=lost, **told))
    return reports


def _currency(text: str) -> str:
    code = text.upper()
    try:
        validate_currency(code)
    except ValidationError as error:
        raise ValidationError(error.messages[0]) from error
    return code


def _donor(cells: dict[str, str], customer: str) -> Donor:
    """Return who gave; an address that is none is left out, the gift is not."""
    email = cells["email"][:254]
    try:
        validate_email(email)
    except ValidationError:
        email = ""
    return Donor(name=cells["name"][:120], email=email, customer=customer[:200])

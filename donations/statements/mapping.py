"""How a statement is to be read: its columns, the order of its days, the meaning of its types."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.models import Statement
from donations.statements.table import columns_of, rows_of
from donations.statements.values import day_order


class Meaning(models.TextChoices):
    """What a line of some type is."""

    GIFT = "gift", gettext_lazy("A gift")
    REFUND = "refund", gettext_lazy("A refund")
    REVERSAL = "reversal", gettext_lazy("A reversal or chargeback")
    OTHER = "other", gettext_lazy("Something else: left out")


@dataclass(frozen=True)
class Column:
    """What we look for in a file: its name with us, and what exports call it."""

    name: str
    headers: tuple[str, ...]
    is_needed: bool = True


COLUMNS = {
    Statement.Kind.PAYPAL: (
        Column("day", ("Date", "Datum", "Fecha", "Дата")),
        Column("time", ("Time", "Uhrzeit", "Hora", "Время"), is_needed=False),
        Column("zone", ("TimeZone", "Time Zone", "Zeitzone", "Zona horaria"), is_needed=False),
        Column("type", ("Type", "Typ", "Tipo", "Description", "Beschreibung")),
        Column("status", ("Status", "Estado"), is_needed=False),
        Column("currency", ("Currency", "Währung", "Divisa")),
        Column("amount", ("Gross", "Brutto", "Bruto")),
        Column("id", ("Transaction ID", "Transaktionscode", "Id. de transacción")),
        Column("about", ("Reference Txn ID", "Zugehöriger Transaktionscode"), is_needed=False),
        Column("name", ("Name", "Nombre"), is_needed=False),
        Column("email", ("From Email Address", "Absender E-Mail-Adresse"), is_needed=False),
    ),
    Statement.Kind.STRIPE: (
        Column("id", ("id",)),
        Column("payment", ("PaymentIntent ID", "Payment Intent ID"), is_needed=False),
        Column("day", ("Created date (UTC)", "Created (UTC)", "Created")),
        Column("amount", ("Amount",)),
        Column("refunded", ("Amount Refunded",), is_needed=False),
        Column("currency", ("Currency",)),
        Column("status", ("Status",)),
        Column("dispute", ("Dispute Status",), is_needed=False),
        Column("disputed", ("Disputed Amount",), is_needed=False),
        Column("name", ("Customer Name", "Card Name", "Customer Description"), is_needed=False),
        Column("email", ("Customer Email",), is_needed=False),
        Column("customer", ("Customer ID",), is_needed=False),
    ),
}  # fmt: skip
# Words in PayPal's English types; the first that is found decides.
TYPES = (
    ("refund", Meaning.REFUND), ("chargeback", Meaning.REVERSAL), ("reversal", Meaning.REVERSAL),
    ("hold", Meaning.OTHER), ("conversion", Meaning.OTHER), ("withdrawal", Meaning.OTHER),
    ("fee", Meaning.OTHER), ("donation", Meaning.GIFT), ("payment", Meaning.GIFT),
)  # fmt: skip


def guess_mapping(kind: str, text: str) -> dict[str, Any]:
    """Return how a file seems to be meant: ``columns``, ``order`` of days, ``types``.

    What cannot be told is left empty, to be asked for. Raises ValidationError for no such file.
    """
    found = {name.casefold(): name for name in columns_of(text)}
    columns = {
        column.name: next(
            (found[h.casefold()] for h in column.headers if h.casefold() in found), ""
        )
        for column in COLUMNS[Statement.Kind(kind)]
    }
    rows = list(rows_of(text))
    days = [row.cells.get(columns["day"], "") for row in rows]
    types = {row.cells.get(columns["type"], "") for row in rows} if columns.get("type") else set()
    return {
        "columns": columns,
        "order": day_order(days),
        "types": {name: guess_meaning(name) for name in sorted(types) if name},
    }


def guess_meaning(name: str) -> str:
    """Return what a type of PayPal's means; something else where we do not know it."""
    lowered = name.casefold()
    return next((str(what) for word, what in TYPES if word in lowered), str(Meaning.OTHER))


def check_mapping(kind: str, mapping: dict[str, Any]) -> None:
    """Raise ValidationError, in words, for a mapping by which no line can be read."""
    missing = [
        column.headers[0]
        for column in COLUMNS[Statement.Kind(kind)]
        if column.is_needed and not mapping["columns"].get(column.name)
    ]
    if missing:
        raise ValidationError(_("Say which column is: %s.") % ", ".join(missing))
    if not mapping["order"]:
        raise ValidationError(_("Say whether the day or the month comes first in the dates."))

"""What all providers of webhooks have in common."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from donations.ledger.pledges import PledgeReport
from donations.ledger.recording import Report
from donations.money import exponent_of

type Told = list[Report | PledgeReport]


class Reason(models.TextChoices):
    """Why a delivery was refused."""

    SIGNATURE = "signature", _("Not signed by the provider")
    AGE = "age", _("Too old")
    SIZE = "size", _("Too large")
    ENCODING = "encoding", _("No UTF-8")
    FORM = "form", _("Not of the documented form")


class RefusedError(Exception):
    """A delivery that is not taken. ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class UnavailableError(Exception):
    """A delivery that cannot be checked just now: the provider is to send it again."""


class UnreadableError(Exception):
    """An event that says something a person has to look at. The message is for the staff."""


@dataclass(frozen=True)
class Delivery:
    """A delivery that its provider has signed."""

    event_id: str
    kind: str
    body: bytes


class WebhookProvider(Protocol):
    """A module of this package."""

    KEPT_HEADERS: tuple[str, ...]

    def is_on(self) -> bool:
        """Tell whether the environment has the secret."""

    def check(self, body: bytes, headers: Mapping[str, str]) -> Delivery:
        """Return what was delivered. Raises RefusedError unless the provider has signed it."""

    def read(self, body: bytes, received_at: datetime.datetime) -> Told:
        """Return what an event says, nothing for one that says nothing of money.

        Raises UnreadableError, KeyError, TypeError or ValueError for one that cannot be understood.
        """


def parse_json(body: bytes) -> dict[str, Any]:
    """Return the object that the body holds. Raises RefusedError for anything else."""
    try:
        parsed = json.loads(body.decode())
    except UnicodeDecodeError as error:
        raise RefusedError(Reason.ENCODING) from error
    except (ValueError, RecursionError) as error:
        raise RefusedError(Reason.FORM) from error
    if not isinstance(parsed, dict):
        raise RefusedError(Reason.FORM)
    return parsed


def delivery(event_id: Any, kind: Any, body: bytes) -> Delivery:
    """Return a delivery under a name that can be kept. Raises RefusedError without one."""
    name = clean(event_id)
    if not name or len(name) > 200:
        raise RefusedError(Reason.FORM)
    return Delivery(name, clean(kind)[:100], body)


def clean(value: Any) -> str:
    """Return a text without what Postgres cannot keep: NUL and lone surrogates."""
    if not isinstance(value, str):
        return ""
    return value.encode(errors="ignore").decode().replace("\x00", "").strip()


def moment(value: Any) -> datetime.datetime:
    """Return a time of ISO 8601, or of seconds since 1970. Raises ValueError without a zone."""
    if isinstance(value, int | float):
        return datetime.datetime.fromtimestamp(value, datetime.UTC)
    time = datetime.datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError("A time without its zone.")
    return time


def minor_of(amount: Any, currency: str) -> int:
    """Return an amount told in whole units ("12.50") in minor units, whatever its sign."""
    try:
        minor = abs(Decimal(amount)).scaleb(exponent_of(currency))
    except (InvalidOperation, TypeError) as error:
        raise ValueError("This is no amount.") from error
    if minor != minor.to_integral_value():
        raise ValueError("The currency has fewer digits.")
    return int(minor)

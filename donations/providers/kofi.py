"""Ko-fi's events: a form with one field, ``data``, which holds a payment and a token.

It tells of payments only; what goes back is entered by hand.
"""

import datetime
import hmac
import json
from collections.abc import Mapping
from urllib.parse import parse_qs

from django.conf import settings
from django.utils.crypto import salted_hmac

from donations.ledger.pledges import PledgeReport
from donations.ledger.recording import Donor, Report
from donations.models import Movement
from donations.providers.base import (
    Delivery,
    Reason,
    RefusedError,
    Told,
    clean,
    delivery,
    minor_of,
    moment,
    parse_json,
)

NAME = "kofi"
KEPT_HEADERS: tuple[str, ...] = ()
GIFTS = {"Donation", "Subscription"}  # the others are sales: a shop's order, a commission


def is_on() -> bool:
    return bool(settings.KOFI_VERIFICATION_TOKEN)


def check(body: bytes, headers: Mapping[str, str]) -> Delivery:  # noqa: ARG001 (its token is inside)
    """Verify the token. It is not kept with the event."""
    try:
        fields = parse_qs(body.decode(), max_num_fields=10, errors="strict")
    except UnicodeDecodeError as error:
        raise RefusedError(Reason.ENCODING) from error
    except ValueError as error:
        raise RefusedError(Reason.FORM) from error
    if "data" not in fields:
        raise RefusedError(Reason.FORM)
    said = parse_json(fields["data"][0].encode(errors="surrogatepass"))
    token = clean(said.pop("verification_token", ""))
    if not hmac.compare_digest(token.encode(), settings.KOFI_VERIFICATION_TOKEN.encode()):
        raise RefusedError(Reason.SIGNATURE)
    return delivery(said.get("message_id"), said.get("type"), json.dumps(said).encode())


def read(body: bytes, received_at: datetime.datetime) -> Told:  # noqa: ARG001 (its events carry theirs)
    said = parse_json(body)
    if said["type"] not in GIFTS:
        return []
    currency, email = said["currency"].upper(), clean(said.get("email"))
    at, amount = moment(said["timestamp"]), minor_of(said["amount"], currency)
    # It has no name for who gives each month; the address leads to one that tells nobody who it is.
    customer = _customer(email) if email else ""
    told: Told = [
        Report(
            provider=NAME, payment=said["kofi_transaction_id"], kind=Movement.Kind.PAYMENT,
            amount_minor=amount, currency=currency, occurred_at=at,
            donor=Donor(
                name=clean(said.get("from_name")), email=email, note=clean(said.get("message")),
                customer=customer if said.get("is_subscription_payment") else "",
            ),
        )
    ]  # fmt: skip
    if said.get("is_subscription_payment") and customer:
        told.append(
            PledgeReport(
                provider=NAME, reference=customer, customer=customer, told_at=at, started_at=at,
                amount_minor=amount, currency=currency,
                donor_name=clean(said.get("from_name")), donor_email=email,
            )
        )  # fmt: skip
    return told


def _customer(email: str) -> str:
    return salted_hmac("donations.kofi", email.lower(), algorithm="sha256").hexdigest()

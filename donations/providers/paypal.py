"""PayPal's events: captures, sales, refunds, reversals, disputes and subscriptions.

A payment goes by its capture or sale, which PayPal's exports call the transaction.
"""

import base64
import binascii
import datetime
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.utils import timezone

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

NAME = "paypal"
KEPT_HEADERS: tuple[str, ...] = (
    "PayPal-Auth-Algo", "PayPal-Cert-Url", "PayPal-Transmission-Id", "PayPal-Transmission-Sig",
    "PayPal-Transmission-Time",
)  # fmt: skip
# PayPal sends an event again for three days.
WINDOW = datetime.timedelta(days=4)
Kind = Movement.Kind


def is_on() -> bool:
    return bool(settings.PAYPAL_WEBHOOK_ID)


def check(body: bytes, headers: Mapping[str, str]) -> Delivery:
    """Verify PayPal's signature of delivery, time, webhook and the body's checksum."""
    # What reads certificates takes 3 MB of memory, which is for those who use it.
    from donations.providers.paypal_certificates import signing_key  # noqa: PLC0415

    algorithm, url, name, signature, time = (headers.get(key, "") for key in KEPT_HEADERS)
    if algorithm != "SHA256withRSA":
        raise RefusedError(Reason.SIGNATURE)
    signed = f"{name}|{time}|{settings.PAYPAL_WEBHOOK_ID}|{zlib.crc32(body)}"
    try:
        signing_key(url).verify(
            base64.b64decode(signature, validate=True), signed.encode(), PKCS1v15(), SHA256()
        )
        age = timezone.now() - moment(time)
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise RefusedError(Reason.SIGNATURE) from error
    if abs(age) > WINDOW:
        raise RefusedError(Reason.AGE)
    event = parse_json(body)
    return delivery(event.get("id"), event.get("event_type"), body)


def read(body: bytes, received_at: datetime.datetime) -> Told:  # noqa: ARG001 (its events carry theirs)
    event = parse_json(body)
    reader = READERS.get(event["event_type"])
    return reader(event["resource"], moment(event["create_time"])) if reader else []


def _amount(thing: dict[str, Any]) -> dict[str, Any]:
    """Return amount and currency, which the two versions of PayPal's interface name apart."""
    said = thing["amount"]
    currency = said.get("currency_code") or said["currency"]
    return {
        "amount_minor": minor_of(said.get("value") or said["total"], currency),
        "currency": currency,
    }


def _paid(thing: dict[str, Any], at: datetime.datetime, kind: Movement.Kind) -> Told:
    payer = thing.get("payer") or {}
    name = payer.get("name") or {}
    donor = Donor(
        name=clean(" ".join(name[key] for key in ("given_name", "surname") if name.get(key))),
        email=clean(payer.get("email_address")),
        customer=clean(
            thing.get("billing_agreement_id")
            or (thing.get("supplementary_data") or {}).get("related_ids", {}).get("subscription_id")
        ),
    )
    at = moment(thing["create_time"]) if kind != Kind.FAILED else at
    return [
        Report(
            provider=NAME, payment=thing["id"], kind=kind, occurred_at=at, donor=donor,
            **_amount(thing),
        )
    ]  # fmt: skip


def _completed(thing: dict[str, Any], at: datetime.datetime) -> Told:
    return _paid(thing, at, Kind.PAYMENT)


def _pending(thing: dict[str, Any], at: datetime.datetime) -> Told:
    return _paid(thing, at, Kind.PENDING)


def _denied(thing: dict[str, Any], at: datetime.datetime) -> Told:
    return _paid(thing, at, Kind.FAILED)


def _refunded(refund: dict[str, Any], at: datetime.datetime) -> Told:
    failed = refund.get("status") in {"FAILED", "CANCELLED"}
    return [_back(refund, at, Kind.REFUND_FAILED if failed else Kind.REFUND)]


def _reversed(reversal: dict[str, Any], at: datetime.datetime) -> Told:
    return [_back(reversal, at, Kind.REVERSAL)]


def _back(thing: dict[str, Any], at: datetime.datetime, kind: Movement.Kind) -> Report:
    """Return that money went back: the payment is the sale, or what the link "up" leads to."""
    up = (link["href"] for link in thing.get("links") or [] if link.get("rel") == "up")
    payment = thing.get("sale_id") or next(up, thing["id"]).rstrip("/").rpartition("/")[2]
    return Report(
        provider=NAME, payment=payment, kind=kind, reference=thing["id"], occurred_at=at,
        **_amount(thing),
    )  # fmt: skip


def _dispute(dispute: dict[str, Any], at: datetime.datetime) -> Told:
    outcome = (dispute.get("dispute_outcome") or {}).get("outcome_code")
    amount: dict[str, Any] = dispute["dispute_amount"]
    kind = Kind.DISPUTE
    if dispute.get("status") == "RESOLVED":
        lost = {"RESOLVED_BUYER_FAVOUR", "ACCEPTED"}
        kind = Kind.DISPUTE_LOST if outcome in lost else Kind.DISPUTE_WON
        if kind == Kind.DISPUTE_LOST:
            amount = dispute["dispute_outcome"].get("amount_refunded") or amount
    else:
        at = moment(dispute["create_time"])
    return [
        Report(
            provider=NAME, payment=transaction["seller_transaction_id"], kind=kind,
            reference=dispute["dispute_id"], occurred_at=at, **_amount({"amount": amount}),
        )
        for transaction in dispute["disputed_transactions"]
    ]  # fmt: skip


def _subscription(subscription: dict[str, Any], at: datetime.datetime) -> Told:
    person = subscription.get("subscriber") or {}
    name = person.get("name") or {}
    paid = (subscription.get("billing_info") or {}).get("last_payment") or {}
    told: dict[str, Any] = _amount(paid) if paid else {}
    started = subscription.get("start_time")
    has_ended = subscription["status"] in {"CANCELLED", "EXPIRED", "SUSPENDED"}
    return [
        PledgeReport(
            provider=NAME, reference=subscription["id"], customer=subscription["id"], told_at=at,
            donor_name=clean(
                " ".join(name[key] for key in ("given_name", "surname") if name.get(key))
            ),
            donor_email=clean(person.get("email_address")),
            started_at=moment(started) if started else None, ended_at=at if has_ended else None,
            **told,
        )
    ]  # fmt: skip


READERS: dict[str, Callable[[dict[str, Any], datetime.datetime], Told]] = {
    **{
        f"PAYMENT.{thing}.{event}": reader
        for thing in ("CAPTURE", "SALE")
        for event, reader in {
            "COMPLETED": _completed, "PENDING": _pending, "DENIED": _denied, "DECLINED": _denied,
            "REFUNDED": _refunded, "REVERSED": _reversed,
        }.items()
    },
    "PAYMENT.REFUND.PENDING": _refunded,
    "PAYMENT.REFUND.FAILED": _refunded,
    "CUSTOMER.DISPUTE.CREATED": _dispute,
    "CUSTOMER.DISPUTE.UPDATED": _dispute,
    "CUSTOMER.DISPUTE.RESOLVED": _dispute,
    **dict.fromkeys(
        (f"BILLING.SUBSCRIPTION.{event}" for event in
         ("ACTIVATED", "UPDATED", "CANCELLED", "EXPIRED", "SUSPENDED", "RE-ACTIVATED")),
        _subscription,
    ),
}  # fmt: skip

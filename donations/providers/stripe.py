"""Stripe's events: charges, refunds, disputes, checkouts and subscriptions.

A payment goes by its payment intent, which all of its events know; a charge without one by itself.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings

from donations.ledger.pledges import PledgeReport
from donations.ledger.recording import Donor, Report
from donations.models import Movement
from donations.money import exponent_of
from donations.providers.base import (
    Delivery,
    Reason,
    RefusedError,
    Told,
    clean,
    delivery,
    moment,
    parse_json,
)

NAME = "stripe"
KEPT_HEADERS: tuple[str, ...] = ("Stripe-Signature",)
TOLERANCE = 300  # seconds; Stripe's own libraries take no older signature
Kind = Movement.Kind

# Digits after the point where Stripe counts otherwise than ISO 4217.
EXPONENTS = {"ISK": 2, "UGX": 2, "MGA": 0}


def is_on() -> bool:
    return bool(settings.STRIPE_WEBHOOK_SECRETS)


def check(body: bytes, headers: Mapping[str, str]) -> Delivery:
    """Verify by Stripe's library: an HMAC of time and body, by any of the secrets."""
    import stripe  # noqa: PLC0415 (with what it needs 4 MB of memory, for those who use it)

    header = headers.get("Stripe-Signature", "")
    try:
        payload = body.decode()
    except UnicodeDecodeError as error:
        raise RefusedError(Reason.ENCODING) from error
    reasons = set()
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(payload, header, secret, TOLERANCE)
        except stripe.SignatureVerificationError as error:
            # The library checks the time last, so what is only too old was signed.
            reasons.add(Reason.AGE if "tolerance" in str(error) else Reason.SIGNATURE)
        else:
            event = parse_json(body)
            return delivery(event.get("id"), event.get("type"), body)
    raise RefusedError(Reason.AGE if Reason.AGE in reasons else Reason.SIGNATURE)


def read(body: bytes, received_at: datetime.datetime) -> Told:  # noqa: ARG001 (its events carry theirs)
    event = parse_json(body)
    reader = READERS.get(event["type"])
    return reader(event["data"]["object"], moment(event["created"])) if reader else []


def minor(amount: int, currency: str) -> int:
    """Return an amount as Stripe counts it in the minor units of ISO 4217."""
    shift = exponent_of(currency) - EXPONENTS.get(currency, exponent_of(currency))
    whole, rest = divmod(amount * int(10 ** max(0, shift)), int(10 ** max(0, -shift)))
    if rest:
        raise ValueError("The currency has fewer digits.")
    return whole


def _report(
    thing: dict[str, Any], kind: Movement.Kind, at: datetime.datetime, amount: int, **more: Any
) -> Report:
    """Return what is told of the payment that a thing belongs to."""
    currency = thing["currency"].upper()
    payment = thing.get("payment_intent") or thing.get("charge") or thing["id"]
    return Report(
        **{
            "provider": NAME, "payment": payment, "kind": kind, "occurred_at": at,
            "amount_minor": minor(amount, currency), "currency": currency, "reference": thing["id"],
            **more,
        }
    )  # fmt: skip


def _charge(charge: dict[str, Any], _at: datetime.datetime) -> Told:
    billing = charge.get("billing_details") or {}
    donor = Donor(
        name=clean(billing.get("name")),
        email=clean(billing.get("email") or charge.get("receipt_email")),
        customer=clean(charge.get("customer")),
    )
    at = moment(charge["created"])
    if charge["status"] == "failed":
        # A declined card was never pending, and there are many; only others were announced.
        is_card = (charge.get("payment_method_details") or {}).get("type") == "card"
        return [] if is_card else [_report(charge, Kind.FAILED, at, charge["amount"])]
    if charge["status"] == "pending" or not charge["captured"]:
        return [_report(charge, Kind.PENDING, at, charge["amount"], donor=donor)]
    amount = charge.get("amount_captured") or charge["amount"]
    return [_report(charge, Kind.PAYMENT, at, amount, donor=donor)]


def _charge_refunded(charge: dict[str, Any], at: datetime.datetime) -> Told:
    amount = charge["amount_refunded"]
    name = f"{charge['id']} {amount}"
    return [_report(charge, Kind.REFUNDED_SO_FAR, at, amount, reference=name)] if amount else []


def _payment_intent(intent: dict[str, Any], at: datetime.datetime) -> Told:
    if intent["status"] == "succeeded":
        customer = Donor(customer=clean(intent.get("customer")))
        amount = intent["amount_received"]
        return [_report(intent, Kind.PAYMENT, at, amount, donor=customer)]
    return [_report(intent, Kind.PENDING, at, intent["amount"])]


def _checkout(session: dict[str, Any], at: datetime.datetime) -> Told:
    person = session.get("customer_details") or {}
    name, email = clean(person.get("name")), clean(person.get("email"))
    currency = session["currency"].upper()
    if session["mode"] == "subscription":
        return [
            PledgeReport(
                provider=NAME, reference=session["subscription"], told_at=at, started_at=at,
                customer=clean(session.get("customer")), donor_name=name, donor_email=email,
                amount_minor=minor(session["amount_total"], currency), currency=currency,
            )
        ]  # fmt: skip
    if not session.get("payment_intent"):
        return []
    kind = Kind.PAYMENT if session["payment_status"] == "paid" else Kind.PENDING
    donor = Donor(name=name, email=email, customer=clean(session.get("customer")))
    return [_report(session, kind, at, session["amount_total"], donor=donor)]


def _refund(refund: dict[str, Any], at: datetime.datetime) -> Told:
    if refund["status"] in {"failed", "canceled"}:
        return [_report(refund, Kind.REFUND_FAILED, at, refund["amount"])]
    return [_report(refund, Kind.REFUND, moment(refund["created"]), refund["amount"])]


def _dispute(dispute: dict[str, Any], at: datetime.datetime) -> Told:
    match dispute["status"]:
        case "won" | "warning_closed" | "prevented":
            kind = Kind.DISPUTE_WON
        case "lost":
            kind = Kind.DISPUTE_LOST
        case "warning_needs_response" | "warning_under_review":
            return []  # an inquiry, which takes no money
        case _:
            kind, at = Kind.DISPUTE, moment(dispute["created"])
    return [_report(dispute, kind, at, dispute["amount"])]


def _subscription(subscription: dict[str, Any], at: datetime.datetime) -> Told:
    price = subscription["items"]["data"][0]["price"]
    currency = price["currency"].upper()
    ended = subscription.get("ended_at")
    ended_at = moment(ended) if ended else None
    return [
        PledgeReport(
            provider=NAME, reference=subscription["id"], told_at=at,
            customer=clean(subscription.get("customer")),
            amount_minor=minor(price["unit_amount"], currency), currency=currency,
            interval=price["recurring"]["interval"],
            started_at=moment(subscription["start_date"]), ended_at=ended_at,
        )
    ]  # fmt: skip


READERS: dict[str, Callable[[dict[str, Any], datetime.datetime], Told]] = {
    "charge.pending": _charge,
    "charge.succeeded": _charge,
    "charge.captured": _charge,
    "charge.failed": _charge,
    "charge.refunded": _charge_refunded,
    "charge.refund.updated": _refund,
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.closed": _dispute,
    "charge.dispute.funds_withdrawn": _dispute,
    "charge.dispute.funds_reinstated": _dispute,
    "checkout.session.completed": _checkout,
    "checkout.session.async_payment_succeeded": _checkout,
    "customer.subscription.created": _subscription,
    "customer.subscription.updated": _subscription,
    "customer.subscription.deleted": _subscription,
    "payment_intent.processing": _payment_intent,
    "payment_intent.succeeded": _payment_intent,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
}

"""Patreon's events: a member, as it stands, whenever something changes.

They tell of no payment by a name of its own, so one goes by the member and the time of the charge.
"""

import datetime
import hashlib
import hmac
from collections.abc import Mapping

from django.conf import settings

from donations.ledger.pledges import PledgeReport
from donations.ledger.recording import Donor, Report
from donations.models import Movement
from donations.providers.base import (
    Delivery,
    Reason,
    RefusedError,
    Told,
    UnreadableError,
    clean,
    delivery,
    moment,
    parse_json,
)

NAME = "patreon"
KEPT_HEADERS: tuple[str, ...] = ("X-Patreon-Event", "X-Patreon-Signature")
Kind = Movement.Kind
TAKEN_BACK = {"Refunded", "Refunded by Patreon", "Fraud"}


def is_on() -> bool:
    return bool(settings.PATREON_WEBHOOK_SECRET)


def check(body: bytes, headers: Mapping[str, str]) -> Delivery:
    """Verify the HMAC-MD5 of the body. Patreon gives events no name: what they say is theirs."""
    secret = settings.PATREON_WEBHOOK_SECRET.encode()
    signature = headers.get("X-Patreon-Signature", "")
    # Patreon has chosen MD5; in an HMAC it is not broken.
    right = hmac.new(secret, body, hashlib.md5).hexdigest()
    if not hmac.compare_digest(right.encode(), signature.lower().encode(errors="replace")):
        raise RefusedError(Reason.SIGNATURE)
    kind = clean(headers.get("X-Patreon-Event"))
    parse_json(body)
    return delivery(hashlib.sha256(kind.encode() + b"\n" + body).hexdigest(), kind, body)


def read(body: bytes, received_at: datetime.datetime) -> Told:
    event = parse_json(body)
    member = event["data"]
    if member["type"] != "member":
        return []
    return [*_charge(member), *_pledge(member, received_at)]


def _charge(member: dict) -> Told:  # type: ignore[type-arg]
    said = member["attributes"]
    status, date = said.get("last_charge_status"), said.get("last_charge_date")
    amount = said.get("currently_entitled_amount_cents") or said.get("pledge_amount_cents")
    if not status or not date:
        return []
    if status == "Partially Refunded":
        raise UnreadableError(
            "Patreon does not say how much went back: mark that much as refunded by hand."
        )
    payment = f"{member['id']} {date}"
    donor = Donor(
        name=clean(said.get("full_name")), email=clean(said.get("email")), customer=member["id"]
    )

    def report(kind: Movement.Kind, reference: str, amount: int | None) -> Report:
        return Report(
            provider=NAME, payment=payment, kind=kind, reference=reference,
            occurred_at=moment(date), amount_minor=amount,
            currency=_currency(said) if amount else "", donor=donor,
        )  # fmt: skip

    told: Told = []
    if status in {"Paid", *TAKEN_BACK} and amount:
        # What the member is entitled to may change after the charge: then the least counts.
        told.append(report(Kind.PAYMENT, f"{payment} {amount:012}", amount))
    if status == "Pending" and amount:
        told.append(report(Kind.PENDING, payment, amount))
    if status in {"Declined", "Deleted"}:
        told.append(report(Kind.FAILED, payment, None))
    if status in TAKEN_BACK:
        told.append(report(Kind.REFUND, payment, None))
    return told


def _pledge(member: dict, received_at: datetime.datetime) -> Told:  # type: ignore[type-arg]
    said = member["attributes"]
    started = said.get("pledge_relationship_start")
    if not started:
        return []
    amount = said.get("will_pay_amount_cents") or None
    months = said.get("pledge_cadence") or 1
    return [
        PledgeReport(
            provider=NAME, reference=member["id"], customer=member["id"], told_at=received_at,
            amount_minor=amount, currency=_currency(said) if amount else "",
            interval="year" if months == 12 else "month",
            donor_name=clean(said.get("full_name")), donor_email=clean(said.get("email")),
            started_at=moment(started),
            ended_at=received_at if said.get("patron_status") == "former_patron" else None,
        )
    ]  # fmt: skip


def _currency(said: dict) -> str:  # type: ignore[type-arg]
    return clean(said.get("currency")) or str(settings.PATREON_CURRENCY)

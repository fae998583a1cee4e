"""Thanking for a gift, once, by letter."""

import datetime
import smtplib
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.donors.letters import Identity, letter_to
from donations.donors.links import absolute, gift_path, pledge_path
from donations.ledger.settlement import Status
from donations.models import Gift, Receipt
from donations.money import format_money

ATTEMPTS = 8
FIRST_PAUSE = datetime.timedelta(minutes=1)  # doubled with each attempt: two hours in all


def queue_receipt(gift: Gift) -> Receipt | None:
    """Have the donor thanked once, if the gift was received and an address is known.

    Returns the receipt, None where there is nobody to thank. A second call changes nothing.
    """
    from donations.tasks import send_receipts  # noqa: PLC0415 (the task sends by this module)

    if not gift.donor_email or gift.standing.status != Status.RECEIVED:
        return None
    receipt, is_new = Receipt.objects.get_or_create(gift=gift)
    if is_new:
        send_receipts.enqueue()
    return receipt


def send_due_receipts() -> datetime.datetime | None:
    """Send what is due; return when the next attempt is, None when nothing waits."""
    while _send_next():
        pass
    waiting = Receipt.objects.filter(sent_at=None, is_given_up=False).order_by("due_at")
    return waiting.values_list("due_at", flat=True).first()


def _send_next() -> bool:
    """Send one receipt that nobody else is sending; tell whether there was one."""
    with transaction.atomic():
        due = Receipt.objects.filter(
            sent_at=None, is_given_up=False, due_at__lte=timezone.now()
        ).select_related("gift__pledge", "gift__method")
        receipt = due.order_by("due_at", "pk").select_for_update(
            skip_locked=True, of=("self",)
        ).first()  # fmt: skip
        if receipt is None:
            return False
        receipt.attempts += 1
        try:
            compose_receipt(receipt).send()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            receipt.error = str(error)[:1000]
            receipt.is_given_up = receipt.attempts >= ATTEMPTS or isinstance(error, ValueError)
            receipt.due_at = timezone.now() + FIRST_PAUSE * 2 ** (receipt.attempts - 1)
        else:
            receipt.sent_at, receipt.error = timezone.now(), ""
        receipt.save()
    return True


def compose_receipt(receipt: Receipt) -> EmailMultiAlternatives:
    """Return the letter of thanks. Raises ValueError where no address is known any more."""
    gift = receipt.gift
    if not gift.donor_email:
        raise ValueError("The donor's address was forgotten.")

    def told(identity: Identity) -> dict[str, Any]:
        return facts_of(gift) | {
            "subject": _("Thank you for your gift to %(name)s") % {"name": identity.name},
            "receipt": receipt,
            "address": absolute(gift_path(gift)),
            "manage": absolute(pledge_path(gift.pledge)) if gift.pledge else "",
        }

    return letter_to(gift.donor_email, "receipt", told)


def facts_of(gift: Gift) -> dict[str, Any]:
    """Return what a receipt says of the gift, for a template."""
    standing = gift.standing
    return {
        "gift": gift,
        "standing": standing,
        "amount": format_money(standing.paid_minor, standing.currency) if standing.day else "",
        "way": gift.method.label if gift.method else gift.get_provider_display(),
    }

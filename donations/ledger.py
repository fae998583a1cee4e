"""Entering gifts, and taking them out of the count."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from donations.models import DonationMethod, Gift


def record_gift(
    *,
    amount_minor: int,
    currency: str,
    received_on: datetime.date,
    by: Any,
    status: str = Gift.Status.RECEIVED,
    method: DonationMethod | None = None,
    donor_name: str = "",
    note: str = "",
) -> Gift:
    """Return a new entry of the ledger. by: who entered it, None for a program.

    Raises ValidationError when the entry makes no sense.
    """
    gift = Gift(
        amount_minor=amount_minor, currency=currency, received_on=received_on, status=status,
        method=method, donor_name=donor_name, note=note, entered_by=by,
    )  # fmt: skip
    gift.full_clean()
    gift.save()
    return gift


def refund_gift(*, gift: Gift, by: Any) -> None:
    """Mark a gift as gone back, so that it does not count any more.

    by: a user, of whatever model the site has. Raises PermissionDenied without the right to
    change gifts, ValidationError for one that was refunded already.
    """
    if not by.has_perm("donations.change_gift"):
        raise PermissionDenied(_("You may not refund gifts."))
    with transaction.atomic():
        row = Gift.objects.select_for_update().get(pk=gift.pk)
        if row.status == Gift.Status.REFUNDED:
            raise ValidationError(_("This gift was refunded already."))
        row.status = gift.status = Gift.Status.REFUNDED
        row.save(update_fields=["status"])

"""Erasing an account: begun at once by its owner, carried out by the worker."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Erasure, User
from accounts.personal_data import own
from accounts.personal_data.parts import registered

LATE = datetime.timedelta(hours=1)  # then the daily round takes up what a worker has left


@transaction.atomic
def begin_erasure(*, user: User, keep_comments: bool) -> Erasure:
    """Close the account for good; the worker does away with it.

    Raises PermissionDenied for staff: what they have in hand is taken over first, and a chief takes
    their role from them.
    """
    if user.is_staff or user.is_superuser:
        raise PermissionDenied(
            _("Who works here asks a chief first, who takes the role from them. Nothing was done.")
        )
    from accounts.tasks import erase_account  # noqa: PLC0415 (it carries out what is begun here)

    erasure, _is_new = Erasure.objects.get_or_create(
        user=user, defaults={"keep_comments": keep_comments}
    )
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    erase_account.enqueue(erasure.pk)
    return erasure


def carry_out(erasure: Erasure) -> None:
    """Do away with the account and all that is kept of it; the account itself goes last."""
    for part in registered():
        part.erase(erasure.user, erasure.keep_comments)
    own.erase(erasure.user)


def finish_erasures(_limit: int) -> int:
    """Carry out one that was left half-way: one may be a lot. Return how many, 0 for none."""
    left = Erasure.objects.filter(asked_at__lt=timezone.now() - LATE).select_related("user")
    erasure = left.order_by("asked_at", "pk").first()
    if erasure is None:
        return 0
    carry_out(erasure)
    return 1

"""Guests ask by their address what is kept of them, and prove by a letter that it is theirs.

Nothing that is answered at once tells whether an address is known: that is looked up by the worker.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from comments.models import Letter, OwnDataRequest
from comments.personal_data.erasing import erase
from comments.personal_data.links import LASTS
from comments.personal_data.person import Person
from comments.tasks import answer_own_data_request, erase_guest, schedule_sending
from comments.text import checked_email

LETTERS_A_DAY = 3  # anybody can type another's address
LATE = datetime.timedelta(hours=1)  # then the daily round takes up what a worker has left


@transaction.atomic
def ask_for_own_data(email: str) -> None:
    """Have a letter sent to an address under which anything is kept.

    Raises ValidationError for the field ``email``.
    """
    address = checked_email(email).lower()
    asked = OwnDataRequest.objects.filter(
        address=address, created_at__gt=timezone.now() - LASTS
    ).count()
    if asked < LETTERS_A_DAY:
        request = OwnDataRequest.objects.create(address=address)
        answer_own_data_request.enqueue(request.pk)


@transaction.atomic
def answer(request: OwnDataRequest) -> None:
    """Send the letter; of an address that nothing is kept of, keep not the question either."""
    if not Person(address=request.address).is_known():
        request.delete()
    elif not request.letters.exists():
        Letter.objects.create(kind=Letter.Kind.OWN_DATA, request=request, address=request.address)
        schedule_sending(timezone.now())


@transaction.atomic
def begin_erasure(request: OwnDataRequest, *, keep_comments: bool) -> None:
    """Have the worker erase all that is kept under the address."""
    request.keep_comments = keep_comments
    request.save(update_fields=["keep_comments"])
    erase_guest.enqueue(request.pk)


def carry_out(request: OwnDataRequest) -> None:
    """Erase what is kept under the address, and the request, which holds it, last."""
    erase(Person(address=request.address), keep_comments=bool(request.keep_comments))
    request.delete()


def finish_requests(limit: int) -> int:
    """Carry out one that was left half-way, and delete those nobody came back for.

    So many of these at most. Return how many of both.
    """
    now = timezone.now()
    left = OwnDataRequest.objects.filter(keep_comments__isnull=False, created_at__lt=now - LATE)
    number = 0
    if (request := left.order_by("created_at", "pk").first()) is not None:
        carry_out(request)  # one may be a lot
        number = 1
    old = OwnDataRequest.objects.filter(keep_comments=None, created_at__lt=now - LASTS)
    numbers = list(old.values_list("pk", flat=True)[:limit])
    OwnDataRequest.objects.filter(pk__in=numbers).delete()
    return number + len(numbers)

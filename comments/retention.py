"""What discussions keep of people only for so many days (docs/decisions: what is kept of readers).

Each function forgets some of what is due, in one transaction, and returns how much; asked again, it
goes on where it was, so it may be stopped anywhere and asked by several at once.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from articles.models import Publication
from comments.addresses import address_digest
from comments.models import (
    Ban,
    Bucket,
    Comment,
    Letter,
    Notification,
    Subscription,
    Vote,
    VoteBurst,
)

HASH_COMMENTS = """
UPDATE comments_comment AS c SET guest_email = '', guest_digest = new.digest
FROM unnest(%s::bigint[], %s::text[]) AS new (id, digest) WHERE c.id = new.id
"""
HASH_NOTIFICATIONS = """
UPDATE comments_notification AS n SET address = new.digest
FROM unnest(%s::bigint[], %s::text[]) AS new (id, digest) WHERE n.id = new.id
"""


@transaction.atomic
def forget_addresses(limit: int) -> int:
    """Leave a keyed hash of guests' addresses in place of the addresses.

    Those stay whom something was promised: news of the discussion, which they have confirmed.
    """
    promised = Subscription.objects.filter(
        discussion=OuterRef("discussion"), user=None, confirmed_at__isnull=False,
        email__iexact=OuterRef("guest_email"),
    )  # fmt: skip
    due = Comment.objects.filter(~Q(guest_email=""), ~Exists(promised))
    due = due.filter(created_at__lt=_before(Publication.current().address_days))
    due = due.order_by("created_at", "pk").select_for_update(no_key=True, skip_locked=True)
    return _hash(HASH_COMMENTS, due.values_list("pk", "guest_email")[:limit])


@transaction.atomic
def forget_networks(limit: int) -> int:
    """Take the hash of the network it came from off comments, votes and bursts of votes.

    So many of each at most.
    """
    before = _before(Publication.current().network_days)
    comments = Comment.objects.filter(~Q(network=""), created_at__lt=before)
    numbers = _oldest(comments, "created_at", limit)
    forgotten = Comment.objects.filter(pk__in=numbers).update(network="")
    votes = Vote.objects.filter(network__isnull=False, created_at__lt=before)
    numbers = _oldest(votes, "created_at", limit)
    forgotten += Vote.objects.filter(pk__in=numbers).update(network=None)
    bursts = VoteBurst.objects.filter(network__isnull=False, ended_at__lt=before)
    numbers = _oldest(bursts, "ended_at", limit)
    return forgotten + VoteBurst.objects.filter(pk__in=numbers).update(network=None)


@transaction.atomic
def forget_told(limit: int) -> int:
    """Leave a keyed hash of the addresses that were told of comments: nobody is told twice."""
    due = Notification.objects.filter(address__contains="@")
    due = due.filter(created_at__lt=_before(Publication.current().letter_days))
    due = due.order_by("created_at", "pk").select_for_update(skip_locked=True)
    return _hash(HASH_NOTIFICATIONS, due.values_list("pk", "address")[:limit])


@transaction.atomic
def forget_letters(limit: int) -> int:
    """Delete letters that were sent, or given up, so long ago; so many of each at most."""
    before = _before(Publication.current().letter_days)
    # Two questions: each has its index, and one with "or" in it would look through all letters.
    sent = _oldest(Letter.objects.filter(sent_at__lt=before), "sent_at", limit)
    given_up = Letter.objects.filter(is_given_up=True, due_at__lt=before)
    numbers = {*sent, *_oldest(given_up, "due_at", limit)}
    Letter.objects.filter(pk__in=numbers).delete()
    return len(numbers)


@transaction.atomic
def end_subscriptions(limit: int) -> int:
    """Delete guests' wishes that were never confirmed, or to which nothing has come for so long."""
    publication = Publication.current()
    quiet = _before(publication.follow_days)
    news = Comment.objects.approved().filter(
        discussion=OuterRef("discussion"), approved_at__gte=quiet
    )
    guests = Subscription.objects.filter(user=None)
    unconfirmed = guests.filter(confirmed_at=None, created_at__lt=_before(publication.letter_days))
    unneeded = guests.filter(~Exists(news), confirmed_at__lt=quiet)
    numbers = {
        *_oldest(unconfirmed, "created_at", limit),
        *_oldest(unneeded, "confirmed_at", limit),
    }
    Subscription.objects.filter(pk__in=numbers).delete()
    return len(numbers)


def forget_ended_bans(limit: int) -> int:
    """Take from bans that are over whom they kept out; when and why they were laid stays."""
    before = _before(Publication.current().network_days)
    over = Q(lifted_at__lt=before) | Q(expires_at__lt=before)
    named = ~Q(digest="") | Q(guest_id__isnull=False)
    due = Ban.objects.filter(over, named).values_list("pk", flat=True)[:limit]
    return Ban.objects.filter(pk__in=list(due)).update(digest="", guest_id=None)


def forget_limits(limit: int) -> int:
    """Delete the counts of who wrote how often that say nothing any more."""
    due = Bucket.objects.filter(empty_at__lt=timezone.now()).values_list("pk", flat=True)[:limit]
    number, _rows = Bucket.objects.filter(pk__in=list(due)).delete()
    return number


def _oldest(due: QuerySet[Any], field: str, limit: int) -> list[int]:
    """Return the numbers of the rows that have waited longest, locked; none that another holds."""
    locked = due.order_by(field, "pk").select_for_update(
        no_key=True, skip_locked=True, of=("self",)
    )
    return list(locked.values_list("pk", flat=True)[:limit])


def _before(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def _hash(statement: str, rows: Iterable[tuple[int, str]]) -> int:
    numbers, digests = [], []
    for number, address in rows:
        numbers.append(number)
        digests.append(address_digest(address))
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(statement, [numbers, digests])
    return len(numbers)

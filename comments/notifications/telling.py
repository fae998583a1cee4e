"""Who is told of a comment, and by which letter."""

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.following import followers_to_tell
from comments.addresses import address_digest
from comments.mentions import people_mentioned
from comments.models import Comment, Letter, Notification, Subscription
from comments.notifications.following import counting

BATCH = 1_000
TRIES = 5


@dataclass
class Reader:
    """Somebody who is told: of what kind it is to them, and by which subscription, if by letter."""

    address: str
    user_id: int | None
    kind: Notification.Kind
    subscription_id: int | None


def tell_readers(comment: Comment) -> datetime.datetime | None:
    """Note who is to be told of an approved comment, and put it into their letters.

    Return when the first of these letters is due, None without one. Told twice, nothing is added.
    """
    due: datetime.datetime | None = None
    readers = _readers(comment)
    told = set(Notification.objects.filter(comment=comment).values_list("address", flat=True))
    # Long ago is known by the hash only: see ``retention``.
    wanted = [
        reader
        for address, reader in readers.items()
        if address not in told and address_digest(address) not in told
    ]
    for begin in range(0, len(wanted), BATCH):
        with transaction.atomic():
            first = _note(comment, wanted[begin : begin + BATCH])
        due = min(filter(None, (due, first)), default=None)
    return due


def _readers(comment: Comment) -> dict[str, Reader]:
    """Return each reader once, by address, with what concerns them most; never the writer."""
    writer = (comment.user.email if comment.user else comment.guest_email).lower()
    found: dict[str, Reader] = {}
    everyone = (_answered, _mentioned, _followers_of_writer, _followers)
    for reader in itertools.chain.from_iterable(find(comment) for find in everyone):
        before = found.get(reader.address)
        if reader.address in {"", writer}:
            continue
        if before is None:
            found[reader.address] = reader
            continue
        before.subscription_id = before.subscription_id or reader.subscription_id
        before.user_id = before.user_id or reader.user_id
    return found


def _subscriptions(comment: Comment) -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(counting(), discussion=comment.discussion_id)
    return rows.select_related("user").order_by("pk")


def _subscriptions_of_writer(said: Comment) -> QuerySet[Subscription]:
    """Return those of who wrote the comment, in its discussion."""
    rows = _subscriptions(said)
    if said.user_id is not None:
        return rows.filter(user=said.user_id)
    guests = rows.filter(user=None)
    if said.guest_email:
        return guests.filter(email__iexact=said.guest_email)
    if not said.guest_digest:
        return guests.none()  # no address at all is nobody's, not everybody's
    # The address was forgotten; whoever follows gave theirs, and is known by its hash.
    known = guests.values_list("pk", "email")
    return guests.filter(pk__in=[pk for pk, e in known if address_digest(e) == said.guest_digest])


def _answered(comment: Comment) -> Iterator[Reader]:
    parent = comment.parent
    if parent is None:
        return
    kind = Notification.Kind.REPLY
    if parent.user is not None and parent.user.is_active:
        yield Reader(parent.user.email.lower(), parent.user.pk, kind, None)
    for row in _subscriptions_of_writer(parent).filter(comment=None):
        yield _reader(row, kind)
    for row in _subscriptions(comment).filter(comment=parent, kind=Subscription.Kind.REPLIES):
        yield _reader(row, kind)


def _mentioned(comment: Comment) -> Iterator[Reader]:
    kind = Notification.Kind.MENTION
    for said in people_mentioned(comment):
        if said.user is not None and said.user.is_active:
            yield Reader(said.user.email.lower(), said.user.pk, kind, None)
        for row in _subscriptions_of_writer(said):
            yield _reader(row, kind)


def _followers_of_writer(comment: Comment) -> Iterator[Reader]:
    if comment.user is None or not comment.user.is_active:
        return
    for row in followers_to_tell(comment.user).iterator(chunk_size=BATCH):
        address = row.follower.email.lower()
        yield Reader(address, row.follower_id, Notification.Kind.FOLLOWED, None)


def _followers(comment: Comment) -> Iterator[Reader]:
    rows = _subscriptions(comment).filter(kind=Subscription.Kind.ALL, comment=None)
    for row in rows.iterator(chunk_size=BATCH):
        yield _reader(row, Notification.Kind.NEW)


def _reader(row: Subscription, kind: Notification.Kind) -> Reader:
    address = row.user.email if row.user else row.email
    return Reader(address.lower(), row.user_id, kind, row.pk)


def _note(comment: Comment, readers: list[Reader]) -> datetime.datetime | None:
    letters = _letters(comment, [reader for reader in readers if reader.subscription_id])
    Notification.objects.bulk_create(
        (
            Notification(
                comment=comment, kind=reader.kind, address=reader.address,
                user_id=reader.user_id, letter=letters.get(reader.address),
            )
            for reader in readers
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    return min((letter.due_at for letter in letters.values()), default=None)


def _letters(comment: Comment, readers: list[Reader]) -> dict[str, Letter]:
    """Return each reader's waiting letter about the discussion, locked; a new one if need be.

    The first leaves at once; what follows within the window is gathered until its end.
    """
    by_address = {reader.address: reader for reader in readers}
    waiting = Letter.objects.waiting_news(comment.discussion_id).filter(address__in=by_address)
    found: dict[str, Letter] = {}
    for _try in range(TRIES):
        # In one order, so that two comments told at once wait for each other and not crosswise. A
        # letter that leaves in the meantime is found to be gone once its lock is free.
        found = {row.address: row for row in waiting.select_for_update().order_by("pk")}
        missing = [reader for address, reader in by_address.items() if address not in found]
        if not missing:
            break
        Letter.objects.bulk_create(_new_letters(comment, missing), ignore_conflicts=True)
    return found


def _new_letters(comment: Comment, readers: list[Reader]) -> Iterator[Letter]:
    window = datetime.timedelta(minutes=settings.NOTIFY_DIGEST_MINUTES)
    now = timezone.now()
    last = dict(
        Letter.objects.filter(
            discussion=comment.discussion_id, kind=Letter.Kind.NEWS, sent_at__gt=now - window,
            address__in=[reader.address for reader in readers],
        ).values_list("address").annotate(Max("sent_at"))
    )  # fmt: skip
    for reader in readers:
        sent_at = last.get(reader.address)
        yield Letter(
            kind=Letter.Kind.NEWS, discussion_id=comment.discussion_id, address=reader.address,
            subscription_id=reader.subscription_id,  # only those who have one
            due_at=sent_at + window if sent_at else now,
        )  # fmt: skip

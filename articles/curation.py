"""Arranging the front page: what editors may do with its places.

Each use case is told what arrangement its user was looking at (``seen``, a version). When the page
was arranged by somebody else meanwhile, nothing is changed and StaleArrangementError is raised.
"""

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article, FrontSlot
from articles.models.article import PUBLIC

MAX_PLACED = 20  # beyond it the page is no choice any more
LONGEST = datetime.timedelta(days=366)
LEAD, TOP = FrontSlot.Place.LEAD, FrontSlot.Place.TOP


class StaleArrangementError(ValidationError):
    """The front page is not as its user saw it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: somebody else has arranged the front page meanwhile. "
                "This is how it stands now."
            )
        )


def all_slots() -> list[FrontSlot]:
    """Return every place that was given, expired ones too, with its report, in their order."""
    return list(
        FrontSlot.objects.select_related("article__section", "article__lead_image", "placed_by")
        .defer("article__body", "article__search_vector")
        .order_by("place", "position", "pk")
    )


def version_of(slots: Iterable[FrontSlot]) -> str:
    """Return what names an arrangement: it differs when a place, its order or its end does."""
    rows = sorted(
        (slot.place, slot.position, slot.article_id, str(slot.expires_at)) for slot in slots
    )
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def place_article(
    *,
    article: Article,
    by: User,
    place: str = TOP,
    expires_at: datetime.datetime | None = None,
    seen: str | None = None,
) -> FrontSlot:
    """Put a report on the front page, as the lead or last of the top stories.

    One that has a place already gets this one instead. A scheduled report shows from its time on;
    until then the lead before it stays. seen: None for one who was not looking at the arrangement.
    Raises PermissionDenied, ValidationError when it is neither published nor scheduled, the time
    does not fit or the page is full.
    """
    _check_right(by, "add")
    _check_place(place)
    _check_expiry(expires_at)
    with _arranging(seen) as slots:
        article.refresh_from_db(fields=["status", "published_at"])
        if article.status not in PUBLIC:
            raise ValidationError(_("Only published and scheduled reports can be placed."))
        slot = next((slot for slot in slots if slot.article_id == article.pk), None)
        if slot is None:
            if len(slots) >= MAX_PLACED:
                raise ValidationError(
                    _("%(number)d reports are placed already. Take one off first."),
                    params={"number": MAX_PLACED},
                )
            slot = FrontSlot(article=article)
            slots.append(slot)
        slot.expires_at, slot.placed_by, slot.placed_at = expires_at, by, timezone.now()
        _insert(slots, slot, place, 0 if place == LEAD else len(slots))
    return slot


def move_slot(
    *, article: Article, by: User, place: str, index: int, seen: str | None = None
) -> None:
    """Move a report to another place, before the one that stands at index there now.

    index counts from 0, without the report itself and without expired places.
    Raises PermissionDenied, ValidationError when it has no place or there is no such place.
    """
    _check_right(by, "change")
    _check_place(place)
    with _arranging(seen) as slots:
        _insert(slots, _slot_of(article, slots), place, max(0, index))


def set_expiry(
    *, article: Article, by: User, expires_at: datetime.datetime | None, seen: str | None = None
) -> None:
    """Say until when a report keeps its place; None: until somebody takes it off.

    Raises PermissionDenied, ValidationError when it has no place or the time does not fit.
    """
    _check_right(by, "change")
    _check_expiry(expires_at)
    with _arranging(seen) as slots:
        _slot_of(article, slots).expires_at = expires_at


def take_off(*, article: Article, by: User, seen: str | None = None) -> None:
    """Take a report off its place; time decides again where it stands.

    Raises PermissionDenied, ValidationError when it has no place.
    """
    _check_right(by, "delete")
    with _arranging(seen) as slots:
        slot = _slot_of(article, slots)
        slots.remove(slot)
        slot.delete()


@contextmanager
def _arranging(seen: str | None) -> Iterator[list[FrontSlot]]:
    """Give the places to one arranger at a time, and write them in their new order."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Readers are not held up. Rows cannot be locked here: there may be none yet.
            table = connection.ops.quote_name(FrontSlot._meta.db_table)  # noqa: SLF001
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        slots = all_slots()
        if seen is not None and seen != version_of(slots):
            raise StaleArrangementError
        yield slots
        _write(slots)


def _insert(slots: list[FrontSlot], slot: FrontSlot, place: str, index: int) -> None:
    """Stand slot before the index-th of the standing ones of a place."""
    slots.remove(slot)
    slot.place = place
    there = [other for other in slots if other.place == place and not other.is_expired]
    if index < len(there):
        slots.insert(slots.index(there[index]), slot)
    else:
        slots.append(slot)


def _write(slots: list[FrontSlot]) -> None:
    """Number the places; a lead that stands behind one readers see heads the top stories."""
    leads = [slot for slot in slots if slot.place == LEAD]
    followers: list[FrontSlot] = []
    for number, slot in enumerate(leads):
        if slot.is_seen:
            followers = [other for other in leads[number + 1 :] if not other.is_expired]
            break
    for slot in followers:
        slot.place = TOP
    tops = [slot for slot in slots if slot.place == TOP and slot not in followers]
    for row in ([slot for slot in leads if slot not in followers], [*followers, *tops]):
        for position, slot in enumerate(row):
            slot.position = position
            slot.save()


def _slot_of(article: Article, slots: list[FrontSlot]) -> FrontSlot:
    for slot in slots:
        if slot.article_id == article.pk:
            return slot
    raise ValidationError(_("This report has no place on the front page."))


def _check_right(by: User, action: str) -> None:
    if not by.has_perm(f"articles.{action}_frontslot"):
        raise PermissionDenied


def _check_place(place: str) -> None:
    if place not in FrontSlot.Place.values:
        raise ValidationError(_("There is no such place on the front page."))


def _check_expiry(expires_at: datetime.datetime | None) -> None:
    if expires_at is None:
        return
    now = timezone.now()
    if expires_at <= now:
        raise ValidationError(_("That time has passed."))
    if expires_at > now + LONGEST:
        raise ValidationError(_("Choose a time within a year, or no end at all."))

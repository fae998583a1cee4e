"""Orders of comments, and cursors that say where a page ended.

A cursor holds the value the order goes by and the comment's number, so a page begins exactly after
the last one, whatever was added meanwhile. One of threads also names what stood above all of them,
and the ranking that the first page showed.
"""

import base64
import binascii
import datetime
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from comments.models import Comment
from comments.ranking import MAX_NUMBER, MAX_RUNNING, Ranking

MAX_PINNED = 5
MAX_VALUE = 2**31 - 1
MAX_LENGTH = 40_000  # characters of a cursor

type Value = datetime.datetime | float


@dataclass(frozen=True)
class Cursor:
    """Where a page ended."""

    value: Value
    number: int
    pinned: tuple[int, ...] = ()
    ranking: Ranking | None = None

    def __str__(self) -> str:
        """Return it as an address holds it."""
        value = self.value
        parts: list[Any] = [
            value.isoformat() if isinstance(value, datetime.datetime) else value, self.number,
            list(self.pinned),
        ]  # fmt: skip
        if self.ranking:
            parts += [self.ranking.until, list(self.ranking.running), self.ranking.taken_at]
        text = json.dumps(parts, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass(frozen=True)
class Order:
    """One order of comments: by a field, then by number, both in the same direction."""

    name: str
    label: Any  # as readers see it
    field: str
    is_descending: bool
    is_ranking: bool = False  # whether the field changes by votes or replies

    def sorted[Rows: QuerySet[Any]](self, rows: Rows, number: str = "pk") -> Rows:
        """Return the rows in this order. number: the field that holds the comment's number."""
        sign = "-" if self.is_descending else ""
        return rows.order_by(f"{sign}{self.field}", f"{sign}{number}")

    def after[Rows: QuerySet[Any]](self, rows: Rows, cursor: Cursor, number: str = "pk") -> Rows:
        """Return the rows beyond the cursor."""
        side = "lt" if self.is_descending else "gt"
        beyond = Q(**{f"{self.field}__{side}": cursor.value}) | Q(
            **{self.field: cursor.value, f"{number}__{side}": cursor.number}
        )
        # The second condition adds nothing but what the index can walk.
        return rows.filter(beyond, **{f"{self.field}__{side}e": cursor.value})

    def key_of(self, comment: Comment) -> tuple[Value, int]:
        """Return what the comment is ordered by, as the ranking has it that it was read from."""
        return comment.ranked_value.get(self.field, getattr(comment, self.field)), comment.pk

    def read(self, text: str) -> Cursor:
        """Return the cursor of a text. Raises ValueError for one that is none of this order's."""
        if len(text) > MAX_LENGTH:
            raise ValueError("not a cursor")
        try:
            padded = (text + "=" * (-len(text) % 4)).encode("ascii")
            parts = json.loads(base64.urlsafe_b64decode(padded))
            value, number, pinned, *ranking = parts
        except (binascii.Error, UnicodeError, TypeError, RecursionError) as error:
            raise ValueError("not a cursor") from error
        return Cursor(
            self._value(value), _number(number), _numbers(pinned, MAX_PINNED), _ranking(ranking)
        )

    def _value(self, value: object) -> Value:
        if self.field == "created_at":
            when = datetime.datetime.fromisoformat(value) if isinstance(value, str) else None
            if when is None or when.tzinfo is None:
                raise ValueError("not a cursor")
            return when
        kind = float if self.field == "best" else int
        if type(value) is not kind or not abs(value) <= MAX_VALUE:  # also what is no number
            raise ValueError("not a cursor")
        return value


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MAX_NUMBER:
        raise ValueError("not a cursor")
    return value


def _numbers(values: object, limit: int) -> tuple[int, ...]:
    if not isinstance(values, list) or len(values) > limit:
        raise ValueError("not a cursor")
    return tuple(_number(value) for value in values)


def _ranking(parts: list[Any]) -> Ranking | None:
    if not parts:
        return None
    until, running, taken_at = parts
    return Ranking(_number(until), _numbers(running, MAX_RUNNING), _number(taken_at))


ORDERS = {
    order.name: order
    for order in (
        Order("newest", _("Newest"), "created_at", is_descending=True),
        Order("oldest", _("Oldest"), "created_at", is_descending=False),
        Order("top", _("Most voted"), "score", is_descending=True, is_ranking=True),
        Order("best", _("Best"), "best", is_descending=True, is_ranking=True),
        Order("active", _("Most discussed"), "reply_count", is_descending=True, is_ranking=True),
    )
}
DEFAULT_ORDER = "newest"
OLDEST = ORDERS["oldest"]

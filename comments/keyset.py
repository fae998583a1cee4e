"""Orders of threads, and cursors that say where a page ended.

A cursor holds the value the order goes by and the comment's number, so a page begins exactly after
the last one, whatever was added meanwhile.
"""

import base64
import binascii
import datetime
from dataclasses import dataclass

from django.db.models import Q

from comments.models import Comment
from comments.querysets import CommentQuerySet

MAX_SCORE = 2**31 - 1


@dataclass(frozen=True)
class Order:
    """One order of comments: by a field, then by number, both in the same direction."""

    name: str
    field: str
    is_descending: bool

    def sorted(self, comments: CommentQuerySet) -> CommentQuerySet:
        sign = "-" if self.is_descending else ""
        return comments.order_by(f"{sign}{self.field}", f"{sign}pk")

    def after(self, comments: CommentQuerySet, cursor: str) -> CommentQuerySet:
        """Return those beyond the cursor. Raises ValueError for text that is no cursor."""
        value, number = self._read(cursor)
        side = "lt" if self.is_descending else "gt"
        beyond = Q(**{f"{self.field}__{side}": value}) | Q(
            **{self.field: value, f"pk__{side}": number}
        )
        # The second condition adds nothing but what the index can walk.
        return comments.filter(beyond, **{f"{self.field}__{side}e": value})

    def cursor_of(self, comment: Comment) -> str:
        value = getattr(comment, self.field)
        text = (
            f"{value.isoformat() if isinstance(value, datetime.datetime) else value}|{comment.pk}"
        )
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _read(self, cursor: str) -> tuple[datetime.datetime | int, int]:
        try:
            padded = (cursor + "=" * (-len(cursor) % 4)).encode("ascii")
            text = base64.urlsafe_b64decode(padded).decode("ascii")
        except (binascii.Error, UnicodeError) as error:
            raise ValueError("not a cursor") from error
        value, _bar, number = text.partition("|")
        if not number.isdigit() or len(number) > 18 or len(value) > 40:
            raise ValueError("not a cursor")
        if self.field == "score":
            score = int(value)
            if abs(score) > MAX_SCORE:
                raise ValueError("not a cursor")
            return score, int(number)
        when = datetime.datetime.fromisoformat(value)
        if when.tzinfo is None:
            raise ValueError("not a cursor")
        return when, int(number)


ORDERS = {
    order.name: order
    for order in (
        Order("newest", "created_at", is_descending=True),
        Order("oldest", "created_at", is_descending=False),
        Order("top", "score", is_descending=True),
    )
}
DEFAULT_ORDER = "newest"
OLDEST = ORDERS["oldest"]

"""Rankings that hold still while they are read.

Votes and replies move threads all the time. So a reader who pages through an order that goes by
them reads on in the ranking that their first page showed: its cursor names the database's snapshot
of that moment, and each thread that was moved since is read from what was kept of it. The snapshot
is Postgres's own (``pg_current_snapshot``), so it is exact however transactions overlap.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import BigIntegerField, CharField, Func, Q
from django.utils import timezone

from comments.models import Comment, PastRank

KEPT = timedelta(hours=1)  # how long somebody may take from the first page to the last
MAX_RUNNING = 1_000  # transactions that run at one moment
MAX_NUMBER = 2**63 - 1


class CurrentTransaction(Func):
    """The number of the transaction that is running."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = BigIntegerField()


class CurrentSnapshot(Func):
    """Which transactions the statement sees, as text: ``xmin:xmax:running,…``."""

    template = "pg_current_snapshot()::text"
    output_field = CharField()


@dataclass(frozen=True)
class Ranking:
    """What one statement saw: all transactions before ``until``, but not those ``running``."""

    until: int
    running: tuple[int, ...]
    taken_at: int  # seconds since 1970

    @classmethod
    def of_snapshot(cls, text: str) -> "Ranking":
        """Return the ranking that a page read with ``CurrentSnapshot`` showed."""
        _from, until, running = text.split(":")
        numbers = tuple(int(number) for number in running.split(",") if number)
        return cls(int(until), numbers, int(time.time()))

    @property
    def is_kept(self) -> bool:
        """Whether what it needs is still there."""
        return 0 <= time.time() - self.taken_at < KEPT.total_seconds()

    def saw(self, field: str) -> Q:
        """Return the condition that it saw the transaction whose number is in the field."""
        return Q(**{f"{field}__lt": self.until}) & ~Q(**{f"{field}__in": self.running})

    @property
    def since(self) -> int:
        """The first transaction that it may not have seen: it saw all before."""
        return min(self.running, default=self.until)


# Whoever adds one takes some old ones away, of whatever thread, so that none is left for good; but
# not those that another is taking away.
FORGET = """
    DELETE FROM comments_pastrank WHERE id IN (
        SELECT id FROM comments_pastrank WHERE created_at < %s
        ORDER BY created_at LIMIT 20 FOR UPDATE SKIP LOCKED
    )
"""


def keep_rank(root: Comment) -> None:
    """Keep what a thread's opening comment is worth until this transaction, which will change it.

    Call it with the row as it is locked; what changes the row then sets ``ranked_by`` to
    ``CurrentTransaction()``.
    """
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [timezone.now() - KEPT])
    PastRank.objects.create(
        comment=root,
        discussion_id=root.discussion_id,
        valid_from=root.ranked_by,
        valid_until=CurrentTransaction(),
        score=root.score,
        best=root.best,
        reply_count=root.reply_count,
    )

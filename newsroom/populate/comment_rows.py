"""The rows of made-up discussions and comments, with the counts kept beside them."""

import datetime
import itertools
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from articles.copying import copy_rows, reserved_ids
from comments.models import Comment, CommentStatus, Discussion
from newsroom.populate.cast import Writer
from newsroom.populate.plan import Plan
from newsroom.populate.remarks import Remarks
from newsroom.populate.reports import language_of, published_at
from newsroom.populate.threads import NONE, STATUSES, Threads, threads

BATCH = 10_000  # comments of one COPY
PERIOD = datetime.timedelta(days=30)  # from the report on; most come early
MOST_VOTES = 5_000
COLUMNS = [
    "id", "discussion_id", "parent_id", "root_id", "depth", "user_id", "guest_name", "guest_email",
    "guest_id", "body", "body_html", "quote_exact", "quote_prefix", "quote_suffix", "status",
    "created_at", "is_closed", "reply_count", "upvotes", "downvotes", "imported_upvotes",
    "imported_downvotes",
]  # fmt: skip


def copy_comments(
    plan: Plan, article_ids: Sequence[int], writers: Sequence[Writer]
) -> Iterator[int]:
    """Write every report's discussion; yield after each COPY how many comments it wrote."""
    remarks = Remarks(plan.seed)
    discussion_ids = reserved_ids(Discussion, len(article_ids))
    for number, (article, discussion, wanted) in enumerate(
        zip(article_ids, discussion_ids, plan.comment_numbers(), strict=True), 1
    ):
        made = threads(wanted, Random(f"{plan.seed} threads {number}"))
        state = Discussion.State.OPEN.value
        columns = ["id", "article_id", "state", "policy", "comment_count"]
        copy_rows(Discussion, columns, [[discussion, article, state, "", made.approved]])
        rows = _rows(
            plan, number, discussion, made, reserved_ids(Comment, wanted), writers, remarks
        )
        yield from _copied(rows)


def _copied(rows: Iterator[list[Any]]) -> Iterator[int]:
    for batch in itertools.batched(rows, BATCH):
        copy_rows(Comment, COLUMNS, batch)
        yield len(batch)


def _rows(
    plan: Plan,
    number: int,
    discussion: int,
    made: Threads,
    ids: Sequence[int],
    writers: Sequence[Writer],
    remarks: Remarks,
) -> Iterator[list[Any]]:
    """Yield a discussion's comments in the order they were written, parents before replies."""
    random = Random(f"{plan.seed} comments {number}")
    code, began = language_of(plan, number), published_at(plan, number)
    statuses = [status.value for status in STATUSES]
    for place, pk in enumerate(ids):
        parent, root = made.parents[place], made.roots[place]
        # The square of an even share: many know the same few writers.
        writer = writers[int(random.random() ** 2 * len(writers))]
        remark = remarks.pick(code, random)
        status = statuses[made.statuses[place]]
        up, down = _votes(random) if status == CommentStatus.APPROVED else (0, 0)
        yield [
            pk, discussion, None if parent == NONE else ids[parent],
            None if root == NONE else ids[root], made.depths[place], writer.user, writer.name,
            writer.email, writer.browser, remark.body, remark.html, "", "", "", status,
            began + PERIOD * ((place + random.random()) / len(made)) ** 3, False,
            made.reply_counts[place], up, down, up, down,
        ]  # fmt: skip


def _votes(random: Random) -> tuple[int, int]:
    """Return votes for and against by a long-tail law: most have few, a few have thousands."""
    up = min(MOST_VOTES, int(random.paretovariate(0.9)) - 1)
    return up, min(MOST_VOTES, int(random.paretovariate(1.3)) - 1)

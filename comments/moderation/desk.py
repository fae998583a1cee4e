"""The queues of the moderation desk, and what a moderator must know of each comment in them."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments.models import (
    Appeal,
    Ban,
    Comment,
    CommentStatus,
    Handling,
    ModerationEvent,
    Report,
    VoteBurst,
)
from comments.moderation.votes import votes_of
from comments.querysets import CommentQuerySet
from comments.spam.scoring import Explanation, explain

PAGE = 25
MAX_COUNT = 999  # beyond, nobody wants to know how many
HANDLED_FOR = datetime.timedelta(minutes=2)
SHOWN_EVENTS = 5
RELATED = ("user", "parent__user", "root__user", "discussion__article", "passage")


def _by_rule() -> Exists:
    events = ModerationEvent.objects.filter(comment=OuterRef("pk"), by=None)
    return Exists(events.exclude(rule=""))


def _by_writer_of(comment: Comment) -> Q:
    """By the same account; or, of a guest, from the same browser or under the same address."""
    if comment.user_id is not None:
        return Q(user=comment.user_id)
    same = Q(pk=comment.pk)
    if comment.guest_id is not None:
        same |= Q(guest_id=comment.guest_id)
    if comment.guest_email:
        same |= Q(guest_email__iexact=comment.guest_email)
    if comment.guest_digest:
        same |= Q(guest_digest=comment.guest_digest)
    return same & Q(user=None)


def _reported() -> Exists:
    return Exists(Report.objects.filter(comment=OuterRef("pk"), answer=None))


def _under_burst() -> Q:
    return Q(pk__in=VoteBurst.objects.filter(settled_at=None).values("comment"))


def _appealed() -> Exists:
    return Exists(Appeal.objects.filter(comment=OuterRef("pk"), answer=None))


@dataclass(frozen=True)
class Queue:
    """A list of comments that wait for the same kind of look. The oldest first, or the newest."""

    name: str
    label: str | Promise
    rows: Callable[[CommentQuerySet], CommentQuerySet]
    is_oldest_first: bool = True

    def holds(self, numbers: list[int]) -> set[int]:
        """Return which of the comments with these numbers are in the queue."""
        return set(self.comments().filter(pk__in=numbers).values_list("pk", flat=True))

    def comments(self) -> CommentQuerySet:
        return self.rows(Comment.objects.all())

    def count(self) -> int:
        """Return how many wait, at most one more than ``MAX_COUNT``."""
        return self.comments().order_by()[: MAX_COUNT + 1].count()

    def page(
        self, after: int | None = None, *, like: Comment | None = None, without: Iterable[int] = ()
    ) -> list[Comment]:
        """Return a page's comments.

        after: the number of the last one of the page before. like: by the writer of that alone.
        without: numbers of some that are not wanted.
        """
        rows = self.comments().exclude(pk__in=without) if without else self.comments()
        if like is not None:
            rows = rows.filter(_by_writer_of(like))
        last = Comment.objects.filter(pk=after).only("created_at").first() if after else None
        if last is not None:
            way = "gt" if self.is_oldest_first else "lt"
            beyond = Q(**{f"created_at__{way}": last.created_at})
            rows = rows.filter(beyond | Q(created_at=last.created_at, **{f"pk__{way}": last.pk}))
        sign = "" if self.is_oldest_first else "-"
        rows = rows.order_by(f"{sign}created_at", f"{sign}pk")
        return list(rows.select_related(*RELATED)[:PAGE])


QUEUES = {
    queue.name: queue
    for queue in (
        Queue("waiting", _("Waiting"), lambda rows: rows.waiting().filter(is_shadowed=False)),
        Queue("reported", _("Reported"), lambda rows: rows.filter(_reported())),
        Queue("rule", _("Held by rule"), lambda rows: rows.waiting().filter(_by_rule())),
        Queue("appeals", _("Appeals"), lambda rows: rows.filter(_appealed())),
        Queue("votes", _("Votes"), lambda rows: rows.filter(_under_burst())),
        Queue("spam", _("Spam"), lambda rows: rows.filter(status=CommentStatus.SPAM), False),
        Queue("all", _("All"), lambda rows: rows, is_oldest_first=False),
    )
}


@dataclass
class Writer:
    """What is known of the writer of a comment."""

    approved: int = 0
    refused: int = 0
    ban: Ban | None = None

    @property
    def is_new(self) -> bool:
        return not self.approved and not self.refused


@dataclass
class Burst:
    """A burst of votes before a moderator.

    votes, made: how many came since it began, and how many of them look made; removed: how many do
    not count any more; waiting: how many wait, since votes are frozen.
    """

    file: VoteBurst
    votes: int
    made: int
    removed: int
    waiting: int


@dataclass
class Case:
    """A comment before a moderator: what brought it here, and who wrote it."""

    comment: Comment
    writer: Writer
    events: list[ModerationEvent] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    appeal: Appeal | None = None
    handled_by: User | None = None
    burst: Burst | None = None
    weighed: Explanation = field(default_factory=Explanation)

    @property
    def spam_percent(self) -> int | None:
        """How much it looked like spam when it came, of 100."""
        score = self.comment.spam_score
        return None if score is None else int(score * 100)

    @property
    def seen(self) -> int:
        """The number of the last decision, which a new one must follow."""
        return self.events[0].pk if self.events else 0

    @property
    def rules(self) -> list[ModerationEvent]:
        """What rules said of it."""
        return [event for event in self.events if event.is_automatic and event.rule]

    @property
    def open_appeal(self) -> Appeal | None:
        return self.appeal if self.appeal and self.appeal.answer_id is None else None

    @property
    def is_against_ban(self) -> bool:
        """Whether its writer asks to be let in again, not to have it published."""
        return self.open_appeal is not None and not self.open_appeal.against.to_status

    @property
    def shown_events(self) -> list[ModerationEvent]:
        return self.events[:SHOWN_EVENTS]


def cases(comments: Iterable[Comment], asker: User) -> list[Case]:
    """Return the comments as cases; asker: who sees them, and is not told of their own handling."""
    rows = list(comments)
    numbers = [comment.pk for comment in rows]
    events, reports = defaultdict(list), defaultdict(list)
    log = ModerationEvent.objects.filter(comment__in=numbers).select_related("by")
    for event in log.order_by("-pk"):
        events[event.comment_id].append(event)
    for report in Report.objects.filter(comment__in=numbers, answer=None).order_by("pk"):
        reports[report.comment_id].append(report)
    appeals = Appeal.objects.filter(comment__in=numbers).select_related("against")
    appealed = {appeal.comment_id: appeal for appeal in appeals}
    handled = handled_by_others(numbers, asker)
    writers = _writers(rows)
    weighed = explain(rows)
    bursts = _bursts(numbers)
    return [
        Case(
            comment=comment,
            writer=writers[_mark(comment)],
            events=events[comment.pk],
            reports=reports[comment.pk],
            appeal=appealed.get(comment.pk),
            handled_by=handled.get(comment.pk),
            burst=bursts.get(comment.pk),
            weighed=weighed[comment.pk],
        )
        for comment in rows
    ]


def handled_by_others(numbers: list[int], asker: User) -> dict[int, User]:
    """Return who else has which of the comments before them."""
    present = Handling.objects.filter(comment__in=numbers, since__gt=_recently())
    return {one.comment_id: one.by for one in present.exclude(by=asker).select_related("by")}


def _bursts(numbers: list[int]) -> dict[int, Burst]:
    found = {}
    for file in VoteBurst.objects.filter(comment__in=numbers, settled_at=None):
        votes, made = votes_of(file)
        found[file.comment_id] = Burst(
            file=file,
            votes=votes.count(),
            made=made.count(),
            removed=file.removed.count(),
            waiting=votes.filter(is_counted=False).count(),
        )
    return found


def handle(comment: Comment, by: User) -> User | None:
    """Note that a moderator has the comment before them; return who has had it already, if any.

    What they had before them until now is nobody's again.
    """
    Handling.objects.filter(by=by).exclude(comment=comment).delete()
    present = Handling.objects.filter(comment=comment, since__gt=_recently()).exclude(by=by)
    other = present.select_related("by").first()
    if other is not None:
        return other.by
    Handling.objects.update_or_create(comment=comment, defaults={"by": by, "since": timezone.now()})
    return None


def _recently() -> datetime.datetime:
    return timezone.now() - HANDLED_FOR


def _mark(comment: Comment) -> tuple[str, Any]:
    if comment.user_id is not None:
        return "user", comment.user_id
    return "guest", comment.guest_id


def _writers(comments: list[Comment]) -> dict[tuple[str, Any], Writer]:
    """Return the record of each writer: an account's, or that of a guest's browser."""
    found: dict[tuple[str, Any], Writer] = defaultdict(Writer)
    refused = Q(status__in=[CommentStatus.REJECTED, CommentStatus.SPAM])
    bans = Ban.objects.filter(lifted_at=None).filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    )
    for name, column in (("user", "user_id"), ("guest", "guest_id")):
        values = {mark[1] for mark in map(_mark, comments) if mark[0] == name and mark[1]}
        if not values:
            continue
        rows = Comment.objects.filter(**{f"{column}__in": values})
        if name == "guest":
            rows = rows.filter(user=None)
        counted = rows.values_list(column).annotate(
            approved=Count("pk", filter=Q(status=CommentStatus.APPROVED)),
            refused=Count("pk", filter=refused),
        )
        for value, approved, number in counted:
            found[name, value].approved, found[name, value].refused = approved, number
        for ban in bans.filter(**{f"{column}__in": values}):
            found[name, getattr(ban, column)].ban = ban
    return found

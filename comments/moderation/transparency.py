"""What moderation did, month by month, in numbers and without anybody's name."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from comments.models import Comment, ModerationEvent, Reason, Report

Action = ModerationEvent.Action
MONTHS = 12
MAX_RULES = 20  # named in a month
BY_RULE = {Action.HELD, Action.REJECTED, Action.SPAM}


@dataclass
class Month:
    """Totals of a month. automatic: how many of the refusals no person made.

    rules: what each rule decided, by its name.
    """

    begins: datetime.date
    written: int = 0
    reported: int = 0
    automatic: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)

    @property
    def approved(self) -> int:
        return self.actions[Action.APPROVED]

    @property
    def rejected(self) -> int:
        return self.actions[Action.REJECTED] + self.actions[Action.REMOVED]

    @property
    def spam(self) -> int:
        return self.actions[Action.SPAM]

    @property
    def appealed(self) -> int:
        return self.actions[Action.APPEALED]

    @property
    def upheld(self) -> int:
        return self.actions[Action.UPHELD]

    @property
    def held(self) -> int:
        return self.actions[Action.HELD]

    @property
    def told_rules(self) -> list[tuple[str, int]]:
        """The rules that decided something, the busiest first."""
        return self.rules.most_common(MAX_RULES)

    @property
    def banned(self) -> int:
        return self.actions[Action.BANNED] + self.actions[Action.SUSPENDED]

    @property
    def told_reasons(self) -> list[tuple[str, int]]:
        """The reasons given to writers, the most frequent first, in words."""
        return [(str(Reason(value).label), number) for value, number in self.reasons.most_common()]


def months() -> list[Month]:
    """Return the last twelve months with anything in them, the newest first; three queries."""
    this = timezone.localdate().replace(day=1)
    first = this.replace(year=this.year - 1)
    since = timezone.make_aware(datetime.datetime.combine(first, datetime.time()))
    found: dict[datetime.date, Month] = {}

    def month(begins: datetime.datetime) -> Month:
        day = begins.date()
        return found.setdefault(day, Month(day))

    events = ModerationEvent.objects.filter(at__gt=since)
    # What was taken back again was not done.
    events = events.filter(undone_by=None).exclude(action=Action.UNDONE)
    nobody = ExpressionWrapper(Q(by=None), BooleanField())
    rows = events.annotate(month=TruncMonth("at"), nobody=nobody).order_by("month", "action")
    kinds = ("month", "action", "reason", "nobody", "rule")
    for *kind, number in rows.values_list(*kinds).annotate(number=Count("pk")):
        begins, action, reason, is_automatic, rule = kind
        one = month(begins)
        one.actions[action] += number
        if action in {Action.REJECTED, Action.UPHELD} and reason:
            one.reasons[reason] += number
        if is_automatic and action in {Action.REJECTED, Action.SPAM}:
            one.automatic += number
        if is_automatic and rule and action in BY_RULE:
            one.rules[rule] += number
    written = Comment.objects.filter(created_at__gt=since)
    for begins, number in _by_month(written):
        month(begins).written = number
    for begins, number in _by_month(Report.objects.filter(created_at__gt=since, rule="")):
        month(begins).reported = number
    return sorted(found.values(), key=lambda one: one.begins, reverse=True)[:MONTHS]


def _by_month(rows: QuerySet[Any]) -> Iterable[tuple[datetime.datetime, int]]:
    counted = rows.annotate(month=TruncMonth("created_at")).order_by("month")
    numbers: Iterable[tuple[datetime.datetime, int]]
    numbers = counted.values_list("month").annotate(number=Count("pk"))
    return numbers

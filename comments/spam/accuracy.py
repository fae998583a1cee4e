"""How good the spam score was, measured on what moderators decided afterwards.

Each comment is judged by the score that it came with, when nothing had been learnt from it; and by
what a person said of it, if anybody did. Of the others nothing is known, and nothing is supposed:
they are counted apart.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.utils import timezone

from comments.models import Comment, SpamWord
from comments.spam.knowledge import COMMENTS, MINIMUM

PERIODS = (7, 30, 90, 365)  # days
THRESHOLDS = (50, 60, 70, 80, 90, 95, 98)
FEW = 50  # decisions about spam, below which percentages say little


@dataclass(frozen=True)
class Threshold:
    """What became of the comments of a period, had all been put aside from this score on.

    caught: spam that was; wrong: others; missed: spam below it. unknown: comments from this score
    on about which nobody has decided.
    """

    percent: int
    caught: int
    wrong: int
    missed: int
    unknown: int

    @property
    def precision(self) -> float | None:
        """How much of what was put aside was spam, 0 to 1; None where nothing was."""
        told = self.caught + self.wrong
        return self.caught / told if told else None

    @property
    def recall(self) -> float | None:
        """How much of the spam was put aside, 0 to 1; None where there was none."""
        spam = self.caught + self.missed
        return self.caught / spam if spam else None


@dataclass(frozen=True)
class Accuracy:
    """How good the score was in a period, and what it goes by."""

    days: int
    scored: int
    spam: int
    ham: int
    thresholds: tuple[Threshold, ...]
    learnt_spam: int
    learnt_ham: int

    @property
    def undecided(self) -> int:
        return self.scored - self.spam - self.ham

    @property
    def says_little(self) -> bool:
        """Whether too little spam was decided about to trust percentages."""
        return self.spam < FEW

    @property
    def is_silent(self) -> bool:
        """Whether too little is known for a score."""
        return min(self.learnt_spam, self.learnt_ham) < MINIMUM


def accuracy(*, days: int, also: tuple[int | None, ...] = ()) -> Accuracy:
    """Return how good the score of the comments of the last days was; two queries.

    also: thresholds to be looked at besides the usual ones, in percent.
    """
    since = timezone.now() - datetime.timedelta(days=days)
    scored = Comment.objects.filter(created_at__gt=since, spam_score__isnull=False)
    # A text that was changed after the decision has a score of its own, and no decision.
    decided = Q(edited_at=None) | Q(edited_at__lte=F("lesson__decided_at"))
    spam = Q(lesson__is_spam=True) & decided
    ham = Q(lesson__is_spam=False) & decided
    percents = sorted({*THRESHOLDS, *filter(None, also)})
    counts = {"scored": Count("pk"), "spam": _number(spam), "ham": _number(ham)}
    for percent in percents:
        above = Q(spam_score__gte=percent / 100)
        counts |= {
            f"above_{percent}": _number(above),
            f"caught_{percent}": _number(above & spam),
            f"wrong_{percent}": _number(above & ham),
        }
    found = scored.aggregate(**counts)
    learnt = SpamWord.objects.filter(number=COMMENTS).values_list("spam", "ham").first() or (0, 0)
    thresholds = tuple(
        Threshold(
            percent=percent,
            caught=found[f"caught_{percent}"],
            wrong=found[f"wrong_{percent}"],
            missed=found["spam"] - found[f"caught_{percent}"],
            unknown=found[f"above_{percent}"]
            - found[f"caught_{percent}"]
            - found[f"wrong_{percent}"],
        )
        for percent in percents
    )
    return Accuracy(days, found["scored"], found["spam"], found["ham"], thresholds, *learnt)


def _number(which: Q) -> Count:
    return Count("pk", filter=which)

"""Noticing that votes on a comment come far above what is usual, and look made.

Two things must come together (why, and where from: docs/decisions). The number: so many votes in
ten minutes must be improbable, one time in a million, for a Poisson process of the usual rate.
Usual is what the comment got before, or what others in the same discussion get at the same time,
whichever is more. And the voters: many from one network; or most of them never seen before, and
more of them than of those who vote on the other comments meanwhile, so that a report that suddenly
everybody reads alerts nobody.
"""

import datetime
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Publication
from comments.log import record
from comments.models import Comment, ModerationEvent, Vote, VoteBurst

WINDOW = datetime.timedelta(minutes=10)
BEFORE = datetime.timedelta(days=7)  # what the comment's own rate is taken from
LEAST = 1.0  # votes in a window are expected of every comment
CHANCE = 1e-6  # less is no chance
FRESH = 0.6  # of the voters never seen before
NO_ACCIDENT = 1e-3  # that so many are, by what is usual
LOOKED_AT = 1_000  # votes on the other comments, for what is usual
ALIKE = 0.5  # of the voters from one network
NEW_ACCOUNT = datetime.timedelta(days=1)
RULE = "vote burst"


@dataclass(frozen=True)
class Voters:
    """Who cast some votes: how many, how many never seen before, how many from the same network."""

    votes: int
    fresh: int
    network: int | None
    alike: int

    def look_made(self, usual: float) -> bool:
        """Tell whether they hardly came by themselves. usual: the share never seen before."""
        if self.alike >= ALIKE * self.votes:
            return True
        by_accident = _chance_of_so_many(self.fresh, self.votes, usual)
        return self.fresh >= FRESH * self.votes and by_accident < NO_ACCIDENT


def detect_burst(comment: Comment) -> VoteBurst | None:
    """Return the burst of votes that a comment is under, now in its case file, None for none.

    What a moderator settled is not brought up again.
    """
    least = Publication.current().burst_votes
    if least is None:
        return None
    now = timezone.now()
    began_at = now - WINDOW
    last = VoteBurst.objects.filter(comment=comment).order_by("-found_at", "-pk").first()
    if last is not None:
        began_at = last.began_at if last.settled_at is None else max(began_at, last.settled_at)
    votes = Vote.objects.filter(comment=comment, burst=None, created_at__gt=began_at)
    if last is not None and last.settled_at is None:
        return _brought_up_to_date(last, votes, now)
    number = votes.count()
    if number < least:
        return None
    expected = usual_votes(comment, began_at, now)
    if chance_of(number, expected) >= CHANCE:
        return None
    voters = voters_of(votes, began_at)
    if not voters.look_made(usual_freshness(comment, began_at)):
        return None
    with transaction.atomic():
        burst, is_new = VoteBurst.objects.get_or_create(
            comment=comment, settled_at=None,
            defaults={
                "began_at": began_at, "ended_at": now, "votes": number, "expected": expected,
                "fresh": voters.fresh, "network": voters.network, "alike": voters.alike,
            },
        )  # fmt: skip
        if is_new:
            action = ModerationEvent.Action.FLAGGED
            record(action=action, comment=comment, rule=RULE, note=described(burst))
    return burst


def usual_votes(comment: Comment, began_at: datetime.datetime, now: datetime.datetime) -> float:
    """Return how many votes the time since began_at would usually have brought a comment."""
    window = now - began_at
    shown_at = comment.approved_at or comment.created_at
    since = max(shown_at, began_at - BEFORE)
    earlier = Vote.objects.filter(comment=comment, created_at__gt=since, created_at__lte=began_at)
    # Of a comment that has just appeared there is no time before, hence no rate.
    own = earlier.count() * (window / (began_at - since)) if began_at - since > window else 0.0
    others = _votes_beside(comment, began_at)
    there = others.aggregate(votes=Count("pk"), comments=Count("comment", distinct=True))
    beside = there["votes"] / there["comments"] if there["comments"] else 0.0
    return max(own, beside, LEAST)


def usual_freshness(comment: Comment, began_at: datetime.datetime) -> float:
    """Return the share never seen before of those who vote on the other comments meanwhile.

    It is drawn towards a third, as if three more had voted, one of them never seen before.
    """
    latest = _votes_beside(comment, began_at).order_by("-created_at", "-pk")[:LOOKED_AT]
    others = Vote.objects.filter(pk__in=list(latest.values_list("pk", flat=True)))
    fresh = with_freshness(others, began_at).filter(is_fresh=True).count()
    return (fresh + 1) / (others.count() + 3)


def chance_of(number: int, expected: float) -> float:
    """Return the chance of so many or more where ``expected`` is the mean of a Poisson process."""
    if number <= expected:
        return 1.0
    # The terms from ``number`` on fall at least as fast as a geometric series.
    term = math.exp(number * math.log(expected) - expected - math.lgamma(number + 1))
    return min(1.0, term / (1 - expected / (number + 1)))


def voters_of(votes: QuerySet[Vote], began_at: datetime.datetime) -> Voters:
    """Return who cast the votes of a burst that began then."""
    marked = with_freshness(votes, began_at)
    rows = list(marked.values_list("is_fresh", "network"))
    networks = Counter(network for _is_fresh, network in rows if network is not None)
    [(network, alike)] = networks.most_common(1) or [(None, 0)]
    if alike < 2 or alike < ALIKE * len(rows):
        network, alike = None, 0
    return Voters(len(rows), sum(is_fresh for is_fresh, _network in rows), network, alike)


def with_freshness(votes: QuerySet[Vote], began_at: datetime.datetime) -> QuerySet[Any]:
    """Return the votes, each with whether nothing older than the burst is known of its reader."""
    accounts_vote = Q(user=OuterRef("user"), created_at__lte=began_at)
    guests_vote = Q(guest_id=OuterRef("guest_id"), created_at__lte=began_at)
    by_account = Q(user__isnull=False)
    is_known = (
        (by_account & Q(user__date_joined__lte=began_at - NEW_ACCOUNT))
        | (by_account & Exists(Vote.objects.filter(accounts_vote)))
        | (by_account & Exists(Comment.objects.filter(accounts_vote)))
        | (~by_account & Exists(Vote.objects.filter(guests_vote)))
        | (~by_account & Exists(Comment.objects.filter(guests_vote)))
    )
    return votes.annotate(is_fresh=~is_known)


def described(burst: VoteBurst) -> str:
    """Return in words what makes a burst, without anything of a reader."""
    facts = {"votes": burst.votes, "minutes": burst.minutes, "fresh": burst.fresh}
    told = (
        _("%(votes)d votes in %(minutes)d minutes, %(fresh)d by readers never seen before") % facts
    )
    if burst.alike:
        told += _(", %(alike)d from one network") % {"alike": burst.alike}
    return told + _("; usual would be %(usual).1f") % {"usual": burst.expected}


def _votes_beside(comment: Comment, began_at: datetime.datetime) -> QuerySet[Vote]:
    """Return the votes since then on the other comments of the discussion."""
    votes = Vote.objects.filter(comment__discussion=comment.discussion_id, created_at__gt=began_at)
    return votes.exclude(comment=comment)


def _chance_of_so_many(number: int, among: int, share: float) -> float:
    """Return the chance that so many or more of some are what a share of all is (binomial)."""
    return math.fsum(
        math.exp(
            math.lgamma(among + 1) - math.lgamma(k + 1) - math.lgamma(among - k + 1)
            + k * math.log(share) + (among - k) * math.log1p(-share)
        )
        for k in range(number, among + 1)
    )  # fmt: skip


def _brought_up_to_date(
    burst: VoteBurst, votes: QuerySet[Vote], now: datetime.datetime
) -> VoteBurst:
    voters = voters_of(votes, burst.began_at)
    if burst.removal_id is None and voters.votes > burst.votes:
        burst.votes, burst.fresh, burst.ended_at = voters.votes, voters.fresh, now
        burst.network, burst.alike = voters.network, voters.alike
        burst.expected = usual_votes(burst.comment, burst.began_at, now)
        burst.save()
    return burst

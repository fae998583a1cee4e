"""When votes on a comment are a burst, and when they are only many."""

import datetime
import math
import uuid
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import Publication
from comments.bursts.detecting import chance_of, detect_burst, usual_votes
from comments.models import Comment, ModerationEvent, Vote, VoteBurst
from comments.moderation.votes import settle_burst
from comments.tasks import look_for_burst
from comments.voting import cast_vote
from tests.accounts.factories import UserFactory
from tests.comments.bursts.factories import networks, votes_on
from tests.comments.factories import CommentFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def comment() -> Comment:
    return CommentFactory.create(approved_at=timezone.now() - 3 * DAY)


def readers_known_before(number: int) -> list[uuid.UUID]:
    """Return guests who voted on something else some days ago."""
    other = CommentFactory.create()
    return votes_on(other, number, minutes_ago=3 * 24 * 60)


@pytest.mark.parametrize(
    ("number", "expected"), [(2, 1.0), (5, 0.5), (10, 1.0), (40, 12.5), (300, 90.0)]
)
def test_chance_is_that_of_a_poisson_process(number: int, expected: float) -> None:
    term = Fraction(expected) ** number / math.factorial(number)
    above = Fraction(0)
    for k in range(number, number + 400):
        above += term
        term *= Fraction(expected) / (k + 1)
    assert 1 <= chance_of(number, expected) / (float(above) * math.exp(-expected)) < 1.3


def test_as_many_as_usual_are_no_surprise() -> None:
    assert chance_of(3, 3.0) == chance_of(1, 20.0) == 1


def test_many_new_readers_at_once_are_a_burst(comment: Comment) -> None:
    votes_on(comment, 12)
    burst = detect_burst(comment)
    assert burst is not None
    assert (burst.votes, burst.fresh, burst.network, burst.expected) == (12, 12, None, 1.0)
    event = ModerationEvent.objects.get()
    assert (event.action, event.rule, event.by) == ("flagged", "vote burst", None)
    assert "12 votes in 10 minutes, 12 by readers never seen before" in event.note


def test_one_network_is_a_burst_also_of_known_readers(comment: Comment) -> None:
    for n, guest in enumerate(readers_known_before(12)):
        network = networks(7) if n < 8 else networks(100 + n)
        cast_vote(comment=comment, value=-1, guest_id=guest, network=network)
    burst = detect_burst(comment)
    assert burst is not None
    assert (burst.votes, burst.fresh, burst.alike) == (12, 0, 8)


def test_many_known_readers_from_everywhere_are_none(comment: Comment) -> None:
    for n, guest in enumerate(readers_known_before(12)):
        cast_vote(comment=comment, value=1, guest_id=guest, network=networks(n))
    accounts = UserFactory.create_batch(3, date_joined=timezone.now() - 30 * DAY)
    for n, user in enumerate(accounts):
        cast_vote(comment=comment, value=1, user=user, network=networks(50 + n))
    assert detect_burst(comment) is None


def test_accounts_made_for_it_are_as_new_as_new_guests(comment: Comment) -> None:
    for user in UserFactory.create_batch(12):
        cast_vote(comment=comment, value=1, user=user)
    burst = detect_burst(comment)
    assert burst is not None
    assert burst.fresh == 12


@pytest.mark.parametrize(("number", "minutes_ago"), [(9, 0), (30, 11)])
def test_few_or_earlier_ones_are_none(comment: Comment, number: int, minutes_ago: int) -> None:
    votes_on(comment, number, minutes_ago=minutes_ago)
    assert detect_burst(comment) is None


def test_report_that_everybody_reads_at_once_alerts_nobody(comment: Comment) -> None:
    for _n in range(4):
        votes_on(CommentFactory.create(discussion=comment.discussion), 12)
    votes_on(comment, 14)
    assert usual_votes(
        comment, timezone.now() - datetime.timedelta(minutes=10), timezone.now()
    ) == (12.0)
    assert detect_burst(comment) is None


def test_best_comment_of_a_report_that_newcomers_flock_to_alerts_nobody(comment: Comment) -> None:
    for _n in range(20):
        votes_on(CommentFactory.create(discussion=comment.discussion), 2)
    votes_on(comment, 20)
    assert detect_burst(comment) is None
    Vote.objects.filter(comment=comment).update(network=9)
    burst = detect_burst(comment)
    assert burst is not None
    assert (burst.alike, burst.expected) == (20, 2.0)


def test_newcomers_to_one_comment_among_known_readers_are_a_burst(comment: Comment) -> None:
    beside = CommentFactory.create_batch(6, discussion=comment.discussion)
    for guest in readers_known_before(12):
        for other in beside[:2]:
            cast_vote(comment=other, value=1, guest_id=guest)
    for other in beside[2:]:
        votes_on(other, 1)
    votes_on(comment, 25)
    assert detect_burst(comment) is not None


def test_comment_that_always_gets_many_alerts_nobody() -> None:
    comment = CommentFactory.create(approved_at=timezone.now() - datetime.timedelta(minutes=40))
    votes_on(comment, 30, minutes_ago=20)
    votes_on(comment, 14)
    assert detect_burst(comment) is None


def test_burst_that_goes_on_stays_one_case(comment: Comment) -> None:
    votes_on(comment, 12)
    first = detect_burst(comment)
    votes_on(comment, 8, network=networks(1))
    assert detect_burst(comment) == first
    [burst] = VoteBurst.objects.all()
    assert burst.votes == 20
    assert ModerationEvent.objects.count() == 1


def test_what_was_settled_is_not_brought_up_again(comment: Comment) -> None:
    votes_on(comment, 12)
    detect_burst(comment)
    settle_burst(comment=comment, by=UserFactory.create(role="Moderator"))
    assert detect_burst(comment) is None
    votes_on(comment, 12)
    burst = detect_burst(comment)
    assert burst is not None
    assert (burst.votes, VoteBurst.objects.count()) == (12, 2)


def test_it_can_be_turned_off(comment: Comment) -> None:
    Publication.objects.update_or_create(pk=1, defaults={"burst_votes": None})
    votes_on(comment, 40)
    assert detect_burst(comment) is None


def test_votes_themselves_have_the_worker_look(comment: Comment) -> None:
    for n in range(15):
        address = f"198.51.100.{n}"
        answer = Client(REMOTE_ADDR=address).post(f"/comments/{comment.pk}/vote/", {"value": "1"})
        assert answer.status_code == 303
    assert Vote.objects.values("network").distinct().count() == 1
    assert not VoteBurst.objects.exists()
    tasks = DBTaskResult.objects.filter(task_path=look_for_burst.module_path)
    assert tasks.count() == 3
    for result in tasks:
        result.task.call(*result.args_kwargs["args"])
    burst = VoteBurst.objects.get()
    assert (burst.votes, burst.alike) == (15, 15)


def test_vote_costs_no_more_than_before(comment: Comment, django_assert_num_queries: Any) -> None:
    """Savepoint, lock, the publication's policy is not asked, look, keep, old rank twice, count."""
    votes_on(comment, 1)
    with django_assert_num_queries(8):
        votes_on(comment, 1)

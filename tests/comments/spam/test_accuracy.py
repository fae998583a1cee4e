"""Precision and recall as staff see them: by the score of arrival and people's decisions alone."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from comments.editing import edit_comment
from comments.log import record
from comments.models import Comment, ModerationEvent
from comments.moderation import (
    approve_comment,
    mark_comment_as_spam,
    reject_comment,
    undo_decision,
)
from comments.spam.accuracy import accuracy
from comments.spam.learning import learn_from
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
SPAM, HAM = mark_comment_as_spam, approve_comment


@pytest.fixture
def decided() -> Any:
    """Return what lets a comment come with a score and be decided about."""
    moderator, discussion = UserFactory.create(role="Moderator"), DiscussionFactory.create()

    def decide(score: float | None, decision: Any, **fields: Any) -> Comment:
        comment = CommentFactory.create(
            discussion=discussion, status="held", spam_score=score, **fields
        )
        if decision is not None:
            comment.event = decision(comment=comment, by=moderator)
            learn_from(comment)
        return comment

    decide.by = moderator
    return decide


def row(percent: int, days: int = 30) -> tuple[int, int, int, int]:
    [one] = [one for one in accuracy(days=days).thresholds if one.percent == percent]
    return one.caught, one.wrong, one.missed, one.unknown


def test_each_threshold_counts_what_it_would_have_put_aside(decided: Any) -> None:
    for score, decision in (
        (0.99, SPAM), (0.96, SPAM), (0.96, HAM), (0.85, SPAM), (0.2, SPAM), (0.1, HAM),
        (0.97, None), (0.97, reject_comment), (None, SPAM), (None, HAM),
    ):  # fmt: skip
        decided(score, decision)
    assert row(95) == (2, 1, 2, 2)
    assert row(80) == (3, 1, 1, 2)
    found = accuracy(days=30)
    assert (found.scored, found.spam, found.ham, found.undecided) == (8, 4, 2, 2)
    [at_95] = [one for one in found.thresholds if one.percent == 95]
    assert at_95.precision == pytest.approx(2 / 3)
    assert at_95.recall == pytest.approx(1 / 2)
    assert at_95.percent == 95
    assert (found.learnt_spam, found.learnt_ham) == (5, 3)


def test_what_a_rule_decided_and_what_was_taken_back_count_nowhere(decided: Any) -> None:
    by_rule = decided(0.99, None)
    record(
        action=ModerationEvent.Action.SPAM, comment=by_rule, rule="spam score",
        from_status="", to_status="spam",
    )  # fmt: skip
    learn_from(by_rule)
    undone = decided(0.99, SPAM)
    undo_decision(event=undone.event, by=decided.by)
    learn_from(undone)
    assert row(95) == (0, 0, 0, 2)


def test_text_changed_after_the_decision_counts_nowhere(decided: Any) -> None:
    comment = decided(0.1, HAM)
    comment.refresh_from_db()
    edit_comment(comment=comment, body="Another text.", guest_id=comment.guest_id)
    Comment.objects.update(spam_score=0.99)
    assert row(95) == (0, 0, 0, 1)


def test_older_comments_do_not_count(decided: Any) -> None:
    decided(0.99, SPAM, created_at=timezone.now() - datetime.timedelta(days=40))
    assert row(95) == (0, 0, 0, 0)
    assert row(95, days=90) == (1, 0, 0, 0)


def test_page_shows_both_and_says_when_they_mean_little(
    decided: Any, django_assert_max_num_queries: Any
) -> None:
    client = Client()
    client.force_login(decided.by)
    page = client.get("/admin/moderation/spam/").content.decode()
    assert "Comments get a score once 20 were marked as spam and 20 approved" in page
    for _n in range(20):
        decided(0.99, SPAM)
        decided(0.1, HAM)
    decided(0.96, HAM)
    with django_assert_max_num_queries(12):
        page = client.get("/admin/moderation/spam/?days=7").content.decode()
    assert "the percentages may well be chance" in page
    assert "<td>95.2 %</td><td>100.0 %</td><td>20</td><td>1</td><td>0</td><td>0</td>" in page
    assert "goes among the spam" in page
    assert client.get("/admin/moderation/spam/?days=x").status_code == 200

"""The public numbers of moderation."""

import uuid
from typing import Any

import pytest
from django.test import Client

from comments.models import Comment, Rule
from comments.moderation import approve_comment, reject_comment, undo_decision
from comments.moderation.reports import report_comment
from comments.moderation.transparency import months
from comments.posting import post_comment
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db


def test_month_counts_what_was_done_and_not_undone(django_assert_max_num_queries: Any) -> None:
    moderator = UserFactory.create(role="Moderator", display_name="Mo Unnamed")
    rows: list[Comment] = [CommentFactory(status="held") for _ in range(4)]
    approve_comment(comment=rows[0], by=moderator)
    for comment in rows[1:3]:
        reject_comment(comment=comment, by=moderator, reason="hate")
    undo_decision(event=approve_comment(comment=rows[3], by=moderator), by=moderator)
    report_comment(comment=rows[0], reason="insult", guest_id=uuid.uuid4())
    with django_assert_max_num_queries(5):
        [month] = months()
    assert (month.written, month.approved, month.rejected, month.reported) == (4, 1, 2, 1)
    assert month.told_reasons == [("It stirs up hatred", 2)]

    page = Client().get("/transparency/")
    assert "It stirs up hatred (2)" in page.content.decode()
    assert "Mo Unnamed" not in page.content.decode()
    assert "Cookie" not in page.get("Vary", "")


def test_month_counts_what_rules_decided_without_what_they_only_noticed() -> None:
    discussion = DiscussionFactory(policy="open")
    for name, word, outcome in (
        ("Hold", "one", "hold"), ("Reject", "two", "reject"), ("Report", "three", "report"),
    ):  # fmt: skip
        Rule.objects.create(name=name, kind="words", entries=word, outcome=outcome, reason="hate")
    for body in ("One.", "One and two.", "Two and three.", "Three."):
        post_comment(
            discussion=discussion, body=body, guest_name="A", guest_email=f"{len(body)}@example.org"
        )
    [month] = months()
    assert (month.held, month.rejected, month.automatic, month.reported) == (1, 2, 2, 0)
    assert month.told_rules == [("Reject", 2), ("Hold", 1)]
    assert month.told_reasons == [("It stirs up hatred", 2)]
    page = Client().get("/transparency/").content.decode()
    assert "Reject (2); Hold (1)" in page


def test_nothing_yet() -> None:
    assert "Nothing has been decided yet." in Client().get("/transparency/").content.decode()

"""What looks like spam: where it goes, what is kept of it, and what the desk says."""

from typing import Any

import pytest
from django.test import Client

from articles.models import CommentPolicy, Publication
from comments.models import Comment, CommentStatus, Discussion, ModerationEvent, SpamWord
from comments.moderation import approve_comment
from comments.spam.knowledge import COMMENTS, numbers_of
from comments.spam.learning import learn_from
from comments.spam.words import words_of
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
SPAM = "Buy cheap pills at https://pills.example now"
UNSURE = "Buy pills"
HAM = "The report on the harbour is thorough"
GUEST = {"name": "Ada", "email": "ada@example.org"}


@pytest.fixture
def discussion() -> Discussion:
    return DiscussionFactory.create(policy=CommentPolicy.OPEN)


@pytest.fixture
def experienced(discussion: Discussion) -> None:
    """Let it have seen thirty of each kind."""
    rows = {COMMENTS: (30, 30)}
    rows |= dict.fromkeys(numbers_of(words_of(HAM)), (0, 30))
    rows |= dict.fromkeys(numbers_of(words_of(SPAM)), (30, 0))
    SpamWord.objects.bulk_create(SpamWord(number=n, spam=s, ham=h) for n, (s, h) in rows.items())
    Publication.objects.update_or_create(pk=1, defaults={"spam_hold_from": 80, "spam_from": 99})


def post(client: Client, discussion: Discussion, body: str) -> Comment:
    address = f"{discussion.article.get_absolute_url()}comments/"
    assert client.post(address, {**GUEST, "body": body}).status_code == 303
    return Comment.objects.latest("pk")


@pytest.mark.usefixtures("experienced")
@pytest.mark.parametrize(
    ("body", "status"),
    [(SPAM, CommentStatus.SPAM), (UNSURE, CommentStatus.HELD), (HAM, CommentStatus.APPROVED)],
)
def test_score_decides_by_the_thresholds(discussion: Discussion, body: str, status: str) -> None:
    comment = post(Client(), discussion, body)
    assert comment.status == status
    assert comment.spam_score is not None
    events = [(one.rule, one.to_status) for one in ModerationEvent.objects.all()]
    assert events == ([] if status == "approved" else [("spam score", status)])


@pytest.mark.usefixtures("experienced")
def test_trusted_writer_is_held_at_worst(discussion: Discussion) -> None:
    client = Client()
    for number in range(3):
        post(client, discussion, f"{HAM}, {number}")
    assert post(client, discussion, SPAM).status == CommentStatus.HELD
    assert post(client, discussion, UNSURE).status == CommentStatus.APPROVED


@pytest.mark.usefixtures("experienced")
def test_thresholds_can_be_turned_off(discussion: Discussion) -> None:
    Publication.objects.update(spam_hold_from=None, spam_from=None)
    comment = post(Client(), discussion, SPAM)
    assert comment.is_approved
    assert comment.spam_score > 0.99


def test_without_experience_nothing_is_said(discussion: Discussion) -> None:
    comment = post(Client(), discussion, SPAM)
    assert comment.is_approved
    assert comment.spam_score is None


@pytest.mark.usefixtures("experienced")
def test_spam_cannot_be_smuggled_in_by_an_edit(discussion: Discussion) -> None:
    client = Client()
    comment = post(client, discussion, HAM)
    client.post(f"/comments/{comment.pk}/edit/", {"body": SPAM})
    comment.refresh_from_db()
    assert comment.status in {CommentStatus.HELD, CommentStatus.SPAM}
    assert comment.spam_score > 0.99


@pytest.mark.usefixtures("experienced")
def test_score_is_kept_as_it_was_when_it_came(discussion: Discussion) -> None:
    comment = post(Client(), discussion, SPAM)
    before = comment.spam_score
    approve_comment(comment=comment, by=UserFactory.create(role="Moderator"))
    learn_from(comment)
    comment.refresh_from_db()
    assert (comment.status, comment.spam_score) == (CommentStatus.APPROVED, before)


@pytest.mark.usefixtures("experienced")
def test_score_is_one_query(
    discussion: Discussion, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for is_scored in (False, True):
        if not is_scored:
            monkeypatch.setattr("comments.screening.checks.spam_score", lambda _comment: None)
        else:
            monkeypatch.undo()
        with django_assert_max_num_queries(60) as asked:
            post(Client(), discussion, f"{HAM} {is_scored}")
        counts.append(len(asked.captured_queries))
    assert counts[1] == counts[0] + 1


@pytest.mark.usefixtures("experienced")
def test_desk_shows_the_score_and_the_words_that_weighed_most(discussion: Discussion) -> None:
    post(Client(), discussion, SPAM)
    moderator = Client()
    moderator.force_login(UserFactory.create(role="Moderator"))
    desk = moderator.get("/admin/moderation/", {"queue": "spam"}).content.decode()
    assert "Spam score: <b>99</b> of 100" in desk
    assert "for it:" in desk
    assert "a link to pills.example" in desk
    assert "spam score (It looks like spam: 99 of 100.)" in desk


def test_moderator_is_not_refused_because_a_rule_came_meanwhile(discussion: Discussion) -> None:
    from comments.log import record

    comment = CommentFactory.create(discussion=discussion, status="held")
    record(action=ModerationEvent.Action.FLAGGED, comment=comment, rule="late")
    approve_comment(comment=comment, by=UserFactory.create(role="Moderator"), seen=0)
    comment.refresh_from_db()
    assert comment.is_approved

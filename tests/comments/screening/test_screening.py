"""The step between a reader's text and its readers: which check wins, what is kept and told."""

from collections.abc import Iterator

import pytest
from django.test import Client

from articles.models import CommentPolicy
from comments.counts import recount
from comments.models import Comment, CommentStatus, Discussion, ModerationEvent, Report
from comments.screening import Draft, Finding, Outcome, Verdict, checks
from tests.accounts.factories import UserFactory
from tests.comments.factories import DiscussionFactory

pytestmark = pytest.mark.django_db
GUEST = {"name": "Ada", "email": "ada@example.org"}


def check_words(draft: Draft) -> Iterator[Finding]:
    """Find each outcome's name in the text."""
    for outcome in Outcome:
        if outcome in draft.comment.body:
            yield Finding(outcome, f"No {outcome}", f"It says {outcome}.", f"Do not say {outcome}.")


@pytest.fixture(autouse=True)
def words_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "CHECKS", (*checks.CHECKS, check_words))


@pytest.fixture
def discussion() -> Discussion:
    return DiscussionFactory(policy=CommentPolicy.OPEN)


def post(client: Client, discussion: Discussion, body: str) -> Comment:
    address = f"{discussion.article.get_absolute_url()}comments/"
    answer = client.post(address, {**GUEST, "body": body})
    comment = Comment.objects.latest("pk")
    assert (answer.status_code, answer["Location"]) == (303, comment.get_absolute_url())
    return comment


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("Nothing.", CommentStatus.APPROVED),
        ("report", CommentStatus.APPROVED),
        ("hold", CommentStatus.HELD),
        ("reject", CommentStatus.REJECTED),
        ("spam", CommentStatus.SPAM),
        ("hold and report", CommentStatus.HELD),
        ("spam, reject, hold", CommentStatus.SPAM),
    ],
)
def test_strictest_finding_decides(discussion: Discussion, body: str, status: str) -> None:
    assert post(Client(), discussion, body).status == status
    discussion.refresh_from_db()
    assert discussion.comment_count == (status == CommentStatus.APPROVED)
    assert not any(recount().values())


def test_of_equals_the_one_with_a_name_decides() -> None:
    named = Finding(Outcome.HOLD, "Links")
    assert Verdict((Finding(Outcome.HOLD), named, Finding(Outcome.REPORT))).decisive == named
    assert Verdict().decisive is None


def test_log_holds_what_fired_and_what_decided_comes_last(discussion: Discussion) -> None:
    comment = post(Client(), discussion, "reject or hold")
    told = ModerationEvent.objects.order_by("pk").values_list(
        "action", "rule", "note", "told", "from_status", "to_status", "reason", "by", "comment"
    )
    assert list(told) == [
        ("flagged", "No hold", "It says hold.", "Do not say hold.", "", "", "", None, comment.pk),
        ("rejected", "No reject", "It says reject.", "Do not say reject.", "", "rejected", "rules",
         None, comment.pk),
    ]  # fmt: skip


def test_policy_alone_leaves_no_trace_in_the_log(discussion: Discussion) -> None:
    Discussion.objects.update(policy=CommentPolicy.HOLD_ALL)
    assert post(Client(), discussion, "Calm words.").status == CommentStatus.HELD
    assert not ModerationEvent.objects.exists()


def test_writer_is_told_which_rule_and_appeals_once(discussion: Discussion) -> None:
    client = Client()
    comment = post(client, discussion, "reject")
    page = client.get(comment.get_absolute_url()).content.decode()
    assert "a rule of this site: “No reject”. Do not say reject." in page
    assert Client().get(comment.get_absolute_url()).status_code == 404
    assert client.post(f"/comments/{comment.pk}/appeal/", {"text": "Please."}).status_code == 303
    assert client.post(f"/comments/{comment.pk}/appeal/", {"text": "Again."}).status_code == 403


def test_writer_of_a_held_one_is_told_which_rule(discussion: Discussion) -> None:
    client = Client()
    comment = post(client, discussion, "hold")
    page = client.get(comment.get_absolute_url()).content.decode()
    assert "Awaiting moderation" in page
    assert "A rule of this site holds it: “No hold”. Do not say hold." in page


def test_what_is_only_reported_appears_and_stands_before_moderators(
    discussion: Discussion,
) -> None:
    comment = post(Client(), discussion, "report")
    assert Client().get(comment.get_absolute_url()).status_code == 200
    report = Report.objects.get()
    assert (report.comment, report.rule, report.text) == (comment, "No report", "It says report.")
    moderator = Client()
    moderator.force_login(UserFactory.create(role="Moderator"))
    desk = moderator.get("/admin/moderation/", {"queue": "reported"}).content.decode()
    assert "Reported by the rule No report" in desk
    moderator.post("/admin/moderation/decide/", {"action": "approve", "comment": comment.pk})
    assert not moderator.get("/admin/moderation/", {"queue": "reported"}).context["cases"]


@pytest.mark.parametrize(
    ("body", "status"),
    [("hold", "held"), ("reject", "rejected"), ("spam", "spam"), ("Better.", "approved")],
)
def test_change_smuggles_nothing_in(discussion: Discussion, body: str, status: str) -> None:
    client = Client()
    comment = post(client, discussion, "Harmless.")
    client.post(f"/comments/{comment.pk}/edit/", {"body": body})
    comment.refresh_from_db()
    assert (comment.body, comment.status) == (body, status)
    assert ModerationEvent.objects.filter(from_status="approved", to_status=status).count() == (
        status != "approved"
    )
    assert not any(recount().values())


def test_change_never_lifts_what_holds(discussion: Discussion) -> None:
    client = Client()
    comment = post(client, discussion, "hold")
    client.post(f"/comments/{comment.pk}/edit/", {"body": "Harmless."})
    comment.refresh_from_db()
    assert (comment.body, comment.status) == ("Harmless.", CommentStatus.HELD)


def test_staff_are_not_screened(discussion: Discussion) -> None:
    client = Client()
    client.force_login(UserFactory.create(role="Moderator"))
    assert post(client, discussion, "spam").is_approved


def test_comment_keeps_a_hash_of_its_network(discussion: Discussion) -> None:
    address = f"{discussion.article.get_absolute_url()}comments/"
    for number in (1, 2):
        Client(REMOTE_ADDR=f"203.0.113.{number}").post(address, {**GUEST, "body": f"No {number}."})
    Client(REMOTE_ADDR="198.51.100.1").post(address, {**GUEST, "body": "Other."})
    networks = [comment.network for comment in Comment.objects.order_by("pk")]
    assert networks[0] == networks[1] != networks[2]
    assert len(networks[0]) == 64

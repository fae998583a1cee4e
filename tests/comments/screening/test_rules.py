"""The rules that moderators write: each kind, from the form in the admin to what becomes of it."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import CommentPolicy
from comments.admin.rules import RuleForm
from comments.models import Comment, Discussion, ModerationEvent, Rule
from comments.posting import post_comment
from comments.screening.patterns import checked_patterns, find
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/comments/rule/add/"
DESK = "/admin/moderation/"
GUEST = {"guest_name": "Ada", "guest_email": "ada@example.org"}
LONG = "The same long text, letter for letter, as it was sent before."


@pytest.fixture
def discussion() -> Discussion:
    return DiscussionFactory(policy=CommentPolicy.OPEN)


@pytest.fixture
def moderator() -> Client:
    client = Client()
    client.force_login(UserFactory.create(role="Moderator"))
    return client


def post(discussion: Discussion, body: str, **fields: Any) -> Comment:
    return post_comment(discussion=discussion, body=body, **{**GUEST, **fields})


def rule(kind: str, **fields: Any) -> Rule:
    return Rule.objects.create(name=f"No {kind}", kind=kind, **fields)


def why(comment: Comment) -> str:
    return ModerationEvent.objects.filter(comment=comment).latest("pk").note


def test_word_is_found_in_text_name_quote_and_through_markup(discussion: Discussion) -> None:
    rule("words", entries="spam\nbuy now")
    assert post(discussion, "Calm words.").is_approved
    held = post(discussion, "Sp@m, b u y now, and s p a m.")
    assert held.status == "held"
    assert why(held) == "It says “spam”."
    assert post(discussion, "Calm again.", guest_name="Buy Now!").status == "held"
    assert post(discussion, "sp[a](https://x.example)m").status == "held"
    assert post(discussion, "Quoting.", quote_exact="some spam of mine").status == "held"


def test_words_that_the_report_itself_says_may_be_quoted() -> None:
    rule("words", entries="spam")
    article = ArticleFactory(body="<p>They sent <em>spam</em> to everyone.</p>")
    discussion = DiscussionFactory(article=article, policy=CommentPolicy.OPEN)
    quoted = post(discussion, "Terrible.", quote_exact="sent spam to")
    assert quoted.is_approved


def test_pattern_holds_and_says_which(discussion: Discussion) -> None:
    rule("patterns", entries=r"\b\d{4}-\d{4}\b" + "\n" + "cafe +noir")
    assert post(discussion, "1234-567").is_approved
    held = post(discussion, "Call 1234-5678.")
    assert why(held) == r"It fits the pattern “\b\d{4}-\d{4}\b”."
    assert post(discussion, "CAFÉ  noir").status == "held"


def test_pattern_that_would_hang_others_is_quick_here(discussion: Discussion) -> None:
    rule("patterns", entries=r"(a+)+b" + "\n" + r"^(([a-z])+.)+[A-Z]([a-z])+$")
    assert post(discussion, "a" * 9_999 + "!").is_approved
    assert find(r"(x+x+)+y", "x" * 10_000) == []


def test_pattern_that_came_past_the_form_stops_nobody(discussion: Discussion) -> None:
    rule("patterns", entries="(unclosed\nfine")
    assert post(discussion, "Some words.").is_approved
    assert post(discussion, "This is fine.").status == "held"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(a", "“(a” is no pattern: missing ): (a."),
        (r"(a)\1", r"“(a)\1” is no pattern: invalid escape sequence: \1."),
        ("a(?=b)", "invalid perl operator: (?="),
        ("*a", "no argument for repetition operator: *"),
        ("a{9999}", "invalid repetition size: {9999}"),
        (r"(\pL{1,900}){1,900}", "invalid repetition size"),
        (r"[\pL\pN]{1,400}\.[\pL]{2,400}", "pattern too large"),
        ("a*", "“a*” fits every text, even an empty one."),
        ("x" * 501, "is longer than 500 characters."),
    ],
)
def test_bad_pattern_is_refused_in_the_engines_words(
    moderator: Client, pattern: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        checked_patterns(f"fine\n{pattern}")
    assert message in refusal.value.messages[0]
    data = {"name": "Mine", "kind": "patterns", "entries": pattern, "outcome": "hold"}
    answer = moderator.post(ADD, {**data, "reason": "rules"})
    assert answer.status_code == 200
    assert message in answer.context["adminform"].form.errors["entries"][0]
    assert not Rule.objects.exists()


def test_links_beyond_the_number_and_to_listed_sites(discussion: Discussion) -> None:
    rule("links", number=2, entries="https://www.bad.example/\n", outcome="spam")
    assert post(discussion, "https://a.example [b](https://b.example)").is_approved
    spam = post(discussion, "https://a.example www.b.example https://c.example")
    assert (spam.status, why(spam)) == ("spam", "It holds 3 links; 2 may be.")
    named = post(discussion, "Go to shop dot bad dot example!")
    assert (named.status, why(named)) == ("spam", "It names “bad.example”.")


def test_flood_of_one_writer_by_browser_and_by_address(discussion: Discussion) -> None:
    rule("flood", number=2, minutes=10)
    for number in range(2):
        assert post(discussion, f"Number {number}.").is_approved
    flood = post(discussion, "One more.")
    assert flood.status == "held"
    assert why(flood) == "The writer's comment number 3 in 10 minutes; 2 may be."
    assert post(discussion, "Another's.", guest_email="bob@example.org").is_approved
    old = timezone.now() - datetime.timedelta(minutes=11)
    Comment.objects.update(created_at=old)
    assert post(discussion, "Later.").is_approved


def test_same_text_by_others_and_elsewhere(discussion: Discussion) -> None:
    rule("duplicates", minutes=60)
    assert post(discussion, LONG).is_approved
    elsewhere = DiscussionFactory(policy=CommentPolicy.OPEN)
    for body in (LONG.upper(), LONG.replace(" ", "  "), LONG.replace("e", "é")):
        again = post(elsewhere, body, guest_email="bob@example.org")
        assert again.status == "held", body
    assert "The same text came 3 times in the 60 minutes before." in why(again)
    assert post(discussion, "Thank you!").is_approved
    assert post(discussion, "Thank you!", guest_email="bob@example.org").is_approved
    Comment.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=61))
    assert post(elsewhere, LONG, guest_email="eve@example.org").is_approved


def test_capitals(discussion: Discussion) -> None:
    rule("capitals", number=20, share=60, told="Please do not shout.")
    assert post(discussion, "NATO AND THE EU").is_approved
    assert post(discussion, "A calm sentence about NATO and the EU.").is_approved
    assert post(discussion, "اليوم في الميناء وصلت العبارة الليلية").is_approved
    shout = post(discussion, "THIS IS WHAT I THINK OF IT, all in all.")
    assert (shout.status, why(shout)) == ("held", "71 % of its letters are capitals; 60 % may be.")
    assert ModerationEvent.objects.get().told == "Please do not shout."


def test_rule_that_is_not_active_does_nothing(discussion: Discussion) -> None:
    rule("words", entries="spam", is_active=False)
    assert post(discussion, "spam").is_approved
    assert not ModerationEvent.objects.exists()


def test_rule_can_spare_writers_whose_record_speaks_for_them(discussion: Discussion) -> None:
    rule("words", entries="spam", spares_trusted=True)
    known = UserFactory()
    CommentFactory(discussion=discussion, user=known, guest_name="", guest_email="", guest_id=None)
    assert post(discussion, "spam", user=known).is_approved
    assert post(discussion, "spam", user=UserFactory()).status == "held"


def test_rejected_by_rule_is_told_appealed_and_reinstated(
    discussion: Discussion, moderator: Client
) -> None:
    rule("words", entries="scum", outcome="reject", reason="insult", told="Argue, do not insult.")
    writer = Client()
    address = f"{discussion.article.get_absolute_url()}comments/"
    answer = writer.post(address, {"name": "A", "email": "a@example.org", "body": "Scum!"})
    comment = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, comment.get_absolute_url())
    page = writer.get(answer["Location"]).content.decode()
    assert "“No words”. Argue, do not insult." in page
    writer.post(f"/comments/{comment.pk}/appeal/", {"text": "I quoted somebody."})
    [case] = moderator.get(DESK, {"queue": "appeals"}).context["cases"]
    assert [event.rule for event in case.rules] == ["No words"]
    moderator.post(f"{DESK}decide/", {"action": "approve", "comment": comment.pk})
    comment.refresh_from_db()
    assert comment.is_approved


def test_queue_shows_which_rule_and_why(discussion: Discussion, moderator: Client) -> None:
    rule("links", number=0)
    comment = post(discussion, "https://a.example")
    page = moderator.get(DESK, {"queue": "rule"})
    assert [case.comment for case in page.context["cases"]] == [comment]
    assert "No links (It holds 1 link; 0 may be.)" in page.content.decode()


def test_moderator_writes_a_rule_and_sees_how_often_it_fired(
    discussion: Discussion, moderator: Client
) -> None:
    data = {
        "name": "No spam", "kind": "words", "entries": "spam", "outcome": "hold",
        "reason": "advertising", "is_active": "on", "share": "not asked for",
    }  # fmt: skip
    assert moderator.post(ADD, data).status_code == 302
    assert Rule.objects.get().share is None
    post(discussion, "Spam.")
    page = moderator.get("/admin/comments/rule/")
    assert [one.fired_number for one in page.context["cl"].result_list] == [1]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"kind": "words", "entries": " \n"}, "entries"),
        ({"kind": "links"}, "number"),
        ({"kind": "flood", "number": 3}, "minutes"),
        ({"kind": "flood", "number": -3, "minutes": 5}, "number"),
        ({"kind": "flood", "number": 3, "minutes": 99_999}, "minutes"),
        ({"kind": "flood", "number": 2**40, "minutes": 5}, "number"),
        ({"kind": "capitals", "number": 3, "share": 100}, "share"),
        ({"kind": "capitals", "share": 50}, "number"),
        ({"kind": "words", "entries": "x" * 200_001}, "entries"),
        ({"kind": "words", "entries": "a\x00b"}, "entries"),
        ({"kind": "nonsense"}, "kind"),
    ],
)
def test_rule_that_cannot_work_is_refused_in_words(data: dict[str, Any], field: str) -> None:
    form = RuleForm({"name": "Mine", "outcome": "hold", "reason": "rules", **data})
    assert not form.is_valid()
    assert field in form.errors


def test_text_is_tried_and_nothing_is_kept(moderator: Client) -> None:
    rule("words", entries="spam", outcome="reject")
    rule("flood", number=3, minutes=5)
    Rule.objects.create(
        name="Asleep", kind="patterns", entries="eggs", outcome="spam", is_active=False
    )
    address = f"{DESK}trial/"
    assert moderator.get(address).status_code == 200
    answer = moderator.post(
        address, {"body": "<b>Sp@m</b> & eggs", "before": "3", "is_known": "on"}
    )
    html = answer.content.decode()
    trial = answer.context["trial"]
    assert [one.rule for one in trial.verdict.findings] == ["No flood", "No words"]
    assert trial.verdict.status == "rejected"
    assert "It would be rejected." in html
    assert "&lt;b&gt;<mark>Sp@m</mark>&lt;/b&gt; &amp; <mark>eggs</mark>" in html
    assert [one.rule for one in trial.idle] == ["Asleep"]
    calm = moderator.post(address, {"body": "Calm words.", "is_known": "on"}).content.decode()
    assert "It would appear at once." in calm
    new = moderator.post(address, {"body": "Calm words."}).content.decode()
    assert "It would wait for a moderator." in new
    assert "Its writer is new." in new
    assert not Comment.objects.exists()
    assert not ModerationEvent.objects.exists()
    assert not Discussion.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"body": " "}, {"body": "a\x00b"}, {"body": "x" * 10_001},
             {"body": "x", "name": "\x00"}, {"body": "x", "before": "-1"}],
)  # fmt: skip
def test_what_cannot_be_tried_is_refused_in_words(moderator: Client, data: dict[str, str]) -> None:
    answer = moderator.post(f"{DESK}trial/", data)
    assert answer.status_code == 400
    assert "invalid-feedback" in answer.content.decode()


def test_rules_cost_one_query_however_many(
    discussion: Discussion, django_assert_num_queries: Any
) -> None:
    from comments.screening import screen

    comment = Comment(discussion=discussion, body="spam", body_html="<p>spam</p>")
    Rule.objects.create(name="One", kind="words", entries="spam")
    with CaptureQueriesContext(connection) as queries:
        assert len(screen(comment).findings) == 1
    for number in range(5):
        Rule.objects.create(name=str(number), kind="words", entries="spam")
    with django_assert_num_queries(len(queries)):
        assert len(screen(comment).findings) == 6

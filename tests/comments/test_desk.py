"""The moderation desk: its queues, decisions, undoing, and what is kept of them."""

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import User
from comments.counts import recount
from comments.editing import edit_comment
from comments.log import record
from comments.models import Ban, Comment, CommentVersion, ModerationEvent, Report
from comments.moderation import approve_comment, reject_comment, undo_decision
from comments.moderation.desk import handle
from comments.moderation.reports import report_comment
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
DESK = "/admin/moderation/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def moderator() -> User:
    return UserFactory.create(role="Moderator", display_name="Mo")


@pytest.fixture
def client(moderator: User) -> Client:
    client = Client()
    client.force_login(moderator)
    return client


def decide(client: Client, action: str, *comments: Comment, **fields: Any) -> Any:
    data = {"action": action, "comment": [comment.pk for comment in comments], **fields}
    return client.post(f"{DESK}decide/", data, headers={"Accept": "application/json"})


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_log_is_never_changed() -> None:
    event = record(action="approved", comment=CommentFactory(), note="first")
    # Tests that commit need it out of the way.
    _run("ALTER TABLE comments_moderationevent ENABLE TRIGGER moderation_log_is_not_emptied")
    for change in (
        lambda: _run("TRUNCATE comments_moderationevent CASCADE"),
        lambda: ModerationEvent.objects.update(note="second"),
        event.delete,
        lambda: ModerationEvent.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()
    assert ModerationEvent.objects.get().note == "first"


def test_log_outlives_what_it_tells_of(moderator: User) -> None:
    comment = CommentFactory(status="held")
    approve_comment(comment=comment, by=moderator)
    comment.discussion.article.delete()
    moderator.delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT action FROM comments_moderationevent")
        assert cursor.fetchall() == [("approved",)]


def test_each_queue_holds_what_it_says(client: Client, moderator: User) -> None:
    discussion = DiscussionFactory()
    made = {
        status: CommentFactory(discussion=discussion, status=status, body=f"This is {status}.")
        for status in ("approved", "held", "spam", "rejected")
    }
    reported = CommentFactory(discussion=discussion, body="This is reported.")
    report_comment(comment=reported, reason="insult", text="He means me.", guest_id=uuid.uuid4())
    ruled = CommentFactory(discussion=discussion, status="held", body="This is ruled.")
    record(action="held", comment=ruled, rule="links", note="9 links", to_status="held")
    shadowed = CommentFactory(discussion=discussion, status="held", is_shadowed=True)
    expected = {
        "waiting": [made["held"], ruled],
        "reported": [reported],
        "rule": [ruled],
        "appeals": [],
        "spam": [made["spam"]],
        "all": [shadowed, ruled, reported, *reversed(made.values())],
    }
    for queue, comments in expected.items():
        page = client.get(DESK, {"queue": queue})
        assert [case.comment for case in page.context["cases"]] == comments, queue
        html = page.content.decode()
        for comment in comments:
            assert comment.body in html
    assert "He means me." in client.get(DESK, {"queue": "reported"}).content.decode()
    assert "9 links" in client.get(DESK, {"queue": "rule"}).content.decode()
    assert client.get(DESK, {"queue": "nowhere"}).status_code == 404


def test_queue_is_paged_and_costs_the_same_however_long(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    discussion = DiscussionFactory()
    rows = [CommentFactory(discussion=discussion, status="held") for _ in range(60)]
    seen: list[Comment] = []
    after = ""
    for _ in range(3):
        with django_assert_max_num_queries(30):
            page = client.get(DESK, {"after": after})
        seen += [case.comment for case in page.context["cases"]]
        after = str(page.context["next"] or "")
    assert seen == rows
    assert not after


def test_decision_is_kept_with_its_reason_and_undone(client: Client, moderator: User) -> None:
    comment = CommentFactory(status="held")
    answer = decide(client, "reject", comment, reason="insult", note="Third time.")
    assert answer.status_code == 200
    comment.refresh_from_db()
    assert comment.status == "rejected"
    event = ModerationEvent.objects.get()
    assert (event.action, event.by, event.reason) == ("rejected", moderator, "insult")
    assert (event.from_status, event.to_status, event.note) == ("held", "rejected", "Third time.")

    undone = client.post(
        f"{DESK}undo/", {"event": event.pk}, headers={"Accept": "application/json"}
    )
    assert undone.json()["done"][0]["comment"] == comment.pk
    comment.refresh_from_db()
    assert comment.status == "held"
    assert [e.action for e in ModerationEvent.objects.order_by("pk")] == ["rejected", "undone"]
    # Not twice.
    again = client.post(f"{DESK}undo/", {"event": event.pk}, headers={"Accept": "application/json"})
    assert again.status_code == 409
    assert not any(recount().values())


def test_many_are_decided_at_once_and_counts_stay_true(client: Client) -> None:
    discussion = DiscussionFactory()
    rows = [CommentFactory(discussion=discussion, status="held") for _ in range(5)]
    answer = decide(client, "approve", *rows)
    assert len(answer.json()["done"]) == 5
    discussion.refresh_from_db()
    assert discussion.comment_count == 5
    events = [one["event"] for one in answer.json()["done"]]
    client.post(f"{DESK}undo/", {"event": events}, headers={"Accept": "application/json"})
    assert Comment.objects.waiting().count() == 5
    assert not any(recount().values())


def test_second_of_two_moderators_is_refused_with_the_first_ones_name(client: Client) -> None:
    comment = CommentFactory(status="held")
    first = UserFactory.create(role="Moderator", display_name="Ada")
    approve_comment(comment=comment, by=first)
    answer = decide(client, "spam", comment, **{f"seen-{comment.pk}": 0})
    assert answer.status_code == 409
    assert (
        answer.json()["refused"][0]["message"] == "Ada was faster: approved. Nothing was changed."
    )
    comment.refresh_from_db()
    assert comment.is_approved


def test_comment_before_one_moderator_is_marked_for_the_others(
    client: Client, moderator: User
) -> None:
    comment, other = CommentFactory(status="held"), Client()
    other.force_login(UserFactory.create(role="Moderator", display_name="Ada"))
    assert client.post(f"{DESK}{comment.pk}/take/").json() == {"by": None}
    assert other.post(f"{DESK}{comment.pk}/take/").json() == {"by": "Mo"}
    assert "Mo is reading this one" in other.get(DESK).content.decode()
    assert "is reading this one</p>" not in client.get(DESK).content.decode()


def test_without_a_script_it_answers_with_the_queue_and_an_undo_button(client: Client) -> None:
    comment = CommentFactory(status="held", body="Buy pills.")
    answer = client.post(
        f"{DESK}decide/",
        {"action": "spam", "comment": comment.pk, "queue": "waiting", f"seen-{comment.pk}": "0"},
        follow=True,
    )
    html = answer.content.decode()
    assert "1 comment decided." in html
    event = ModerationEvent.objects.get()
    assert f'name="event" value="{event.pk}"' in html
    back = client.post(f"{DESK}undo/", {"event": event.pk, "queue": "waiting"}, follow=True)
    assert "Buy pills." in back.content.decode()


@pytest.mark.parametrize(
    "data",
    [{}, {"action": "approve"}, {"action": "explode", "comment": "1"},
     {"action": "approve", "comment": "x"}, {"action": "approve", "comment": "9" * 30}],
)  # fmt: skip
def test_nonsense_is_refused_in_words(client: Client, data: dict[str, str]) -> None:
    for headers in ({}, {"Accept": "application/json"}):
        answer = client.post(f"{DESK}decide/", data, headers=headers, follow=True)
        assert answer.status_code in {200, 400}
        assert "Choose comments" in answer.content.decode()


def test_text_is_corrected_with_a_trace(client: Client, moderator: User) -> None:
    comment = CommentFactory(body="You *****!")
    decide(client, "edit", comment, body="You rascal!", note="a word")
    comment.refresh_from_db()
    assert comment.body_html == "<p>You rascal!</p>"
    assert comment.edited_at
    assert CommentVersion.objects.get().body == "You *****!"
    assert ModerationEvent.objects.get().action == "edited"
    refused = decide(client, "edit", comment, body=" ")
    assert refused.status_code == 409
    comment.refresh_from_db()
    assert comment.body == "You rascal!"


@pytest.mark.parametrize("action", ["pin", "feature", "close"])
def test_marks_are_logged(client: Client, action: str) -> None:
    comment = CommentFactory()
    assert decide(client, action, comment).status_code == 200
    assert ModerationEvent.objects.count() == 1


def test_approving_a_reported_comment_answers_its_reports(client: Client, moderator: User) -> None:
    comment = CommentFactory()
    report_comment(comment=comment, reason="insult", guest_id=uuid.uuid4())
    decide(client, "approve", comment)
    event = ModerationEvent.objects.get()
    assert Report.objects.get().answer == event
    assert not client.get(DESK, {"queue": "reported"}).context["cases"]
    undo_decision(event=event, by=moderator)
    assert Report.objects.get().answer is None


def test_what_changes_is_told_to_the_page(client: Client) -> None:
    ada = UserFactory.create(role="Moderator", display_name="Ada")
    first, second, third = (CommentFactory(status="held") for _ in range(3))
    late = CommentFactory(discussion=first.discussion, status="held", body="Just in.")
    approve_comment(comment=second, by=ada)
    handle(third, ada)
    shown = {"queue": "waiting", "shown": f"{first.pk},{second.pk},{third.pk},nonsense,{2**70}"}
    told = client.get(f"{DESK}news/", shown).json()
    assert told["counts"]["waiting"] == "3"
    [card] = told["cases"]
    assert f'data-case="{late.pk}"' in card
    assert "Just in." in card
    assert told["gone"] == {str(second.pk): "Ada: approved"}
    assert told["handled"] == {str(third.pk): "Ada"}
    assert client.get(f"{DESK}news/", {**shown, "full": ""}).json()["cases"] == []


def test_older_comment_that_is_reported_now_arrives_too(client: Client) -> None:
    old, new = CommentFactory(), CommentFactory()
    report_comment(comment=new, reason="insult", guest_id=uuid.uuid4())
    [case] = client.get(DESK, {"queue": "reported"}).context["cases"]
    assert case.comment == new
    report_comment(comment=old, reason="insult", guest_id=uuid.uuid4())
    told = client.get(f"{DESK}news/", {"queue": "reported", "shown": str(new.pk)}).json()
    assert f'data-case="{old.pk}"' in told["cases"][0]


def test_moderator_has_one_comment_before_them_at_a_time(moderator: User) -> None:
    ada = UserFactory.create(role="Moderator", display_name="Ada")
    first, second = CommentFactory(status="held"), CommentFactory(status="held")
    assert handle(first, ada) is None
    assert handle(first, moderator) == ada
    assert handle(second, ada) is None
    assert handle(first, moderator) is None


UNDONE = [
    ("pin", {}, "pinned_at"), ("feature", {}, "is_featured"), ("close", {}, "is_closed"),
    ("edit", {"body": "Other words."}, "body_html"), ("remove", {}, "status"),
    ("reject", {}, "status"), ("spam", {}, "status"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "fields", "changed"), UNDONE)
def test_everything_can_be_undone(
    client: Client, action: str, fields: dict[str, str], changed: str
) -> None:
    comment = CommentFactory()
    before = getattr(comment, changed)
    [done] = decide(client, action, comment, **fields).json()["done"]
    comment.refresh_from_db()
    assert getattr(comment, changed) != before
    answer = client.post(f"{DESK}undo/", {"event": done["event"]}, headers=JSON)
    assert answer.status_code == 200
    comment.refresh_from_db()
    assert getattr(comment, changed) == before
    assert ModerationEvent.objects.latest("pk").undoes_id == done["event"]
    assert not any(recount().values())


@pytest.mark.parametrize("action", ["pin", "feature", "close"])
def test_what_was_taken_back_can_be_undone_in_turn(client: Client, action: str) -> None:
    comment = CommentFactory()
    decide(client, action, comment)
    opposite = {"pin": "unpin", "feature": "unfeature", "close": "reopen"}[action]
    [done] = decide(client, opposite, comment).json()["done"]
    client.post(f"{DESK}undo/", {"event": done["event"]}, headers=JSON)
    comment.refresh_from_db()
    assert [bool(comment.pinned_at), comment.is_featured, comment.is_closed].count(True) == 1


def test_ban_and_its_lifting_are_undone(client: Client) -> None:
    comment = CommentFactory()
    [laid] = decide(client, "ban", comment, days="7").json()["done"]
    assert Ban.objects.filter(lifted_at=None).count() == 2
    client.post(f"{DESK}undo/", {"event": laid["event"]}, headers=JSON)
    assert not Ban.objects.filter(lifted_at=None).exists()
    decide(client, "ban", comment)
    [lifted] = decide(client, "lift", comment).json()["done"]
    assert not Ban.objects.filter(lifted_at=None).exists()
    client.post(f"{DESK}undo/", {"event": lifted["event"]}, headers=JSON)
    assert Ban.objects.filter(lifted_at=None).count() == 2


def test_edit_that_the_writer_went_on_from_is_not_undone(client: Client) -> None:
    comment = CommentFactory(body="First.")
    [done] = decide(client, "edit", comment, body="Second.").json()["done"]
    edit_comment(comment=comment, body="Third.", guest_id=comment.guest_id)
    answer = client.post(f"{DESK}undo/", {"event": done["event"]}, headers=JSON)
    assert answer.status_code == 409
    comment.refresh_from_db()
    assert comment.body == "Third."


@pytest.mark.parametrize(
    ("action", "fields"), [("edit", {"body": "Mine."}), ("ban", {}), ("pin", {}), ("remove", {})]
)
def test_nothing_is_done_over_a_colleague_unseen(
    client: Client, action: str, fields: dict[str, str]
) -> None:
    comment = CommentFactory(status="held", body="Theirs.")
    approve_comment(comment=comment, by=UserFactory.create(role="Moderator", display_name="Ada"))
    answer = decide(client, action, comment, **{f"seen-{comment.pk}": 0}, **fields)
    assert answer.status_code == 409
    assert "Ada was faster" in answer.json()["refused"][0]["message"]
    assert ModerationEvent.objects.count() == 1
    assert not Ban.objects.exists()
    comment.refresh_from_db()
    assert (comment.body, comment.status, comment.pinned_at) == ("Theirs.", "approved", None)


def test_case_shows_the_comment_as_it_is_now(client: Client) -> None:
    comment = CommentFactory(status="held")
    event = decide(client, "approve", comment).json()["done"][0]["event"]
    html = client.get(f"{DESK}{comment.pk}/", {"queue": "waiting"}).content.decode()
    assert f'name="seen-{comment.pk}" value="{event}"' in html
    assert "case__state--approved" in html
    assert client.get(f"{DESK}{10**12}/").status_code == 404


def test_writers_other_comments_are_one_link_away(client: Client) -> None:
    comment = CommentFactory(guest_email="ada@example.org")
    same_browser = CommentFactory(guest_id=comment.guest_id)
    same_address = CommentFactory(guest_email="Ada@example.org", status="spam")
    CommentFactory()
    CommentFactory(user=UserFactory(), guest_id=comment.guest_id)
    assert f"queue=all&amp;like={comment.pk}" in client.get(DESK, {"queue": "all"}).content.decode()
    page = client.get(DESK, {"queue": "all", "like": comment.pk})
    found = [case.comment for case in page.context["cases"]]
    assert found == [same_address, same_browser, comment]


def test_reply_is_shown_with_what_it_answers_and_how_its_thread_began(client: Client) -> None:
    root = CommentFactory(body="How it began.")
    between = CommentFactory(parent=root, body="Between.")
    CommentFactory(parent=between, status="held", body="The reply.")
    html = client.get(DESK).content.decode()
    assert html.index("How it began.") < html.index("Between.") < html.index("The reply.")


def test_log_is_on_the_comments_page_in_the_admin(client: Client, moderator: User) -> None:
    comment = CommentFactory(status="held")
    reject_comment(comment=comment, by=moderator, reason="hate", note="Third time.")
    html = client.get(f"/admin/comments/comment/{comment.pk}/change/").content.decode()
    for part in ("rejected", "Mo", "It stirs up hatred", "Third time."):
        assert part in html


@pytest.mark.parametrize("query", ["Links", "Third time", "Mo", "{pk}", "A headline"])
def test_log_is_searched_by_rule_note_name_comment_and_headline(
    client: Client, moderator: User, query: str
) -> None:
    article = ArticleFactory(headline="A headline of ours")
    comment = CommentFactory(discussion=DiscussionFactory(article=article))
    record(action="held", comment=comment, rule="Links")
    reject_comment(comment=comment, by=moderator, note="Third time.")
    record(action="held", comment=CommentFactory(), rule="Other")
    page = client.get(
        "/admin/comments/moderationevent/", {"q": query.replace("{pk}", str(comment.pk))}
    )
    found = {event.comment_id for event in page.context["cl"].result_list}
    assert found == {comment.pk}


def test_reason_must_be_one_of_ours(moderator: User, client: Client) -> None:
    comment = CommentFactory(status="held")
    assert decide(client, "reject", comment, reason="because").status_code == 409
    reject_comment(comment=comment, by=moderator)
    assert ModerationEvent.objects.get().reason == "rules"

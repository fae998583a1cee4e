"""What readers ask of moderators: reports, appeals; and what keeps writers out."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Publication
from comments.counts import recount
from comments.models import Appeal, Ban, Comment, ModerationEvent, Report
from comments.moderation import (
    approve_comment,
    mark_comment_as_spam,
    reject_comment,
    undo_decision,
)
from comments.moderation.appeals import uphold_ban
from comments.moderation.bans import ban_writer, lift_ban
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
GUEST = {"name": "Ada", "email": "ada@example.org"}


@pytest.fixture
def moderator() -> User:
    return UserFactory.create(role="Moderator")


def post(client: Client, discussion: Any, **fields: str) -> Any:
    address = f"{discussion.article.get_absolute_url()}comments/"
    return client.post(address, {**GUEST, "body": "Hello there.", **fields})


def test_report_is_taken_once_from_each_reader_and_can_be_changed() -> None:
    comment, client = CommentFactory(), Client()
    page = client.get(f"/comments/{comment.pk}/report/")
    assert "Report a comment" in page.content.decode()
    for reason in ("insult", "hate"):
        answer = client.post(
            f"/comments/{comment.pk}/report/", {"reason": reason, "text": "See for yourself."}
        )
        assert "A moderator will look" in answer.content.decode()
    assert Report.objects.get().reason == "hate"
    Client().post(f"/comments/{comment.pk}/report/", {"reason": "insult"})
    assert Report.objects.count() == 2


@pytest.mark.parametrize(
    "data", [{}, {"reason": "x"}, {"reason": "insult", "text": "x" * 501}, {"reason": "insult\x00"},
             {"reason": "insult", "text": "a\x00b"}],
)  # fmt: skip
def test_bad_report_is_refused_in_words_and_comes_back(data: dict[str, str]) -> None:
    comment = CommentFactory()
    answer = Client().post(f"/comments/{comment.pk}/report/", {"text": "Typed.", **data})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "invalid-feedback" in html
    assert data.get("text", "Typed.")[:1] in html
    assert not Report.objects.exists()


@pytest.mark.parametrize("status", ["held", "rejected", "spam", "deleted"])
def test_what_nobody_reads_cannot_be_reported(status: str) -> None:
    comment = CommentFactory(status=status)
    assert Client().get(f"/comments/{comment.pk}/report/").status_code == 404
    assert Client().post(f"/comments/{comment.pk}/report/", {"reason": "hate"}).status_code == 404


def test_own_comment_cannot_be_reported() -> None:
    discussion, client = DiscussionFactory(policy="open"), Client()
    post(client, discussion)
    answer = client.post(f"/comments/{Comment.objects.get().pk}/report/", {"reason": "hate"})
    assert answer.status_code == 403
    assert not Report.objects.exists()


def test_reports_of_many_hide_a_comment_until_a_moderator_decides(moderator: User) -> None:
    Publication.objects.update_or_create(pk=1, defaults={"report_threshold": 3})
    comment = CommentFactory()
    for number in range(3):
        assert Client().get(comment.get_absolute_url()).status_code == 200, number
        Client().post(f"/comments/{comment.pk}/report/", {"reason": "hate"})
    comment.refresh_from_db()
    assert comment.status == "held"
    assert Client().get(comment.get_absolute_url()).status_code == 404
    event = ModerationEvent.objects.get()
    assert (event.action, event.by, event.rule) == ("reported", None, "reports")
    assert not any(recount().values())
    # What a moderator let stand is not hidden by the same readers again.
    approve_comment(comment=comment, by=moderator)
    for _ in range(2):
        Client().post(f"/comments/{comment.pk}/report/", {"reason": "hate"})
    comment.refresh_from_db()
    assert comment.is_approved


def test_rejected_writer_is_told_why_appeals_once_and_another_moderator_answers(
    moderator: User,
) -> None:
    discussion, writer = DiscussionFactory(policy="open"), Client()
    post(writer, discussion)
    comment = Comment.objects.get()
    reject_comment(comment=comment, by=moderator, reason="insult")
    page = writer.get(comment.get_absolute_url()).content.decode()
    assert "It insults somebody" in page
    assert "Ask for another look" in page
    # Nobody else learns of it, and nobody else can appeal.
    assert Client().get(comment.get_absolute_url()).status_code == 404
    assert Client().post(f"/comments/{comment.pk}/appeal/", {"text": "x"}).status_code == 404

    empty = writer.post(f"/comments/{comment.pk}/appeal/", {"text": "  "})
    assert empty.status_code == 400
    assert "Say why your comment should stand." in empty.content.decode()
    assert writer.post(f"/comments/{comment.pk}/appeal/", {"text": "A joke!"}).status_code == 303
    page = writer.get(comment.get_absolute_url()).content.decode()
    assert "another moderator looks at it again" in page
    again = writer.post(f"/comments/{comment.pk}/appeal/", {"text": "Once more."})
    assert again.status_code == 403
    assert Appeal.objects.get().text == "A joke!"

    with pytest.raises(Exception, match="Another moderator"):
        approve_comment(comment=comment, by=moderator)
    other = UserFactory.create(role="Moderator")
    approve_comment(comment=comment, by=other)
    assert Appeal.objects.get().answer == ModerationEvent.objects.get(action="approved")
    assert Client().get(comment.get_absolute_url()).status_code == 200
    assert not any(recount().values())


def test_upheld_decision_is_the_last_word(moderator: User) -> None:
    discussion, writer = DiscussionFactory(policy="open"), Client()
    post(writer, discussion)
    comment = Comment.objects.get()
    mark_comment_as_spam(comment=comment, by=moderator)
    writer.post(f"/comments/{comment.pk}/appeal/", {"text": "No spam."})
    event = reject_comment(comment=comment, by=UserFactory.create(role="Chief"), reason="rules")
    assert event.action == "upheld"
    page = writer.get(comment.get_absolute_url()).content.decode()
    assert "another moderator decided the same" in page
    assert 'action="/comments/' not in page.split('id="comments"')[1]
    undo_decision(event=event, by=moderator)
    assert Appeal.objects.get().answer is None


def test_guest_is_banned_by_address_and_by_browser(moderator: User) -> None:
    discussion, writer = DiscussionFactory(policy="open"), Client()
    post(writer, discussion)
    ban_writer(comment=Comment.objects.get(), by=moderator, days=7, reason="hate")
    bans = list(Ban.objects.all())
    assert {ban.kind for ban in bans} == {"email", "browser"}
    assert "ada@example.org" not in str(Ban.objects.values())
    for client, fields in ((writer, {"email": "new@example.org"}), (Client(), {}),
                           (Client(), {"email": "ADA@example.org "})):  # fmt: skip
        answer = post(client, discussion, body="Again!", **fields)
        html = answer.content.decode()
        assert answer.status_code == 403
        assert "You may not comment here until" in html
        assert "It stirs up hatred" in html
        assert "Again!" in html
    assert post(Client(), discussion, email="eve@example.org").status_code == 303
    assert ModerationEvent.objects.get().action == "suspended"

    lift_ban(ban=bans[0], by=moderator)
    assert not Ban.objects.filter(lifted_at=None).exists()
    assert post(writer, discussion, body="Back.").status_code == 303


def test_ban_of_an_account_ends_by_itself(moderator: User) -> None:
    user, discussion, client = UserFactory.create(), DiscussionFactory(policy="open"), Client()
    client.force_login(user)
    post(client, discussion)
    ban_writer(comment=Comment.objects.get(), by=moderator, days=1)
    assert post(client, discussion, body="Again!").status_code == 403
    Ban.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert post(client, discussion, body="Again!").status_code == 303


def test_who_is_in_shadow_sees_their_comment_and_nobody_else_does(moderator: User) -> None:
    discussion, writer = DiscussionFactory(policy="open"), Client()
    post(writer, discussion)
    ban_writer(comment=Comment.objects.get(), by=moderator, mode="shadow")
    answer = post(writer, discussion, body="Unseen words.")
    assert answer.status_code == 303
    page = writer.get(answer["Location"]).content.decode()
    assert "Unseen words." in page
    assert "moderat" not in page.split('id="comments"')[1].split("</section>")[0].lower()
    assert Client().get(answer["Location"]).status_code == 404
    html = Client().get(f"{discussion.article.get_absolute_url()}comments/").content.decode()
    assert "Unseen words." not in html
    assert not any(recount().values())


def test_staff_cannot_be_banned_and_readers_cannot_ban(moderator: User) -> None:
    by_staff = CommentFactory(user=moderator, guest_id=None)
    with pytest.raises(Exception, match="works here"):
        ban_writer(comment=by_staff, by=moderator)
    with pytest.raises(Exception, match="Only moderators"):
        ban_writer(comment=CommentFactory(), by=UserFactory.create())
    for wrong in ({"days": 0}, {"days": 99_999}, {"reason": "x"}, {"mode": "x"}):
        with pytest.raises(Exception, match=r"day|reason"):
            ban_writer(comment=CommentFactory(), by=moderator, **wrong)  # type: ignore[arg-type]
    assert not Ban.objects.exists()


@pytest.mark.parametrize(
    ("site", "own", "is_open"),
    [(None, None, True), (7, None, False), (7, 30, True), (None, 7, False), (7, 0, True)],
)
def test_discussion_closes_after_so_many_days(
    site: int | None, own: int | None, is_open: bool
) -> None:
    Publication.objects.update_or_create(pk=1, defaults={"comments_close_after": site})
    article = ArticleFactory(published_at=timezone.now() - datetime.timedelta(days=10))
    discussion = DiscussionFactory(article=article, closes_after=own, policy="open")
    answer = post(Client(), discussion)
    assert answer.status_code == (303 if is_open else 403)
    page = Client().get(article.get_absolute_url()).content.decode()
    assert ("This discussion is closed." in page) is not is_open


def test_report_of_an_account_and_of_a_guest_are_two() -> None:
    comment = CommentFactory()
    client = Client()
    client.force_login(UserFactory.create())
    for who in (client, Client()):
        who.post(f"/comments/{comment.pk}/report/", {"reason": "hate"})
    assert Report.objects.filter(user=None).count() == 1
    assert Report.objects.filter(guest_id=None).count() == 1


def test_network_is_banned_for_guests_and_for_accounts_made_since(moderator: User) -> None:
    discussion = DiscussionFactory(policy="open")
    here = {"REMOTE_ADDR": "203.0.113.7"}
    post(Client(**here), discussion)
    old = UserFactory.create()
    ban_writer(comment=Comment.objects.get(), by=moderator, days=3, with_network=True)
    assert "203.0.113" not in str(Ban.objects.values())
    neighbour = Client(REMOTE_ADDR="203.0.113.200")
    assert post(neighbour, discussion, email="eve@example.org").status_code == 403
    for user, status in ((old, 303), (UserFactory.create(), 403)):
        client = Client(**here)
        client.force_login(user)
        assert post(client, discussion, body=f"From {user.pk}.").status_code == status
    elsewhere = Client(REMOTE_ADDR="198.51.100.1")
    assert post(elsewhere, discussion, email="eve@example.org").status_code == 303
    Ban.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert post(neighbour, discussion, email="eve@example.org", body="Now.").status_code == 303


@pytest.mark.parametrize("days", [None, 91])
def test_network_is_shut_out_for_some_days_only(moderator: User, days: int | None) -> None:
    comment = CommentFactory(network="a" * 64)
    with pytest.raises(ValidationError, match="Others share a network"):
        ban_writer(comment=comment, by=moderator, days=days, with_network=True)
    with pytest.raises(ValidationError, match="not known any more"):
        ban_writer(comment=CommentFactory(), by=moderator, days=3, with_network=True)
    assert not Ban.objects.exists()
    assert not ModerationEvent.objects.exists()


def test_banned_account_does_not_come_back_as_a_guest(moderator: User) -> None:
    user, discussion, client = UserFactory.create(), DiscussionFactory(policy="open"), Client()
    client.force_login(user)
    post(client, discussion)
    ban_writer(comment=Comment.objects.get(), by=moderator)
    assert post(Client(), discussion, email=user.email.upper()).status_code == 403


def test_nobody_is_banned_by_who_typed_their_address(moderator: User) -> None:
    victim, discussion = UserFactory.create(), DiscussionFactory(policy="open")
    post(Client(), discussion, email=victim.email)
    ban_writer(comment=Comment.objects.get(), by=moderator)
    client = Client()
    client.force_login(victim)
    assert post(client, discussion, body="It was not me.").status_code == 303


def test_banned_writer_neither_edits_nor_reports_and_is_told_before_they_write(
    moderator: User,
) -> None:
    discussion, writer = DiscussionFactory(policy="open"), Client()
    post(writer, discussion)
    comment = Comment.objects.get()
    ban_writer(comment=comment, by=moderator, reason="hate")
    edit = writer.post(f"/comments/{comment.pk}/edit/", {"body": "Worse."})
    assert edit.status_code == 403
    other = CommentFactory(discussion=discussion)
    report = writer.post(f"/comments/{other.pk}/report/", {"reason": "insult"})
    assert report.status_code == 403
    assert not Report.objects.exists()
    personal = writer.get(f"/personal/?discussion={discussion.article_id}").json()["discussion"]
    assert personal["banned"] == "You may not comment here any more: It stirs up hatred."


def test_ban_is_appealed_against_and_another_moderator_lifts_it(moderator: User) -> None:
    discussion, writer = DiscussionFactory(policy="open"), Client()
    post(writer, discussion)
    comment = Comment.objects.get()
    ban_writer(comment=comment, by=moderator, days=30, reason="insult")
    address = f"/comments/{comment.pk}/appeal/"
    assert address in post(writer, discussion, body="Again!").content.decode()
    assert address not in post(Client(), discussion, body="Again!").content.decode()
    page = writer.get(address).content.decode()
    assert "You may not comment here until" in page
    assert "Ask for another look" in page
    assert Client().get(address).status_code == 404
    assert writer.post(address, {"text": "It was a quotation."}).status_code == 303
    assert writer.post(address, {"text": "Again."}).status_code == 403

    desk = Client()
    desk.force_login(moderator)
    html = desk.get("/admin/moderation/", {"queue": "appeals"}).content.decode()
    assert "Appeal against the ban" in html
    for action in ("lift", "uphold"):
        own = desk.post("/admin/moderation/decide/", {"action": action, "comment": comment.pk})
        assert own.status_code == 302
    assert Ban.objects.filter(lifted_at=None).exists()
    # What is decided about the comment itself answers no appeal against the ban.
    approve_comment(comment=comment, by=moderator)
    assert Appeal.objects.get().answer is None

    other = UserFactory.create(role="Chief")
    desk.force_login(other)
    desk.post("/admin/moderation/decide/", {"action": "lift", "comment": comment.pk})
    assert Appeal.objects.get().answer.action == "lifted"
    assert post(writer, discussion, body="Thank you.").status_code == 303


def test_ban_that_is_upheld_stays(moderator: User) -> None:
    discussion, writer = DiscussionFactory(policy="open"), Client()
    post(writer, discussion)
    comment = Comment.objects.get()
    ban_writer(comment=comment, by=moderator)
    writer.post(f"/comments/{comment.pk}/appeal/", {"text": "Please."})
    uphold_ban(comment=comment, by=UserFactory.create(role="Moderator"))
    assert Appeal.objects.get().answer.action == "upheld"
    assert post(writer, discussion, body="Again!").status_code == 403
    page = writer.get(f"/comments/{comment.pk}/appeal/").content.decode()
    assert "another moderator decided the same" in page
    with pytest.raises(ValidationError, match="no appeal against a ban"):
        uphold_ban(comment=comment, by=moderator)


def test_nothing_tells_who_is_in_shadow_that_they_are(moderator: User) -> None:
    discussion, writer = DiscussionFactory(policy="open"), Client()
    post(writer, discussion)
    ban_writer(comment=Comment.objects.get(), by=moderator, mode="shadow")
    post(writer, discussion, body="Unseen words.")
    unseen = Comment.objects.get(is_shadowed=True)
    reply = post(writer, discussion, body="And another.", parent=str(unseen.pk))
    assert reply.status_code == 303
    assert post(Client(), discussion, email="e@e.org", parent=str(unseen.pk)).status_code == 400
    for path, data in (("vote", {"value": "1"}), ("report", {"reason": "insult"})):
        assert writer.post(f"/comments/{unseen.pk}/{path}/", data).status_code == 403
        assert Client().post(f"/comments/{unseen.pk}/{path}/", data).status_code == 404
    page = writer.get(unseen.get_absolute_url()).content.decode()
    assert 'class="comment__actions"' in page
    personal = writer.get(f"/personal/?discussion={discussion.article_id}").json()["discussion"]
    assert unseen.pk in personal["own"]
    assert personal["banned"] == ""
    appeal = writer.get(f"/comments/{unseen.pk}/appeal/").content.decode()
    assert "Ask for another look" not in appeal


def test_writer_finds_what_was_refused_where_they_wrote_it(moderator: User) -> None:
    discussion, writer = DiscussionFactory(policy="open"), Client()
    post(writer, discussion)
    comment = Comment.objects.get()
    reject_comment(comment=comment, by=moderator)
    ask = f"/personal/?discussion={discussion.article_id}"
    [own] = writer.get(ask).json()["discussion"]["held"]
    assert "This comment was not published." in own["html"]
    assert comment.get_absolute_url() in own["html"]
    assert Client().get(ask).json()["discussion"]["held"] == []
    Comment.objects.update(created_at=timezone.now() - datetime.timedelta(days=8))
    assert writer.get(ask).json()["discussion"]["held"] == []

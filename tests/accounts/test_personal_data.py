"""An account takes everything along, and is erased when its owner really wants it."""

import datetime
import json
import time
import uuid
from typing import Any

import pytest
from allauth.account.internal.flows import login
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import Erasure, User
from accounts.personal_data.erasing import begin_erasure, carry_out, finish_erasures
from accounts.tasks import erase_account
from articles.models import Autosave
from articles.revisions import keep_revision
from comments.counts import recount
from comments.models import Comment, CommentVersion, ModerationEvent, Notification, Subscription
from comments.moderation import approve_comment
from comments.moderation.bans import ban_writer
from comments.moderation.reports import report_comment
from comments.voting import cast_vote
from tests.accounts.factories import PASSWORD, UserFactory
from tests.articles.factories import ArticleFactory, AuthorFactory
from tests.comments.factories import CommentFactory
from tests.comments.personal_data.test_erasing import traces

pytestmark = pytest.mark.django_db
DATA = "/accounts/data/"
ERASE = f"{DATA}erase/"


def logged_in(user: User, *, proven: bool = True) -> Client:
    """Return a client logged in as user. proven: whether the password was given again just now."""
    client = Client()
    client.force_login(user)
    if proven:
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def written_by(user: User, **fields: Any) -> Comment:
    fields = {"guest_name": "", "guest_email": "", "guest_id": None} | fields
    return CommentFactory(user=user, **fields)


def test_who_may_not_have_proven_it_is_asked_for_the_password() -> None:
    user = UserFactory()
    client = logged_in(user, proven=False)
    for method, address in (("get", DATA), ("post", f"{DATA}download/"), ("post", ERASE)):
        answer = getattr(client, method)(address, {"comments": "remove", "really": "yes"})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/reauthenticate/"), address
    assert User.objects.get(pk=user.pk).is_active
    for method, address in (("get", DATA), ("post", f"{DATA}download/"), ("post", ERASE)):
        answer = getattr(Client(), method)(address)
        assert answer["Location"].startswith("/accounts/login/"), address


def test_password_given_again_lapses(settings: Any) -> None:
    client = logged_in(UserFactory())
    assert client.get(DATA).status_code == 200
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = -1
    assert client.get(DATA).status_code == 302


def test_who_has_no_password_logs_in_anew() -> None:
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    client = logged_in(user, proven=False)
    assert client.get(DATA)["Location"] == f"/accounts/login/?next={DATA}"
    client.force_login(user)
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "code", "at": time.time()}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    assert client.get(DATA).status_code == 200


def test_account_takes_everything_along() -> None:
    user = UserFactory(email="ada@example.org", display_name="Ada")
    comment = written_by(user, body="Now.\n\n“Quoted” <b>", quote_exact="The first")
    CommentVersion.objects.create(comment=comment, body="Before.")
    answer = CommentFactory(parent=comment)
    cast_vote(comment=answer, value=-1, user=user)
    report_comment(comment=answer, reason="hate", text="Look.", user=user)
    Subscription.objects.create(discussion=comment.discussion, user=user, kind="replies")
    Notification.objects.create(comment=answer, kind="reply", user=user, address=user.email)
    approve_comment(comment=comment, by=UserFactory(role="Moderator", display_name="Mo Derator"))
    moderator = UserFactory(role="Moderator")
    ban_writer(comment=comment, by=moderator, days=3, note="Between us.")
    ban_writer(comment=comment, by=moderator, mode="shadow")
    written_by(UserFactory(), body="Another's.")
    response = logged_in(user).post(f"{DATA}download/")
    assert response["Content-Type"] == "application/json"
    text = b"".join(response.streaming_content).decode()
    told = json.loads(text)
    assert told["profile"][0]["email"] == "ada@example.org"
    assert told["email_addresses"] == [
        {"email": "ada@example.org", "verified": True, "primary": True}
    ]
    [one] = told["comments"]
    assert one["text"] == "Now.\n\n“Quoted” <b>"
    assert one["earlier_texts"][0]["text"] == "Before."
    assert [decision["action"] for decision in one["decisions"]] == ["approved", "suspended"]
    assert told["votes"][0]["value"] == -1
    assert told["reports"][0]["text"] == "Look."
    assert told["subscriptions"][0]["kind"] == "replies"
    assert told["notifications"][0]["kind"] == "reply"
    assert [ban["mode"] for ban in told["bans"]] == ["ban"]  # nothing of the shadow
    for secret in ("Mo Derator", "Between us", "Another's", "pbkdf2", "md5$", "shadow"):
        assert secret not in text


def test_author_takes_along_what_was_signed_and_not_yet_saved() -> None:
    user = UserFactory(role="Author")
    author = AuthorFactory(user=user)
    article = ArticleFactory(authors=[author], headline="Signed")
    Autosave.objects.create(article=article, user=user, fields={"headline": "Unsaved"})
    response = logged_in(user).post(f"{DATA}download/")
    told = json.loads(b"".join(response.streaming_content))
    assert told["reports_signed"][0]["headline"] == "Signed"
    assert told["unsaved_texts"][0]["fields"] == {"headline": "Unsaved"}


def test_account_is_erased_when_it_was_asked_twice() -> None:
    user = UserFactory(email="ada@lovelace.example", display_name="Ada Lovelace of Ockham")
    stays = written_by(user, body="A thought.")
    CommentFactory(parent=stays)
    client, elsewhere = logged_in(user), logged_in(user)
    chief = UserFactory(role="Chief")
    LogEntry.objects.create(
        user=chief, content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk),
        object_repr=str(user), action_flag=2, change_message="Ada Lovelace of Ockham",
    )  # fmt: skip
    assert client.get(ERASE).status_code == 200
    assert client.post(ERASE, {"comments": "both", "really": "yes"}).status_code == 400
    assert "for good?" in client.post(ERASE, {"comments": "keep"}).content.decode()
    assert not Erasure.objects.exists()
    answer = client.post(ERASE, {"comments": "keep", "really": "yes"})
    assert answer["Location"] == f"{DATA}erased/"
    assert client.get(f"{DATA}erased/").status_code == 200
    for one in (client, elsewhere):  # at once, whatever the worker is doing
        assert one.get("/personal/").json()["user"] is None
    failed = Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" not in failed.wsgi_request.session
    erase_account.call(Erasure.objects.get().pk)
    erase_account.call(1)  # once more: nothing is left to do
    assert traces("lovelace", "Ockham") == []
    assert not User.objects.filter(pk=user.pk).exists()
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert not any(session.get("_auth_user_id") == str(user.pk) for session in sessions)
    stays.refresh_from_db()
    assert (stays.body, stays.user_id, stays.author_name) == ("A thought.", None, "A reader")
    assert not any(recount().values())


def test_erasing_needs_the_token_of_the_page() -> None:
    user = UserFactory()
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    answer = client.post(ERASE, {"comments": "keep", "really": "yes"})
    assert answer.status_code == 403
    assert User.objects.get(pk=user.pk).is_active


@pytest.mark.parametrize("role", ["Author", "Editor", "Moderator", "Chief"])
def test_staff_ask_a_chief_first(role: str) -> None:
    user = UserFactory(role=role)
    answer = logged_in(user).post(ERASE, {"comments": "keep", "really": "yes"})
    assert answer.status_code == 403
    assert "asks a chief first" in answer.content.decode()
    assert not Erasure.objects.exists()


def test_who_worked_here_leaves_the_public_record_and_the_log_in_place() -> None:
    user = UserFactory(role="Moderator", display_name="Mo Derator")
    author = AuthorFactory(user=user, name="Mo D.")
    article = ArticleFactory(authors=[author], created_by=user)
    keep_revision(article=article, by=user, reason="Written")
    approve_comment(comment=CommentFactory(status="held"), by=user)
    number = user.pk
    User.objects.filter(pk=user.pk).update(is_staff=False)
    user.refresh_from_db()
    begin_erasure(user=user, keep_comments=False)
    carry_out(Erasure.objects.get())
    author.refresh_from_db()
    article.refresh_from_db()
    assert (author.name, author.user) == ("Mo D.", None)
    assert (list(article.authors.all()), article.created_by) == ([author], None)
    revision = article.history.first()
    assert revision.history_user is None
    event = ModerationEvent.objects.select_related("by").get(action="approved")
    assert (event.by_id, event.by) == (number, None)
    client = Client()
    client.force_login(UserFactory(role="Moderator"))
    page = client.get("/admin/comments/moderationevent/").content.decode()
    assert "Mo Derator" not in page
    assert traces("Mo Derator") == []


def test_daily_round_finishes_what_a_worker_left() -> None:
    user = UserFactory()
    begin_erasure(user=user, keep_comments=False)
    assert finish_erasures(10) == 0
    Erasure.objects.update(asked_at=timezone.now() - datetime.timedelta(hours=2))
    assert finish_erasures(10) == 1
    assert not User.objects.filter(pk=user.pk).exists()


def test_votes_of_an_erased_account_count_no_more() -> None:
    user, comment = UserFactory(), CommentFactory()
    cast_vote(comment=comment, value=1, user=user)
    cast_vote(comment=comment, value=1, guest_id=uuid.uuid4())
    begin_erasure(user=user, keep_comments=True)
    carry_out(Erasure.objects.get())
    comment.refresh_from_db()
    assert comment.upvotes == 1
    assert not any(recount().values())

"""A guest asks by address, and proves by a letter that it is theirs."""

import datetime
import json
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments.models import Comment, Letter, OwnDataRequest, Subscription
from comments.notifications.delivery import send_due_letters
from comments.personal_data.asking import begin_erasure, finish_requests
from comments.personal_data.links import token_of
from comments.tasks import answer_own_data_request, erase_guest
from tests.comments.factories import CommentFactory

pytestmark = pytest.mark.django_db
ASK = "/your-data/"


def work() -> None:
    """Do what the worker would: answer, erase, send."""
    for task in (answer_own_data_request, erase_guest):
        for row in DBTaskResult.objects.filter(task_path=task.module_path):
            task.call(*row.args_kwargs["args"])
    send_due_letters(10)


def link_in_the_letter() -> str:
    [message] = mail.outbox
    return re.search(r"/your-data/\S+/", message.body)[0]


def test_answer_tells_nobody_whether_an_address_is_known(client: Client) -> None:
    CommentFactory(guest_email="ada@example.org")
    answers = [client.post(ASK, {"email": f"{name}@example.org"}) for name in ("ada", "nobody")]
    assert answers[0].status_code == answers[1].status_code == 200
    assert answers[0].content == answers[1].content
    assert answers[0].headers.items() == answers[1].headers.items()
    assert OwnDataRequest.objects.count() == 2  # until the worker has looked
    work()
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]
    assert OwnDataRequest.objects.get().address == "ada@example.org"


def test_bad_address_is_said_to_be_one(client: Client) -> None:
    page = client.post(ASK, {"email": "ada at home"})
    assert page.status_code == 400
    assert "like name@example.org" in page.content.decode()
    assert "ada at home" in page.content.decode()
    assert not OwnDataRequest.objects.exists()


def test_so_many_letters_a_day_reach_an_address(client: Client) -> None:
    CommentFactory(guest_email="ada@example.org")
    for email in ("ada@example.org", "ADA@example.org", "ada@example.org", "ada@example.org"):
        assert client.post(ASK, {"email": email}).status_code == 200
    work()
    assert len(mail.outbox) == 3


def test_guest_takes_everything_along(client: Client) -> None:
    comment = CommentFactory(guest_email="Ada@example.org", guest_name="Ada", body="Mine.")
    forgotten = CommentFactory(guest_email="ada@example.org", guest_name="Ada", body="Older.")
    Comment.objects.filter(pk=forgotten.pk).update(
        guest_email="", guest_digest=forgotten.address_digest
    )
    CommentFactory(guest_email="bob@example.org", body="Not mine.")
    Subscription.objects.create(discussion=comment.discussion, email="ada@example.org")
    client.post(ASK, {"email": "ada@example.org"})
    work()
    address = link_in_the_letter()
    page = client.get(address)
    assert "2 comments" in page.content.decode()
    assert "example.org" not in page.content.decode()  # whoever is sent the link learns no address
    assert "no-store" in page["Cache-Control"]
    answer = client.post(f"{address}download/")
    assert answer["Content-Disposition"] == 'attachment; filename="my-comments.json"'
    told = json.loads(b"".join(answer.streaming_content))
    assert [one["text"] for one in told["comments"]] == ["Mine.", "Older."]
    assert told["subscriptions"][0]["email"] == "ada@example.org"


def test_mail_scanner_that_opens_every_link_does_nothing(client: Client) -> None:
    CommentFactory(guest_email="ada@example.org")
    client.post(ASK, {"email": "ada@example.org"})
    work()
    address = link_in_the_letter()
    for path in (address, f"{address}erase/", f"{address}download/"):
        assert client.get(path).status_code in {200, 405}
        assert client.head(path).status_code in {200, 405}
    work()
    assert Comment.objects.exclude(guest_email="").count() == 1
    assert client.get(address).status_code == 200  # and it still works for its reader


def test_guest_is_asked_twice_and_then_nothing_is_left(client: Client) -> None:
    CommentFactory(guest_email="ada@example.org", body="Mine.")
    client.post(ASK, {"email": "ada@example.org"})
    work()
    address = f"{link_in_the_letter()}erase/"
    assert client.post(address).status_code == 400
    assert client.post(address, {"comments": "perhaps", "really": "yes"}).status_code == 400
    asked = client.post(address, {"comments": "remove"})
    assert "Nobody can bring it back" in asked.content.decode()
    work()
    assert Comment.objects.filter(body="Mine.").exists()
    done = client.post(address, {"comments": "remove", "really": "yes"})
    assert done.status_code == 200
    assert done.cookies["reader"]["max-age"] == 0
    work()
    assert not Comment.objects.filter(body="Mine.").exists()
    assert not OwnDataRequest.objects.exists()
    assert not Letter.objects.exists()
    again = client.post(address, {"comments": "remove", "really": "yes"})
    assert again.status_code == 404
    assert "Ask for a new one" in again.content.decode()


@pytest.mark.parametrize("path", ["", "download/", "erase/"])
def test_forged_foreign_and_old_links_are_used_up(
    client: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = OwnDataRequest.objects.create(address="ada@example.org")
    token = token_of(request.pk)
    subscription = Subscription.objects.create(
        discussion=CommentFactory().discussion, email="ada@example.org"
    )
    from comments.notifications.following import token_of as other_token

    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), "1", other_token(subscription)):
        assert client.post(f"{ASK}{wrong}/{path}").status_code == (405 if not path else 404)
        assert client.get(f"{ASK}{wrong}/").status_code == 404
    monkeypatch.setattr("comments.personal_data.links.LASTS", datetime.timedelta(seconds=-1))
    assert client.get(f"{ASK}{token}/").status_code == 404


def test_daily_round_finishes_and_forgets(client: Client) -> None:
    CommentFactory(guest_email="ada@example.org")
    left = OwnDataRequest.objects.create(
        address="ada@example.org", created_at=timezone.now() - datetime.timedelta(hours=2)
    )
    begin_erasure(left, keep_comments=True)
    OwnDataRequest.objects.create(
        address="bob@example.org", created_at=timezone.now() - datetime.timedelta(days=2)
    )
    new = OwnDataRequest.objects.create(address="new@example.org")
    assert finish_requests(10) == 2
    assert list(OwnDataRequest.objects.all()) == [new]
    assert not Comment.objects.exclude(guest_email="").exists()


def test_letter_says_what_it_is_for_and_leaks_nothing_into_its_head(client: Client) -> None:
    CommentFactory(guest_email="ada@example.org")
    client.post(ASK, {"email": "ada@example.org"})
    work()
    [message] = mail.outbox
    assert message.subject == "What Newsroom keeps of you"
    assert "List-Unsubscribe" not in message.extra_headers
    assert "ada" not in message.body.lower()

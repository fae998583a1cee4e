"""What letters say, and what happens to those that cannot be sent."""

import re
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from comments.models import Letter, Notification, Subscription
from comments.notifications import delivery
from comments.notifications.delivery import send_due_letters
from comments.notifications.following import follow
from comments.notifications.telling import tell_readers
from tests.comments.factories import CommentFactory, DiscussionFactory
from tests.comments.notifications.test_telling import account, guest

pytestmark = pytest.mark.django_db


def one_letter(**comment: Any) -> Any:
    discussion = DiscussionFactory(article__headline="The night ferry: is it back?")
    guest(discussion, "petra@example.org")
    tell_readers(CommentFactory(discussion=discussion, **comment))
    send_due_letters(10)
    [message] = mail.outbox
    return message


def links(message: Any) -> list[str]:
    return re.findall(r"http://testserver(/\S+)", message.body)


def test_letter_is_plain_and_html_with_a_way_out() -> None:
    message = one_letter(guest_name="Ada", body="<b>Not bold</b> & *fine*\n.\nlast")
    assert message.subject == "Ada commented on “The night ferry: is it back?”"
    assert "<b>Not bold</b> & *fine*" in message.body
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    assert "&lt;b&gt;Not bold" in html
    headers = message.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(
        r"<http://testserver/subscriptions/\S+/unsubscribe/>", headers["List-Unsubscribe"]
    )
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"].endswith("@testserver>")
    assert "petra@example.org" not in message.body + html


def test_headline_cannot_break_the_subject() -> None:
    message = one_letter(guest_name="Ada\r\nBcc: all@example.org")
    assert "\n" not in message.subject


def test_one_click_works_without_cookie_origin_or_second_thought() -> None:
    message = one_letter()
    address = re.search(r"http://testserver(\S+)>", message.message()["List-Unsubscribe"])
    assert address
    client = Client(enforce_csrf_checks=True)
    assert client.get(address[1]).status_code == 200
    assert Subscription.objects.exists()  # opening alone does nothing
    for _ in range(2):
        answer = client.post(address[1], {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
    assert not Subscription.objects.exists()


def test_confirmation_needs_the_button() -> None:
    discussion = DiscussionFactory()
    follow(discussion=discussion, kind="all", email="petra@example.org")
    send_due_letters(10)
    [address] = [link for link in links(mail.outbox[0]) if "/confirm/" in link]
    client = Client(enforce_csrf_checks=True)
    for method in (client.get, client.head, client.get):
        assert method(address).status_code == 200
    assert Subscription.objects.get().confirmed_at is None
    assert "You follow the discussion" in client.post(address).content.decode()
    assert Subscription.objects.get().confirmed_at


def test_signed_link_shows_all_of_its_reader_and_nobody_elses() -> None:
    message = one_letter()
    other, mine = (
        guest(DiscussionFactory(), "other@example.org"),
        guest(DiscussionFactory(), "petra@example.org"),
    )
    [address] = [link for link in links(message) if re.fullmatch(r"/subscriptions/[^/]+/", link)]
    client = Client()
    page = client.get(address).content.decode()
    assert mine.discussion.article.title in page
    assert other.discussion.article.title not in page
    assert "petra@example.org" not in page + address
    assert client.post(address, {"change": mine.pk, "kind": "replies"}).status_code == 303
    mine.refresh_from_db()
    assert mine.kind == "replies"
    for change, kind in ((other.pk, "none"), ("x", "all"), ("9" * 30, "none"), (mine.pk, "bad")):
        assert client.post(address, {"change": change, "kind": kind}).status_code == 400
    assert client.post(address, {"stop_all": "1"}).status_code == 200
    assert list(Subscription.objects.all()) == [other]
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "é", "x" * 3000])
@pytest.mark.parametrize("page", ["", "confirm/", "unsubscribe/"])
def test_forged_link_is_not_found(token: str, page: str) -> None:
    assert Client().get(f"/subscriptions/{token}/{page}").status_code in {400, 404}


class Refusing:
    """A mailer that refuses a number of times, in a way of its own."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.times = error, times

    def hand_over(self, message: Any) -> None:
        self.message = message

    def complete(self) -> None:
        if self.times:
            self.times -= 1
            raise self.error
        self.message.send()

    def close(self) -> None:
        pass


def run(monkeypatch: pytest.MonkeyPatch, error: Exception, times: int, rounds: int) -> None:
    carrier = Refusing(error, times)
    monkeypatch.setattr(delivery, "PlainCarrier", lambda: carrier)
    for _ in range(rounds):
        Letter.objects.to_send().update(due_at=timezone.now())
        send_due_letters(1)


def test_letter_is_tried_again_until_it_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    discussion = DiscussionFactory()
    guest(discussion, "petra@example.org")
    tell_readers(CommentFactory(discussion=discussion))
    run(monkeypatch, smtplib.SMTPServerDisconnected("gone"), 3, 3)
    letter = Letter.objects.get()
    assert (letter.attempts, letter.sent_at, letter.error) == (3, None, "gone")
    assert letter.due_at > timezone.now()
    key = letter.key
    run(monkeypatch, smtplib.SMTPServerDisconnected("gone"), 0, 1)
    letter.refresh_from_db()
    assert letter.sent_at
    assert letter.key == key
    assert len(mail.outbox) == 1


def test_letter_is_given_up_in_the_end_and_at_once_where_the_address_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    discussion = DiscussionFactory()
    guest(discussion, "petra@example.org")
    tell_readers(CommentFactory(discussion=discussion))
    run(monkeypatch, OSError("no route"), 99, 12)
    letter = Letter.objects.get()
    assert letter.is_given_up
    assert letter.attempts == 8
    letter.delete()
    tell_readers(CommentFactory(discussion=discussion))
    run(monkeypatch, smtplib.SMTPDataError(550, b"no such user"), 99, 1)
    assert Letter.objects.get().is_given_up


def test_letter_that_comes_back_joins_the_one_that_was_begun_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    discussion = DiscussionFactory()
    guest(discussion, "petra@example.org")
    tell_readers(CommentFactory(discussion=discussion))
    later = CommentFactory(discussion=discussion)

    class Meanwhile(Refusing):
        def complete(self) -> None:
            tell_readers(later)  # the letter is noted as sent, so another is begun
            raise self.error

    monkeypatch.setattr(delivery, "PlainCarrier", lambda: Meanwhile(OSError("broken"), 1))
    send_due_letters(1)
    [letter] = Letter.objects.all()
    assert letter.sent_at is None
    assert Notification.objects.filter(letter=letter).count() == 2


def test_staff_see_what_failed_and_send_it_again(client: Client) -> None:
    discussion = DiscussionFactory()
    guest(discussion, "petra@example.org")
    tell_readers(CommentFactory(discussion=discussion))
    Letter.objects.update(is_given_up=True, attempts=8, error="550 no such user")
    client.force_login(User.objects.create_superuser("m@example.org", "x"))
    page = client.get("/admin/comments/letter/?state=failed").content.decode()
    assert "550 no such user" in page
    letter = Letter.objects.get()
    client.post("/admin/comments/letter/", {"action": "send_again", "_selected_action": letter.pk})
    send_due_letters(1)
    assert len(mail.outbox) == 1


def test_outbox_shows_what_was_sent_to_staff_alone(
    client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path / "mail")},
        }
    }
    discussion = DiscussionFactory()
    guest(discussion, "petra@example.org")
    tell_readers(CommentFactory(discussion=discussion, guest_name="Ada", body="<script>x</script>"))
    send_due_letters(10)
    assert client.get("/admin/comments/letter/outbox/").status_code == 302
    client.force_login(account("reader"))
    assert client.get("/admin/comments/letter/outbox/").status_code == 302
    client.force_login(User.objects.create_superuser("m@example.org", "x"))
    page = client.get("/admin/comments/letter/outbox/").content.decode()
    assert "Ada commented on" in page
    [address] = set(re.findall(r'href="(/admin/comments/letter/outbox/[^"]+/)"', page))
    message = client.get(address).content.decode()
    assert "petra@example.org" in message
    assert "List-Unsubscribe" in message
    assert "<script>x" not in message
    html = client.get(address + "?html")
    assert "sandbox" in html["Content-Security-Policy"]
    assert "script-src" not in html["Content-Security-Policy"]
    for bad in ("x/0", "../0", "x.log/99999999999999999999", "x.log/0", "%00/1", "x.log/é"):
        assert client.get(f"/admin/comments/letter/outbox/{bad}/").status_code in {302, 400, 404}

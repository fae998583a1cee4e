"""What people wrote stays in a letter's subject: it makes no header, and stops no letter."""

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from articles.models import Article, Publication
from comments.models import Comment, Letter, OwnDataRequest, Subscription
from comments.notifications.letters import compose
from comments.notifications.telling import tell_readers
from donations.donors.managing import send_links
from donations.donors.receipts import compose_receipt, queue_receipt
from donations.ledger.recording import Donor
from donations.models import Pledge
from tests.accounts.factories import PASSWORD, UserFactory
from tests.comments.factories import CommentFactory
from tests.donations.factories import GiftFactory

pytestmark = pytest.mark.django_db
HOSTILE = {
    "a header": "News\r\nBcc: x@example.org\r\n\r\nBody",
    "lines": "Ne\nw\rs\x0b\x0c\x1c\x85\u2028\u2029 Daily",
    "very long": "Nachrichten " * 9 + "x" * 12,
    "emoji": "📰 The 👩‍👩‍👧‍👦 Daily 🇳🇴",
    "right to left": "\u200f\u202e\u0627\u0644\u064a\u0648\u0645\u202c\u200f",
}


def hostile(text: str) -> None:
    """Have the text wherever a subject may take it from, however it came there."""
    Publication.objects.update_or_create(pk=1, defaults={"name": text})
    Article.objects.update(headline=text)
    Comment.objects.update(guest_name=text[:80])


def news(kind: str) -> Callable[[str], None]:
    def send(text: str) -> None:
        said = CommentFactory()
        Subscription.objects.create(
            discussion=said.discussion,
            email=said.guest_email,
            kind=kind,
            confirmed_at=timezone.now(),
        )
        answers = [CommentFactory(parent=said)]
        if kind == "all":
            answers.append(CommentFactory(discussion=said.discussion))
        for answer in answers:
            tell_readers(answer)
        hostile(text)
        _send(Letter.objects.get())

    return send


def confirmation(text: str) -> None:
    discussion = CommentFactory().discussion
    wish = Subscription.objects.create(discussion=discussion, email="a@example.org", kind="all")
    hostile(text)
    letter = Letter.objects.create(
        kind="confirmation", discussion=discussion, subscription=wish, address=wish.email
    )
    _send(letter)


def own_data(text: str) -> None:
    hostile(text)
    asked = OwnDataRequest.objects.create(address="a@example.org")
    _send(Letter.objects.create(kind="own-data", request=asked, address=asked.address))


def receipt(text: str) -> None:
    hostile(text)
    queued = queue_receipt(GiftFactory(donor=Donor(name=text[:80], email="a@example.org")))
    assert queued is not None
    compose_receipt(queued).send()


def monthly(text: str) -> None:
    hostile(text)
    now = timezone.now()
    gift = Pledge.objects.create(
        provider="stripe", reference=f"sub_{Pledge.objects.count()}", donor_email="a@example.org",
        amount_minor=1_000, currency="USD", started_at=now, told_at=now,
    )  # fmt: skip
    send_links([gift.pk])


def sign_up(text: str) -> None:
    hostile(text)
    facts = {"email": f"{len(text)}@example.org", "display_name": "New"}
    facts |= {"password1": PASSWORD, "password2": PASSWORD}
    assert Client().post("/accounts/signup/", facts).status_code == 302


def forgotten_password(text: str) -> None:
    hostile(text)
    facts = {"email": UserFactory(display_name=text[:80]).email}
    assert Client().post("/accounts/password/reset/", facts).status_code == 302


def _send(letter: Letter) -> None:
    message = compose(Letter.objects.get(pk=letter.pk))
    assert message is not None
    message.send()


LETTERS = [
    news("replies"), news("all"), confirmation, own_data, receipt, monthly, sign_up,
    forgotten_password,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize(
    "letter", LETTERS,
    ids=["reply", "news", *(letter.__name__ for letter in LETTERS[2:])],
)  # fmt: skip
def test_hostile_names_and_headlines_leave_the_head_alone(
    letter: Callable[[str], None], text: str
) -> None:
    letter("Newsroom")
    [plain] = mail.outbox
    mail.outbox.clear()
    Letter.objects.all().delete()
    letter(text)
    [sent] = mail.outbox
    read = email.message_from_bytes(sent.message().as_bytes(), policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    assert set(read.keys()) == set(plain.message().keys())
    assert "x@example.org" not in sent.recipients()
    assert " ".join(text[:80].split()) in " ".join(str(read["Subject"]).split())
    body = read.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip()

"""What people type makes no header of a letter, however it breaks the line."""

import re
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Publication
from comments.models import Comment, Letter, Notification, Report, Subscription
from comments.notifications.letters import compose
from donations.donors.receipts import compose_receipt
from donations.models import Gift, Receipt
from tests.comments.factories import CommentFactory
from tests.donations.factories import GiftFactory

pytestmark = pytest.mark.django_db
BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
INJECTED = ["Bcc: thief@example.org", "X-Own: 1", "", "<h1>A body of their own</h1>"]
WRITTEN = {
    "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted",
}  # fmt: skip


def attack(line_break: str) -> str:
    return f"Kari{line_break}" + line_break.join(INJECTED)


def assert_is_clean(message: EmailMultiAlternatives | None, *, to: str, more: set[str]) -> None:
    """Parse the letter as a mailbox would: each header once, none besides, one recipient."""
    assert message is not None
    raw = message.message().as_bytes()
    assert message.recipients() == [to]
    parsed = message_from_bytes(raw)
    assert sorted(parsed.keys()) == sorted(WRITTEN | more)
    assert parsed.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parsed.get_payload()] == [
        "text/plain",
        "text/html",
    ]
    subject = str(message_from_bytes(raw, policy=policy.default)["Subject"])
    assert "Kari" in subject
    assert len(subject.splitlines()) == 1
    # A folded line begins with a space, so that it goes on; no line of the head begins otherwise.
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    begun = [line for line in re.split(rb"[\r\n]+", head) if not line.startswith((b" ", b"\t"))]
    assert len(begun) == len(WRITTEN | more)


@pytest.mark.parametrize("line_break", BREAKS)
def test_names_and_titles_stay_in_the_subject_of_news(line_break: str) -> None:
    comment = CommentFactory()
    Comment.objects.update(guest_name=attack(line_break)[:80])
    Article.objects.update(headline=attack(line_break))
    Publication.objects.create(pk=1, name=attack(line_break)[:100])
    subscription = Subscription.objects.create(
        discussion=comment.discussion, email="a@example.org", confirmed_at=timezone.now()
    )
    letter = Letter.objects.create(
        kind="news", discussion=comment.discussion, subscription=subscription,
        address="a@example.org",
    )  # fmt: skip
    Notification.objects.create(
        comment=comment, kind="reply", address="a@example.org", letter=letter
    )
    more = {"List-Unsubscribe", "List-Unsubscribe-Post"}
    assert_is_clean(compose(letter), to="a@example.org", more=more)
    Subscription.objects.update(confirmed_at=None)
    Letter.objects.update(kind="confirmation")
    asking = Letter.objects.select_related("subscription").get()
    assert_is_clean(compose(asking), to="a@example.org", more=set())


@pytest.mark.parametrize("line_break", BREAKS)
def test_names_stay_in_the_subject_of_donors_letters(line_break: str) -> None:
    Publication.objects.create(pk=1, name=attack(line_break)[:100])
    receipt = Receipt.objects.create(gift=GiftFactory())
    Gift.objects.update(donor_name=attack(line_break)[:120], donor_email="a@example.org")
    receipt.gift.refresh_from_db()
    assert_is_clean(compose_receipt(receipt), to="a@example.org", more=set())


@pytest.mark.parametrize("line_break", BREAKS)
@pytest.mark.parametrize("shape", ["a@example.org{}Bcc: b@example.org", "a{}b@example.org"])
def test_an_address_that_breaks_the_line_is_refused(line_break: str, shape: str) -> None:
    comment, client = CommentFactory(), Client()
    slug, address = comment.discussion.article.slug, shape.format(line_break)
    before = (Letter.objects.count(), Subscription.objects.count(), Comment.objects.count())
    asked: list[tuple[str, dict[str, Any]]] = [
        (reverse("comments:follow", args=[slug]), {"kind": "all", "email": address}),
        (reverse("comments:ask_own_data"), {"email": address}),
        (reverse("donations:links"), {"email": address}),
        (
            reverse("comments:discussion", args=[slug]),
            {"name": "Kari", "email": address, "body": "A text."},
        ),
    ]
    for where, data in asked:
        assert client.post(where, data).status_code == 400, where
    after = (Letter.objects.count(), Subscription.objects.count(), Comment.objects.count())
    assert after == before


def test_a_report_sends_nothing_by_mail(mailoutbox: list[EmailMultiAlternatives]) -> None:
    comment, client = CommentFactory(), Client()
    for line_break in BREAKS:
        address = reverse("comments:report", args=[comment.pk])
        client.post(address, {"reason": "rules", "text": attack(line_break)})
        client.cookies.clear()
    assert Report.objects.exists()
    assert mailoutbox == []
    assert not Letter.objects.exists()

"""What donors get: a letter once, a page of their own, a place on the wall when they want it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from donations.donors.links import gift_path, pledge_path
from donations.donors.receipts import queue_receipt, send_due_receipts
from donations.donors.wall import ask_for_wall, decide_wall_names, leave_wall, names_on_wall
from donations.ledger.by_hand import refund_gift
from donations.ledger.recording import Donor
from donations.models import Gift, Pledge, Receipt, WallName
from donations.tasks import send_pledge_links
from tests.accounts.factories import UserFactory
from tests.donations.factories import GiftFactory, MethodFactory
from tests.donations.fake_stripe import Stripe, fake_stripe

pytestmark = pytest.mark.django_db


def gift_of(email: str = "halvard@example.org", **told: Any) -> Gift:
    return GiftFactory(donor=Donor(name="Halvard", email=email), **told)


def pledge_of(email: str = "halvard@example.org", **fields: Any) -> Pledge:
    now = timezone.now()
    return Pledge.objects.create(
        **{
            "provider": "stripe", "reference": f"sub_{Pledge.objects.count()}",
            "donor_email": email,
            "amount_minor": 1_000, "currency": "USD", "started_at": now, "told_at": now, **fields,
        }
    )  # fmt: skip


def test_donor_is_thanked_once_with_a_receipt() -> None:
    gift = gift_of()
    receipt = queue_receipt(gift)
    assert receipt is not None
    assert queue_receipt(gift) == receipt
    assert send_due_receipts() is None
    assert send_due_receipts() is None
    [letter] = mail.outbox
    assert letter.to == ["halvard@example.org"]
    page = letter.alternatives[0][0]  # type: ignore[attr-defined]
    for text in (letter.body, page):
        assert receipt.number in text
        assert "$100" in text
        assert gift_path(gift) in text
    assert "<" not in letter.body


def test_nobody_is_thanked_for_what_did_not_arrive() -> None:
    assert queue_receipt(gift_of(is_pending=True)) is None
    assert queue_receipt(GiftFactory()) is None
    assert not Receipt.objects.exists()


def test_letter_that_could_not_be_sent_waits_and_is_seen(
    settings: Any, admin_client: Client
) -> None:
    receipt = queue_receipt(gift_of())
    assert receipt is not None
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 2},
        }
    }
    due = send_due_receipts()
    assert due is not None
    assert due > timezone.now()
    receipt.refresh_from_db()
    assert (receipt.sent_at, receipt.attempts) == (None, 1)
    assert "refused" in receipt.error
    page = admin_client.get(f"/admin/donations/receipt/{receipt.pk}/change/").content.decode()
    assert "refused" in page


def test_letter_without_an_address_any_more_is_given_up() -> None:
    receipt = queue_receipt(gift_of())
    assert receipt is not None
    Gift.objects.update(donor_email="")
    assert send_due_receipts() is None
    receipt.refresh_from_db()
    assert receipt.is_given_up
    assert mail.outbox == []


def test_gift_has_a_page_for_whoever_holds_its_link() -> None:
    gift = gift_of()
    response = Client().get(gift_path(gift))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "$100" in response.content.decode()
    assert "halvard@example.org" not in response.content.decode()
    other = gift_of()
    forged = gift_path(gift).replace(f"/{gift.pk}:", f"/{other.pk}:")
    for path in (
        forged,
        f"/donate/gifts/{gift.pk}/",
        "/donate/gifts/x:y/",
        f"{pledge_path(pledge_of())[:-3]}/",
    ):
        assert Client().get(path).status_code == 404


def test_link_of_a_gift_opens_no_monthly_gift() -> None:
    pledge, gift = pledge_of(), gift_of()
    token = gift_path(gift).split("/")[-2].split(":")[1]
    assert Client().get(f"/donate/monthly/{pledge.pk}:{token}/").status_code == 404


def test_name_is_on_the_wall_when_the_donor_asked_and_staff_agreed() -> None:
    MethodFactory()
    gift = gift_of()
    assert "Halvard" not in Client().get("/donate/").content.decode()
    path = gift_path(gift)
    assert Client().post(path, {"name": "  A friend\u202e of\nthe pier "}).status_code == 302
    assert WallName.objects.get().name == "A friend ofthe pier"
    assert names_on_wall() == []
    chief = UserFactory(role="Chief")
    names = WallName.objects.all()
    decide_wall_names(names=names, state=WallName.State.SHOWN, by=chief)
    assert "A friend ofthe pier" in Client().get("/donate/").content.decode()
    # Another name is looked at anew; the same one is not.
    ask_for_wall(gift=gift, name="A friend ofthe pier")
    assert names_on_wall() == ["A friend ofthe pier"]
    ask_for_wall(gift=gift, name="Something rude")
    assert names_on_wall() == []
    decide_wall_names(names=names, state=WallName.State.SHOWN, by=chief)
    refund_gift(gift=gift, by=chief)
    assert names_on_wall() == []
    assert Client().post(path, {"leave": "1"}).status_code == 302
    assert not WallName.objects.exists()
    leave_wall(gift=gift)


@pytest.mark.parametrize("name", ["", " \u200b\n", "x" * 61])
def test_what_is_no_name_is_refused_and_comes_back(name: str) -> None:
    gift = gift_of()
    with pytest.raises(ValidationError):
        ask_for_wall(gift=gift, name=name)
    response = Client().post(gift_path(gift), {"name": name})
    assert response.status_code == 400
    assert b'aria-invalid="true"' in response.content
    if name.strip():
        assert name in response.content.decode()
    assert not WallName.objects.exists()


def test_only_staff_with_the_right_decide_about_the_wall() -> None:
    ask_for_wall(gift=gift_of(), name="Halvard")
    with pytest.raises(PermissionDenied):
        decide_wall_names(
            names=WallName.objects.all(), state=WallName.State.SHOWN, by=UserFactory(role="Editor")
        )
    assert names_on_wall() == []


def test_name_is_text_not_markup() -> None:
    MethodFactory()
    ask_for_wall(gift=gift_of(), name="<img src=x onerror=alert(1)>")
    WallName.objects.update(state=WallName.State.SHOWN)
    assert "<img src=x" not in Client().get("/donate/").content.decode()


def test_monthly_gift_is_shown_to_its_donor() -> None:
    pledge = pledge_of()
    gift = gift_of()
    Gift.objects.filter(pk=gift.pk).update(pledge=pledge)
    page = Client().get(pledge_path(pledge)).content.decode()
    assert "$10" in page
    assert "$100" in page
    assert "halvard@example.org" not in page
    Pledge.objects.update(ended_at=timezone.now())
    assert "It ended on" in Client().get(pledge_path(pledge)).content.decode()


def test_links_are_sent_to_the_donor_and_nobody_else_learns_of_them() -> None:
    first, second = pledge_of(), pledge_of("HALVARD@example.org")
    pledge_of(ended_at=timezone.now())
    known = Client().post("/donate/monthly/", {"email": " halvard@example.org "})
    unknown = Client().post("/donate/monthly/", {"email": "nobody@example.org"})
    assert known.status_code == unknown.status_code == 200
    plain = [re.sub(r'value="[^"]*"', "", r.content.decode()) for r in (known, unknown)]
    assert plain[0] == plain[1]
    send_pledge_links.call([first.pk, second.pk])
    send_pledge_links.call([])
    [letter] = mail.outbox
    assert letter.to == ["halvard@example.org"]
    assert pledge_path(first) in letter.body
    assert pledge_path(second) in letter.body


@pytest.mark.parametrize("email", ["", "x", "a@b\nBcc: c@example.org"])
def test_what_is_no_address_comes_back_with_a_message(email: str) -> None:
    response = Client().post("/donate/monthly/", {"email": email})
    assert response.status_code == 400
    assert "Write an email address" in response.content.decode()


def test_asking_for_letters_is_limited(settings: Any) -> None:
    settings.COMMENT_LIMITS = True
    settings.COMMENT_RATES = {**settings.COMMENT_RATES, "ask": {"network": (1, 60)}}
    asker = Client(REMOTE_ADDR="203.0.113.7")
    answers = [asker.post("/donate/monthly/", {"email": "a@example.org"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]


def test_forms_from_elsewhere_do_nothing() -> None:
    path = gift_path(gift_of())
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert Client().post(path, {"name": "Halvard"}, headers=headers).status_code == 403
    assert not WallName.objects.exists()


@pytest.fixture
def stripe(settings: Any) -> Iterator[Stripe]:
    with fake_stripe(settings) as fake:
        settings.STRIPE_PORTAL_ORIGIN = fake.base
        yield fake


def test_card_gift_is_ended_on_stripes_page(stripe: Stripe, settings: Any) -> None:
    pledge = pledge_of(customer="cus_1")
    path = pledge_path(pledge)
    page = Client().get(path)
    assert "Change or end it on Stripe" in page.content.decode()
    assert settings.STRIPE_PORTAL_ORIGIN in page["Content-Security-Policy"]
    answer = Client().post(path)
    assert (answer.status_code, answer["Location"]) == (302, stripe.page)
    asked_path, asked, _key = stripe.asked[-1]
    assert asked_path == "/v1/billing_portal/sessions"
    assert asked["customer"] == "cus_1"
    assert asked["return_url"].endswith(path)
    stripe.status = 500
    broken = Client().post(path)
    assert broken.status_code == 503
    assert "Nothing was changed" in broken.content.decode()


def test_gift_of_another_provider_has_no_page_of_stripes(stripe: Stripe) -> None:
    path = pledge_path(pledge_of(provider="patreon", customer="cus_1"))
    assert "on Stripe" not in Client().get(path).content.decode()
    assert Client().post(path).status_code == 503
    assert stripe.asked == []

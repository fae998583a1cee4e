"""The ledger, the meter that is one query over it, and the boxes."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from donations.ledger.by_hand import record_gift, refund_gift
from donations.meter import meter_of
from donations.models import Campaign, DonationMethod, Gift, SupportText
from donations.money import format_money, parse_money
from tests.articles.factories import ArticleFactory
from tests.donations.factories import CampaignFactory, GiftFactory, MethodFactory

pytestmark = pytest.mark.django_db


def raised() -> int:
    return Campaign.objects.with_raised().get().raised_minor  # type: ignore[attr-defined,no-any-return]


def chief() -> User:
    user = User.objects.create_user("chief@example.org", "x", is_staff=True)
    user.groups.add(Group.objects.get(name="Chief"))
    return user


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (10_000, "USD", "$100"), (500_000, "USD", "$5,000"), (1_250, "USD", "$12.50"),
        (5_000, "JPY", "¥5,000"), (1_234, "KWD", "KWD 1.234"), (0, "EUR", "€0"),
    ],
)  # fmt: skip
def test_money_is_shown_as_people_write_it(minor: int, currency: str, text: str) -> None:
    assert format_money(minor, currency) == text


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("100", "USD", 10_000), ("12.50", "USD", 1_250), ("12,50", "EUR", 1_250),
        ("1,250", "USD", 125_000), ("$5", "USD", 500), (" 7 ", "JPY", 7), ("1.234", "KWD", 1_234),
    ],
)  # fmt: skip
def test_money_is_read_as_people_write_it(text: str, currency: str, minor: int) -> None:
    assert parse_money(text, currency) == minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-5",
        "abc",
        "1e3",
        "NaN",
        "Infinity",
        "12.345",
        "9" * 30,
        "1\x00",
        "١٢",
        "<b>",
        "1 2",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        parse_money(text, "USD")


def test_yen_has_no_cents() -> None:
    with pytest.raises(ValidationError):
        parse_money("1.5", "JPY")


def test_only_received_gifts_of_the_drive_count() -> None:
    campaign = CampaignFactory()
    GiftFactory()
    GiftFactory(is_pending=True)
    GiftFactory(currency="EUR")
    GiftFactory(received_on=campaign.starts_on - timedelta(days=1))
    assert raised() == 10_000
    GiftFactory(received_on=campaign.starts_on)
    campaign.ends_on = timezone.localdate()
    campaign.save()
    GiftFactory(received_on=campaign.ends_on)
    assert raised() == 30_000


def test_refund_leaves_the_count_and_stays_in_the_ledger() -> None:
    CampaignFactory()
    gift = GiftFactory()
    refund_gift(gift=gift, by=chief())
    assert raised() == 0
    assert Gift.objects.count() == 1
    with pytest.raises(ValidationError):
        refund_gift(gift=gift, by=User.objects.get(email="chief@example.org"))


def test_refund_needs_the_right() -> None:
    with pytest.raises(PermissionDenied):
        refund_gift(gift=GiftFactory(), by=User.objects.create_user("r@example.org", "x"))


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1, 10**30])
def test_absurd_gift_is_refused(amount: int) -> None:
    with pytest.raises(ValidationError):
        record_gift(amount_minor=amount, currency="USD", received_on=timezone.localdate(), by=None)
    assert not Gift.objects.exists()


@pytest.mark.parametrize(
    ("gifts", "percent", "marks"),
    [
        (0, 0, ["$0", "$2,500", "$5,000"]),
        (10_000, 2, ["$0", "$2,500", "$5,000"]),
        (250_000, 50, ["$0", "$2,500", "$5,000"]),
        (500_000, 100, ["$0", "$2,500", "$5,000"]),
        (865_000, 173, ["$0", "$2,500", "$5,000", "$7,500", "$10,000"]),
        (5_000_000, 1000, ["$0", "$25,000", "$50,000"]),
    ],
)
def test_scale_grows_past_the_goal(gifts: int, percent: int, marks: list[str]) -> None:
    CampaignFactory()
    if gifts:
        GiftFactory(amount_minor=gifts)
    meter = meter_of(Campaign.objects.with_raised().get())
    assert (meter.percent, meter.marks) == (percent, marks)
    assert 0 <= meter.bar <= 1000


def test_meter_says_all_in_words_too() -> None:
    MethodFactory()
    CampaignFactory()
    GiftFactory()
    soup = BeautifulSoup(Client().get("/").content, "html.parser")
    bar = soup.select_one(".donation-meter [role=progressbar]")
    assert bar is not None
    assert bar["aria-valuetext"] == "$100 of $5,000 raised, 12 days left"
    assert (bar["aria-valuemin"], bar["aria-valuenow"], bar["aria-valuemax"]) == ("0", "2", "100")
    assert "$100 of $5,000 raised, 12 days left" in soup.select_one(".donation-meter").get_text()  # type: ignore[union-attr]


def test_nothing_shows_without_a_way_to_give_or_a_drive() -> None:
    CampaignFactory()
    article = ArticleFactory()
    html = Client().get(article.get_absolute_url()).content.decode()
    assert "donation-meter" not in html
    assert "support-box" not in html
    MethodFactory()
    Campaign.objects.update(is_active=False)
    html = Client().get(article.get_absolute_url()).content.decode()
    assert "donation-meter" not in html
    assert html.count('class="support-box ') == 2


def test_box_speaks_the_reports_language() -> None:
    MethodFactory()
    MethodFactory(label="Überweisung", language="de")
    SupportText.objects.create(placement="above", heading="Support us")
    SupportText.objects.create(placement="above", heading="Unterstütze uns", language="de")
    german = Client().get(ArticleFactory(language="de").get_absolute_url()).content.decode()
    english = Client().get(ArticleFactory().get_absolute_url()).content.decode()
    assert "Unterstütze uns" in german
    assert "Überweisung" in german
    assert "Support us" in english
    assert "Überweisung" not in english


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "http://x.example",
        "https://a b",
        "https://x\n",
    ],
)
def test_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        DonationMethod(kind="page", label="X", url=address).full_clean()


def test_gift_entered_in_the_admin_shows_on_the_meter() -> None:
    MethodFactory()
    CampaignFactory()
    client = Client()
    client.force_login(chief())
    form = {
        "currency": "USD",
        "status": "received",
        "received_on": timezone.localdate().isoformat(),
    }
    refused = client.post("/admin/donations/gift/add/", {**form, "amount": "<script>"})
    assert refused.status_code == 200
    assert b"Write an amount like" in refused.content
    assert not Gift.objects.exists()
    assert client.post("/admin/donations/gift/add/", {**form, "amount": "100"}).status_code == 302
    assert Gift.objects.get().entered_by.email == "chief@example.org"  # type: ignore[union-attr]
    assert "$100 of $5,000" in Client().get("/").content.decode()
    gift = Gift.objects.get()
    assert (
        client.post(f"/admin/donations/gift/{gift.pk}/delete/", {"post": "yes"}).status_code == 403
    )


def test_donate_page_tells_of_past_drives_and_of_none() -> None:
    assert "Nothing to give to just now" in Client().get("/donate/").content.decode()
    MethodFactory()
    CampaignFactory(
        label="MAY 2022",
        starts_on=timezone.localdate() - timedelta(days=90),
        ends_on=timezone.localdate() - timedelta(days=60),
    )
    GiftFactory(received_on=timezone.localdate() - timedelta(days=70))
    html = Client().get("/donate/").content.decode()
    assert "MAY 2022" in html
    assert "$100" in html

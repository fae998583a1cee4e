"""What staff see of all gifts: sums by month, way and kind, and a file for a spreadsheet."""

import csv
import datetime
import io

import pytest
from django.test import Client
from django.utils import timezone

from donations.ledger.by_hand import refund_gift
from donations.ledger.recording import Donor
from donations.models import Gift, Pledge, WebhookEvent
from donations.reporting import by_kind, by_month, by_way, currencies
from tests.accounts.factories import UserFactory
from tests.donations.factories import CampaignFactory, GiftFactory, MethodFactory, RateFactory

pytestmark = pytest.mark.django_db


def shown(bars: list) -> list[tuple[str, str]]:  # type: ignore[type-arg]
    return [(bar.label, bar.amount) for bar in bars]


def month(back: int) -> datetime.date:
    day = timezone.localdate().replace(day=1)
    for _ in range(back):
        day = (day - datetime.timedelta(days=1)).replace(day=1)
    return day


def test_months_are_told_with_the_empty_ones_between() -> None:
    GiftFactory(received_on=month(0))
    GiftFactory(received_on=month(2), amount_minor=5_000)
    gone = GiftFactory(received_on=month(2))
    refund_gift(gift=gone, by=UserFactory(role="Chief"))
    GiftFactory(received_on=month(0), is_pending=True)
    bars = by_month("USD")
    assert shown(bars) == [
        (f"{month(0):%Y-%m}", "$100"), (f"{month(1):%Y-%m}", "$0"), (f"{month(2):%Y-%m}", "$50"),
    ]  # fmt: skip
    assert [bar.share for bar in bars] == [100, 0, 50]
    assert by_month("EUR") == []


def test_ways_are_told_by_their_names_the_most_first() -> None:
    GiftFactory(donor=Donor(method=MethodFactory(label="Our own page")), amount_minor=20_000)
    GiftFactory()
    assert shown(by_way("USD")) == [("Our own page", "$200"), ("By hand", "$100")]


def test_first_of_a_repeated_gift_is_new_and_the_next_ones_are_not() -> None:
    now = timezone.now()
    pledge = Pledge.objects.create(provider="stripe", reference="s", started_at=now, told_at=now)
    first, second, _once = GiftFactory(), GiftFactory(amount_minor=3_000), GiftFactory()
    Gift.objects.filter(pk__in=[first.pk, second.pk]).update(pledge=pledge)
    assert shown(by_kind("USD")) == [
        ("Given once", "$100"), ("New monthly gifts", "$100"), ("Monthly gifts", "$30"),
    ]  # fmt: skip


def test_foreign_gifts_count_in_the_drives_currency_and_in_their_own() -> None:
    CampaignFactory()
    RateFactory()
    GiftFactory(currency="EUR")
    assert currencies() == ["USD", "EUR"]
    assert shown(by_month("USD")) == [(f"{month(0):%Y-%m}", "$110")]
    assert shown(by_month("EUR")) == [(f"{month(0):%Y-%m}", "€100")]


def test_file_holds_every_gift_and_no_formula() -> None:
    GiftFactory(donor=Donor(name="=HYPERLINK(1)", email="a@example.org", note='+1, "quoted"'))
    GiftFactory(currency="KWD", amount_minor=1_234)
    GiftFactory(currency="JPY", amount_minor=500, is_pending=True)
    client = Client()
    client.force_login(UserFactory(role="Chief"))
    answer = client.get("/admin/donations/gift/csv/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [(row["currency"], row["paid"], row["status"]) for row in rows] == [
        ("USD", "100.00", "received"), ("KWD", "1.234", "received"), ("", "0.00", "pending"),
    ]  # fmt: skip
    assert (rows[0]["donor"], rows[0]["note"]) == ("'=HYPERLINK(1)", '\'+1, "quoted"')


def test_charts_are_for_those_who_may_see_gifts() -> None:
    GiftFactory()
    client = Client()
    client.force_login(UserFactory(role="Chief"))
    page = client.get("/admin/donations/gift/overview/?currency=<script>").content.decode()
    assert "$100" in page
    assert "What came in" in client.get("/admin/donations/gift/").content.decode()
    client.force_login(UserFactory(role="Editor"))
    assert client.get("/admin/donations/gift/overview/").status_code == 403
    assert client.get("/admin/donations/gift/csv/").status_code == 403


def test_staff_see_whether_the_books_agree() -> None:
    GiftFactory()
    client = Client()
    client.force_login(UserFactory(role="Chief"))
    page = client.get("/admin/donations/gift/reconciliation/").content.decode()
    assert "All agree" in page
    WebhookEvent.objects.create(
        provider="stripe", event_id="evt_1", status="failed", error="No amount", body=b"{}"
    )
    assert "stripe evt_1" in client.get("/admin/donations/gift/reconciliation/").content.decode()
    client.force_login(UserFactory(role="Editor"))
    assert client.get("/admin/donations/gift/reconciliation/").status_code == 403

"""Drives: months that begin at the site's own midnight, wherever it is; their past, their end."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from articles.models import Publication
from donations.calendar import in_site_zone
from donations.campaigns import end_campaign, past_drives, raised_in, save_campaign
from donations.ledger.recording import record_report
from donations.meter import meter_of
from donations.models import Campaign
from donations.models.campaign import Period
from donations.past_chart import chart_of
from tests.donations.factories import CampaignFactory, GiftFactory, MethodFactory
from tests.donations.test_ledger import payment

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)
ZONES = [
    "Pacific/Kiritimati", "Asia/Kathmandu", "Europe/Berlin", "UTC", "America/New_York",
    "America/St_Johns", "Pacific/Pago_Pago",
]  # fmt: skip


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the time."""

    def set_to(at: datetime.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at)

    return set_to


def monthly(**fields: Any) -> Campaign:
    return CampaignFactory(
        **{
            "label": "Monthly drive", "kind": Campaign.Kind.MONTHLY, "ends_on": None,
            "starts_on": datetime.date(2026, 1, 1), **fields,
        }
    )  # fmt: skip


def shown() -> tuple[str, str]:
    """Return label and text of the meter as a reader gets them."""
    soup = BeautifulSoup(Client().get("/").content, "html.parser")
    label = soup.select_one(".donation-meter__label")
    text = soup.select_one(".donation-meter__text")
    assert label is not None
    assert text is not None
    return label.get_text(), text.get_text()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("first", [(2026, 2, 1), (2026, 4, 1), (2026, 11, 1), (2027, 1, 1)])
def test_month_begins_at_the_sites_midnight(
    zone: str, first: tuple[int, int, int], clock: Any
) -> None:
    """In the months of the clock's changes too: 31 October 2026 is in summer time in America."""
    Publication.objects.create(pk=1, time_zone=zone)
    MethodFactory()
    monthly()
    midnight = datetime.datetime(*first, tzinfo=ZoneInfo(zone)).astimezone(datetime.UTC)
    before = datetime.date(*first) - datetime.timedelta(days=1)
    with in_site_zone():
        for number, at in enumerate((midnight - SECOND, midnight, midnight + SECOND)):
            record_report(payment(str(number), 100 * 10**number, occurred_at=at))
    clock(midnight - SECOND)
    assert shown() == (f"{before:%B %Y}".upper(), "$1 of $5,000 raised, 1 day left")
    clock(midnight)
    days = Campaign.month_of(datetime.date(*first)).ends_on.day
    label = f"{datetime.date(*first):%B %Y}".upper()
    assert shown() == (label, f"$110 of $5,000 raised, {days} days left")
    with in_site_zone():
        assert past_drives()[0].raised_minor == 100


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Berlin", (2026, 3, 29)), ("Europe/Berlin", (2026, 10, 25)),
        ("America/New_York", (2026, 3, 8)), ("Australia/Lord_Howe", (2026, 4, 5)),
        # Here the clock is put forward at midnight: the day begins at one.
        ("Asia/Beirut", (2026, 3, 29)), ("Africa/Cairo", (2026, 4, 24)),
    ],
)  # fmt: skip
def test_day_of_the_clocks_change_is_one_day(
    zone: str, change: tuple[int, int, int], clock: Any
) -> None:
    Publication.objects.create(pk=1, time_zone=zone)
    day = datetime.date(*change)
    CampaignFactory(starts_on=day, ends_on=day)
    begins = datetime.datetime(*change, tzinfo=ZoneInfo(zone)).astimezone(datetime.UTC)
    after = day + datetime.timedelta(days=1)
    ends = datetime.datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone))
    with in_site_zone():
        for number, at in enumerate((begins - SECOND, begins, ends - SECOND, ends)):
            record_report(payment(str(number), 100 * 10**number, occurred_at=at))
        assert raised_in([("USD", Period(day, day))]) == [11_000]


@given(
    start=st.dates(datetime.date(2024, 1, 1), datetime.date(2028, 1, 1)),
    days=st.integers(0, 1500), ends=st.one_of(st.none(), st.integers(0, 1500)),
)  # fmt: skip
def test_months_follow_each_other_without_gap_or_overlap(
    start: datetime.date, days: int, ends: int | None
) -> None:
    last = None if ends is None else start + datetime.timedelta(days=ends)
    drive = Campaign(kind=Campaign.Kind.MONTHLY, starts_on=start, ends_on=last)
    day = start + datetime.timedelta(days=days)
    if last is not None and day > last:
        day = last
    period = drive.period_on(day)
    assert period.starts_on <= day <= period.ends_on
    if period.starts_on > start:
        assert drive.period_on(period.before).ends_on == period.before


def test_past_months_keep_their_goals_and_empty_ones_are_there(clock: Any) -> None:
    drive = monthly()
    clock(datetime.datetime(2026, 2, 10, 12, tzinfo=datetime.UTC))
    GiftFactory(received_on=datetime.date(2026, 1, 20))
    drive.goal_minor = 600_000
    save_campaign(campaign=drive)
    clock(datetime.datetime(2026, 4, 2, 12, tzinfo=datetime.UTC))
    drive.goal_minor = 700_000
    save_campaign(campaign=drive)
    told = [(d.label, d.raised_minor, d.goal_minor) for d in past_drives()]
    assert told == [
        ("MARCH 2026", 0, 600_000),
        ("FEBRUARY 2026", 0, 600_000),
        ("JANUARY 2026", 10_000, 500_000),
    ]  # fmt: skip
    assert meter_of(Campaign.objects.with_raised().get()).goal == "$7,000"


def test_archive_says_of_each_month_what_its_meter_said(clock: Any) -> None:
    monthly(starts_on=datetime.date(2026, 1, 15), ends_on=datetime.date(2026, 3, 10))
    for day in ("2026-01-14", "2026-01-15", "2026-02-28", "2026-03-10"):
        clock(datetime.datetime.fromisoformat(f"{day}T12:00:00Z"))
        GiftFactory(received_on=datetime.date.fromisoformat(day))
    meters = []
    for month in (1, 2, 3):
        clock(datetime.datetime(2026, month, 20, tzinfo=datetime.UTC))
        meters.append(Campaign.objects.with_raised().get().raised_minor)  # type: ignore[attr-defined]
    clock(datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC))
    assert [drive.raised_minor for drive in reversed(past_drives())] == meters == [10_000] * 3


def test_archive_costs_the_same_however_long_it_is(
    clock: Any, django_assert_num_queries: Any
) -> None:
    monthly(starts_on=datetime.date(2006, 1, 1))
    clock(datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    with django_assert_num_queries(3):
        assert len(past_drives()) == 240


def test_pause_hides_the_meter_and_loses_no_gift(clock: Any) -> None:
    MethodFactory()
    drive = monthly(is_active=False)
    GiftFactory()
    assert "donation-meter" not in Client().get("/").content.decode()
    Campaign.objects.filter(pk=drive.pk).update(is_active=True)
    assert "$100" in shown()[1]


def test_end_is_today_and_for_good() -> None:
    chief = User.objects.create_superuser("chief@example.org", "x")
    MethodFactory()
    drive = monthly()
    GiftFactory()
    with pytest.raises(PermissionDenied):
        end_campaign(campaign=drive, by=User.objects.create_user("r@example.org", "x"))
    end_campaign(campaign=drive, by=chief)
    assert "donation-meter" not in Client().get("/").content.decode()
    assert past_drives()[0].raised_minor == 10_000
    with pytest.raises(ValidationError):
        end_campaign(campaign=drive, by=chief)


def test_drive_that_has_not_begun_cannot_be_ended() -> None:
    chief = User.objects.create_superuser("chief@example.org", "x")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(ValidationError):
        end_campaign(campaign=CampaignFactory(starts_on=tomorrow, ends_on=tomorrow), by=chief)


def test_one_off_drive_stands_before_the_monthly_one() -> None:
    monthly(starts_on=timezone.localdate())
    CampaignFactory(label="A new roof")
    running = Campaign.objects.running().first()
    assert running is not None
    assert running.label == "A new roof"


@pytest.mark.parametrize(
    ("raised", "said"), [(0, ""), (249_999, ""), (250_000, "Half!"), (900_000, "All of it!")]
)
def test_latest_milestone_that_is_reached_is_said(raised: int, said: str) -> None:
    drive = CampaignFactory()
    drive.milestones.create(percent=100, message="All of it!")
    drive.milestones.create(percent=50, message="Half!")
    if raised:
        GiftFactory(amount_minor=raised)
    assert meter_of(Campaign.objects.with_raised().get()).message == said
    MethodFactory()
    html = Client().get("/donate/").content.decode()
    assert (said in html) if said else ("donate__milestone" not in html)


def test_picture_of_the_past_says_all_in_words_too(clock: Any) -> None:
    clock(datetime.datetime(2026, 4, 2, 12, tzinfo=datetime.UTC))
    monthly(starts_on=datetime.date(2024, 1, 1))
    GiftFactory(received_on=datetime.date(2026, 3, 5), amount_minor=865_000)
    for address, months in (("/donate/", 12), ("/donate/past/", 27)):
        soup = BeautifulSoup(Client().get(address).content, "html.parser")
        picture = soup.select_one("svg.past-chart")
        assert picture is not None
        assert picture["role"] == "img"
        names = str(picture["aria-labelledby"]).split()
        words = " ".join(soup.select_one(f"#{name}").get_text() for name in names)  # type: ignore[union-attr]
        assert "MARCH 2026: $8,650 of $5,000, 173 %." in words
        assert words.count("%.") == months
        assert len(picture.select("rect")) == months
        assert len(soup.select("tbody tr")) == months


def test_chart_runs_as_the_language_is_read(clock: Any) -> None:
    clock(datetime.datetime(2026, 4, 2, 12, tzinfo=datetime.UTC))
    monthly()
    GiftFactory(received_on=datetime.date(2026, 3, 5), amount_minor=5_000_000)
    drives = past_drives()
    for language, order in (("en", 1), ("ar", -1)):
        with translation.override(language):
            chart = chart_of(drives)
        assert chart is not None
        places = [bar.x for bar in chart.bars]  # January, February, March
        assert places == sorted(places)[::order]
        assert max(bar.height for bar in chart.bars) == chart.ground
        assert all(0 <= bar.x <= bar.x + bar.width <= chart.width for bar in chart.bars)
        assert len(chart.lines) <= 6
    assert chart_of([]) is None

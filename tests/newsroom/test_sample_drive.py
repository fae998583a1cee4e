"""The sample edition's drive: the same sums on whatever day it is made."""

import datetime
import tomllib
from pathlib import Path

import pytest
from django.utils import timezone

import newsroom.sample_edition.drive
from donations.campaigns import past_drives
from donations.models import Campaign
from newsroom.sample_edition.drive import add_drives

FOLDER = Path(newsroom.sample_edition.drive.__file__).parent


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2027-01-01", "2027-01-31", "2028-02-29", "2026-03-01"])
def test_the_drive_counts_the_same_on_any_day(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    today = datetime.date.fromisoformat(day)
    noon = datetime.datetime.combine(today, datetime.time(12), datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    add_drives(tomllib.loads((FOLDER / "edition.toml").read_text())["drive"], today)
    current = Campaign.objects.running().with_raised().get()
    assert current.raised_minor == 10_000
    assert [drive.raised_minor for drive in past_drives()] == [431_000, 512_000]

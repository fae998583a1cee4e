"""What reports are filed under, who signs them and who comments: few rows, made first."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from accounts.models import User
from articles.models import Author, Section, Series, Tag
from newsroom.populate.language import language
from newsroom.populate.plan import Plan

MARK = "load"  # the slug of the section that holds all others, and tells what was made
BASE = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)  # when the newest report appears
SECTIONS = ["City", "Politics", "Economy", "Science", "Culture", "Sport", "Opinion", "Weather"]
SERIES, TAGS, AUTHORS = 12, 120, 40
COMMENTS_PER_WRITER, MOST_ACCOUNTS, MOST_GUESTS = 50, 2_000, 5_000


class Writer(NamedTuple):
    """Who comments: an account, or a guest with a name, an address and a browser."""

    user: int | None
    name: str
    email: str
    browser: uuid.UUID | None


@dataclass(frozen=True)
class Filing:
    """The numbers of the rows that reports refer to."""

    sections: Sequence[int]
    series: Sequence[int]
    tags: Sequence[int]
    authors: Sequence[int]


def made_before() -> str | None:
    """Return the arguments of the load data that are there already, if any."""
    mark = Section.objects.filter(slug=MARK).values_list("description", flat=True).first()
    return None if mark is None else mark.removeprefix("populate ")


def make_filing(plan: Plan) -> Filing:
    """Save sections, series, tags and authors; the first section notes the plan."""
    random, english = Random(f"{plan.seed} filing"), language("en")
    mark = Section.objects.create(
        slug=MARK, name="Load data", description=f"populate {plan.arguments}", position=900
    )
    sections = Section.objects.bulk_create(
        Section(slug=f"load-section-{number}", name=name, parent=mark, position=900 + number)
        for number, name in enumerate(SECTIONS, 1)
    )
    series = Series.objects.bulk_create(
        Series(slug=f"load-series-{number}", name=english.heading(random))
        for number in range(1, SERIES + 1)
    )
    tags = Tag.objects.bulk_create(
        Tag(slug=f"load-tag-{number}", name=place)
        for number, place in enumerate(english.places.items[:TAGS], 1)
    )
    authors = Author.objects.bulk_create(
        Author(
            slug=f"load-author-{number}", name=english.person(random), bio=english.sentence(random)
        )
        for number in range(1, AUTHORS + 1)
    )
    return Filing(
        [row.pk for row in sections], [row.pk for row in series],
        [row.pk for row in tags], [row.pk for row in authors],
    )  # fmt: skip


def make_writers(plan: Plan) -> list[Writer]:
    """Save the accounts that comment, and return them among the guests; none can log in."""
    random, names = Random(f"{plan.seed} writers"), language("en")
    wanted = plan.comments // COMMENTS_PER_WRITER + 5
    accounts = User.objects.bulk_create(
        User(
            email=f"load-reader-{number}@example.org",
            display_name=names.person(random),
            password="!load",  # noqa: S106 (no password has this hash)
            date_joined=BASE,
        )
        for number in range(1, min(wanted, MOST_ACCOUNTS) + 1)
    )
    writers = [Writer(account.pk, "", "", None) for account in accounts]
    for number in range(1, min(wanted * 2, MOST_GUESTS) + 1):
        browser = uuid.UUID(int=random.getrandbits(128), version=4)
        email = f"load-guest-{number}@example.org"
        writers.append(Writer(None, names.person(random), email, browser))
    random.shuffle(writers)
    return writers

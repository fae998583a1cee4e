"""The front page as readers get it: what editors placed first, the rest by time."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.front_page import FrontPage, front_page
from articles.models import Article, FrontSlot, Status
from tests.articles.factories import ArticleFactory, SectionFactory

pytestmark = pytest.mark.django_db
LEAD, TOP = FrontSlot.Place.LEAD, FrontSlot.Place.TOP


def place(article: Article, place: str = TOP, position: int = 0, **fields: Any) -> FrontSlot:
    return FrontSlot.objects.create(article=article, place=place, position=position, **fields)


def reports(number: int, **fields: Any) -> list[Article]:
    """Published reports, the newest first."""
    now = timezone.now()
    return [
        ArticleFactory(published_at=now - timedelta(hours=n + 1), **fields) for n in range(number)
    ]


def all_on(page: FrontPage) -> list[Article]:
    strips = [article for _section, stories in page.strips for article in stories]
    lead = [page.lead] if page.lead else []
    return [*lead, *page.top, *page.opinion, *strips, *page.latest]


def test_placed_reports_stand_first_in_their_order_and_time_fills_the_rest() -> None:
    rows = reports(9)
    place(rows[8], LEAD)
    place(rows[6], position=1)
    place(rows[7], position=0)
    page = front_page()
    assert page.lead == rows[8]
    assert page.top == [rows[7], rows[6], rows[0], rows[1]]
    shown = all_on(page)
    assert len(shown) == len(set(shown)) == 9


def test_without_a_placed_lead_time_leads() -> None:
    rows = reports(3)
    place(rows[0])
    page = front_page()
    assert (page.lead, page.top) == (rows[1], [rows[0], rows[2]])


def test_the_only_report_leads_wherever_it_was_placed() -> None:
    (row,) = reports(1)
    place(row)
    assert front_page().lead == row


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.WITHDRAWN},
        {"status": Status.DRAFT, "published_at": None},
        {"status": Status.SCHEDULED, "published_at": timezone.now() + timedelta(hours=1)},
        {"published_at": timezone.now() + timedelta(hours=1)},
    ],
)
def test_place_of_a_report_that_readers_may_not_see_is_skipped(change: dict[str, Any]) -> None:
    rows = reports(3)
    place(rows[2], LEAD)
    Article.objects.filter(pk=rows[2].pk).update(**change)
    page = front_page()
    assert page.lead == rows[0]
    assert rows[2] not in all_on(page)


def test_place_expires_by_the_clock_alone() -> None:
    rows = reports(3)
    slot = place(rows[2], LEAD, expires_at=timezone.now() + timedelta(minutes=1))
    assert front_page().lead == rows[2]
    FrontSlot.objects.filter(pk=slot.pk).update(expires_at=timezone.now())
    page = front_page()
    assert (page.lead, page.top) == (rows[0], [rows[1], rows[2]])


def test_scheduled_lead_takes_over_at_its_time_and_the_old_one_heads_the_top_stories() -> None:
    rows = reports(4)
    coming = ArticleFactory(
        status=Status.SCHEDULED, published_at=timezone.now() + timedelta(hours=1)
    )
    place(coming, LEAD, 0)
    place(rows[3], LEAD, 1)
    place(rows[2])
    assert front_page().lead == rows[3]
    Article.objects.filter(pk=coming.pk).update(published_at=timezone.now())
    page = front_page()
    assert page.lead == coming
    assert page.top[:2] == [rows[3], rows[2]]


def test_report_placed_beyond_the_room_stands_further_down() -> None:
    rows = reports(8)
    for position, row in enumerate(rows[2:8]):
        place(row, position=position)
    page = front_page()
    assert page.top == rows[2:6]
    assert page.latest == [rows[1], rows[6], rows[7]]


def test_placed_opinion_is_not_repeated_among_opinions() -> None:
    rows = reports(4)
    views = reports(2, kind="opinion")
    place(views[0], LEAD)
    page = front_page()
    assert (page.lead, page.top, page.opinion) == (views[0], rows, [views[1]])


def test_single_report_of_a_section_makes_no_strip() -> None:
    reports(5)
    section, alone = SectionFactory(), SectionFactory()
    old = timezone.now() - timedelta(days=1)
    two = [ArticleFactory(section=section, published_at=old) for _ in range(2)]
    one = ArticleFactory(section=alone, published_at=old)
    page = front_page()
    assert [(strip, set(stories)) for strip, stories in page.strips] == [(section, set(two))]
    assert page.latest == [one]


def test_cost_does_not_grow_with_what_is_placed(django_assert_num_queries: Any) -> None:
    rows = reports(12)
    place(rows[5], LEAD)
    with django_assert_num_queries(4):
        front_page()
    for position, row in enumerate(rows[6:12]):
        place(row, position=position)
    with django_assert_num_queries(4):
        front_page()


def test_empty_site_says_so(client: Client) -> None:
    place(ArticleFactory(draft=True), LEAD)
    assert front_page() == FrontPage()
    assert "Nothing has been published yet" in client.get("/").content.decode()

"""The search page: its filters, its messages, its pages, and one query for all of it."""

import datetime
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import Article
from articles.search.results import search_articles
from articles.search.text import SEARCH_CONFIGURATIONS
from tests.articles.factories import ArticleFactory, AuthorFactory, SectionFactory

pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 12) -> datetime.datetime:
    return datetime.datetime(2026, 3, day, hour, 59, 59, tzinfo=timezone.get_default_timezone())


def headlines(**asked: str) -> list[str]:
    page = Client().get("/search/", asked).text
    return re.findall(r'<h2 class="card__headline"><a[^>]*>([^<]*)<', page)


def test_filters_narrow_the_results() -> None:
    harbour = SectionFactory(name="Harbour", slug="harbour")
    docks = SectionFactory(name="Docks", slug="docks", parent=harbour)
    ArticleFactory(headline="Ferry one", section=harbour, published_at=at(1, 0))
    ArticleFactory(headline="Ferry two", section=docks, kind="opinion", published_at=at(2, 23))
    ArticleFactory(headline="Ferry three", published_at=at(3))
    assert len(headlines(q="ferry")) == 3
    assert set(headlines(q="ferry", section="harbour")) == {"Ferry one", "Ferry two"}
    assert headlines(q="ferry", section="docks") == ["Ferry two"]
    assert headlines(q="ferry", kind="opinion") == ["Ferry two"]
    assert headlines(q="ferry", since="2026-03-03") == ["Ferry three"]
    assert headlines(q="ferry", until="2026-03-01") == ["Ferry one"]
    assert headlines(q="ferry", since="2026-03-02", until="2026-03-02") == ["Ferry two"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"section": "nowhere"}, "There is no such section."),
        ({"kind": "poem"}, "There is no such kind of report."),
        ({"since": "soon"}, "Enter a valid date."),
        ({"since": "0001-01-01"}, "greater than or equal"),
        ({"until": "9999-12-31"}, "less than or equal"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "The last day lies before the first."),
        ({"q": "x" * 201}, "at most 200 characters"),
    ],
)
def test_bad_filter_is_told_and_nothing_typed_is_lost(asked: dict[str, str], message: str) -> None:
    ArticleFactory(headline="Ferry")
    answer = Client().get("/search/", {"q": "ferry", **asked})
    assert answer.status_code == 200
    assert message in unescape(answer.text)
    assert f'value="{asked.get("q", "ferry")}"' in answer.text
    assert "card__headline" not in answer.text


def test_more_results_keep_query_and_filters() -> None:
    section = SectionFactory(slug="harbour")
    for number in range(25):
        ArticleFactory(headline=f"Ferry {number}", section=section)
        ArticleFactory(headline=f"Ferry elsewhere {number}")
    client, address, seen = Client(), "/search/?q=ferry&section=harbour&since=2020-01-01", []
    while address:
        page = client.get(address).text
        seen += re.findall(r'<h2 class="card__headline"><a[^>]*>([^<]*)<', page)
        more = re.search(r'href="([^"]*)" rel="next"', page)
        address = f"/search/{unescape(more[1])}" if more else ""
    assert sorted(seen) == sorted(f"Ferry {number}" for number in range(25))


def test_nothing_found_says_how_to_go_on() -> None:
    ArticleFactory(headline="Ferry")
    assert "look through the archive" in Client().get("/search/?q=zeppelin").text
    assert "Try all sections and dates" in Client().get("/search/?q=zeppelin&kind=live").text


def test_one_query_answers_however_much_is_found(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(30):
        ArticleFactory(headline=f"Ferry {number}", authors=[AuthorFactory()])
    with django_assert_num_queries(1):
        assert len(search_articles("ferry").items) == 20


def test_the_index_can_answer_in_each_language() -> None:
    ArticleFactory.create_batch(3)
    with connection.cursor() as cursor:
        # So few rows are read whole; what is asked here is whether the index is able to.
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Article.objects.matching("harbour -café").order_by().explain()
    assert plan.count("Bitmap Index Scan on article_search") == len(SEARCH_CONFIGURATIONS) + 1


def test_a_hit_in_the_lede_is_marked() -> None:
    ArticleFactory(lede="The harbour closes.", body="<p>Long text of something else.</p>")
    [result] = search_articles("harbour").items
    assert "<mark>harbour</mark>" in result.snippet
    assert Article.objects.count() == 1

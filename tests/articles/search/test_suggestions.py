"""Did you mean: which words are known, and what a mistyped one is led to."""

import re
from html import unescape
from io import StringIO

import hypothesis
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article, SearchWord
from articles.search.suggestions import suggest_query
from articles.search.vocabulary import refresh_vocabulary, trigrams
from articles.workflow import publish_article, withdraw_article
from tests.articles.factories import ArticleFactory, SectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reports() -> None:
    body = "<p>The harbour opens again. Ferries sail to the island every night.</p>"
    ArticleFactory.create_batch(3, headline="Ferry to the harbour", body=body)
    ArticleFactory(headline="Harbours", body="<p>Café Zürich, einzig.</p>", language="de")
    ArticleFactory(headline="Secret zeppelin", draft=True)
    refresh_vocabulary()


def suggestion(query: str, **filters: str) -> str:
    page = Client().get("/search/", {"q": query, **filters}).text
    said = re.search(r"Did you mean <a [^>]*>([^<]*)</a>", page)
    return unescape(said[1]) if said else ""


@pytest.mark.usefixtures("reports")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("harbuor", "harbour"),  # two letters swapped
        ("habour", "harbour"),  # one left out
        ("harbbour", "harbour"),  # one doubled
        ("Harvour", "harbour"),  # one beside it
        ("iland nigt", "island night"),
        ("ferry to the iland", "ferry to the island"),
        ("zurch", "zürich"),
        ('"the harbour" iland', '"the harbour" island'),
        ("iland -harbuor", "island -harbuor"),
    ],
)
def test_mistyped_words_are_led_to_known_ones(typed: str, meant: str) -> None:
    assert suggestion(typed) == meant


@pytest.mark.usefixtures("reports")
@pytest.mark.parametrize(
    "typed",
    [
        "harbour", "zepelin", "xqzwvk", "frry", '"harbuor"', "-harbuor", "12345", "a", "",
        "harbuor zzzzzzzz", "🛳 🛳", "\x00harbuor", "harb" * 60, "'''", '"', "%", "_______",
    ],
)  # fmt: skip
def test_nothing_is_suggested_that_is_far_unpublished_or_finds_nothing(typed: str) -> None:
    if typed == "frry":
        Article.objects.all().delete()
    assert suggestion(typed) == ""


@pytest.mark.usefixtures("reports")
def test_the_filters_hold_for_the_suggestion() -> None:
    SectionFactory(slug="empty")
    assert suggestion("harbuor", kind="report") == "harbour"
    assert suggestion("harbuor", section="empty") == ""
    page = Client().get("/search/?q=harbuor&kind=report").text
    assert 'href="?q=harbour&amp;kind=report"' in page


@pytest.mark.usefixtures("reports")
def test_the_commoner_of_two_near_words_is_meant() -> None:
    ArticleFactory(headline="Arbour")
    refresh_vocabulary()
    assert suggest_query("sarbour") == "harbour"


@pytest.mark.usefixtures("reports")
def test_the_first_letter_is_trusted_more_than_the_commoner_word() -> None:
    ArticleFactory.create_batch(9, headline="A very long crossing")
    refresh_vocabulary()
    assert suggest_query("fery") == "ferry"


def run_tasks() -> None:
    for result in DBTaskResult.objects.ready():
        result.task.call(*result.args_kwargs["args"])
        result.delete()


def test_publishing_teaches_words_and_withdrawing_takes_them_back() -> None:
    article = ArticleFactory(headline="Zeppelin over town", draft=True)
    publish_article(article=article, by=None)
    run_tasks()
    assert suggestion("zepelin") == "zeppelin"
    ArticleFactory(headline="Zeppelin again")
    refresh_vocabulary()
    assert SearchWord.objects.get(word="zeppelin").reports == 2
    withdraw_article(article=article, by=None, notice="Not so.")
    run_tasks()
    assert SearchWord.objects.get(word="zeppelin").reports == 1
    assert not SearchWord.objects.filter(word="town").exists()


def test_the_command_computes_index_and_words_anew() -> None:
    article = ArticleFactory(headline="Zeppelin")
    Article.objects.filter(pk=article.pk).update(search_vector=None)
    SearchWord.objects.create(language="en", word="gone", reports=1, trigrams=trigrams("gone"))
    said = StringIO()
    call_command("index_search", stdout=said)
    assert "Indexed 1 articles." in said.getvalue()
    assert Article.objects.matching("zeppelin").exists()
    assert not SearchWord.objects.filter(word="gone").exists()
    Article.objects.filter(pk=article.pk).update(search_vector=None)
    call_command("index_search", "--words-only", stdout=said)
    assert not Article.objects.matching("zeppelin").exists()


@pytest.mark.usefixtures("reports")
def test_the_table_holds_the_trigrams_that_are_asked_for() -> None:
    from articles.search.text import folded

    for word in SearchWord.objects.all():
        assert sorted(word.trigrams) == trigrams(folded(word.word))


@hypothesis.settings(max_examples=25)
@given(st.text(max_size=220))
@pytest.mark.usefixtures("reports")
def test_any_text_is_answered(typed: str) -> None:
    assert isinstance(suggest_query(typed), str)


@pytest.mark.usefixtures("reports")
def test_candidates_come_from_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = SearchWord.objects.filter(trigrams__overlap=trigrams("harbuor")).explain()
    assert "search_word_trigrams" in plan

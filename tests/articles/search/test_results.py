"""Search: what matches, in which order, safely shown, a page at a time."""

import pytest
from django.test import Client

from articles.models import Article
from articles.search.results import search_articles
from tests.articles.factories import ArticleFactory

pytestmark = pytest.mark.django_db


def found(query: str) -> set[str]:
    return {result.article.headline for result in search_articles(query).items}


def test_words_match_in_any_form_of_the_articles_language() -> None:
    ArticleFactory(headline="Ferries", body="<p>Boats that cross.</p>")
    ArticleFactory(headline="Häuser", body="<p>Die Mieten steigen.</p>", language="de")
    assert found("ferry") == {"Ferries"}
    assert found("crossing boat") == {"Ferries"}
    assert found("Haus Miete") == {"Häuser"}


def test_phrases_and_exclusions() -> None:
    ArticleFactory(headline="One", body="<p>the night ferry sails</p>")
    ArticleFactory(headline="Two", body="<p>a ferry by night</p>")
    assert found("night ferry") == {"One", "Two"}
    assert found('"night ferry"') == {"One"}
    assert found("ferry -sails") == {"Two"}


def test_headline_counts_more_than_body() -> None:
    ArticleFactory(headline="Other", body="<p>harbour</p>")
    ArticleFactory(headline="Harbour", body="<p>other</p>")
    assert [r.article.headline for r in search_articles("harbour").items] == ["Harbour", "Other"]


def test_drafts_are_not_found_and_edits_are() -> None:
    ArticleFactory(headline="Secret plan", draft=True)
    article = ArticleFactory(headline="Before")
    article.headline = "Afterwards"
    article.save()
    assert found("secret") == set()
    assert found("before") == set()
    assert found("afterwards") == {"Afterwards"}


def test_snippet_marks_the_hit_and_nothing_else_is_markup() -> None:
    ArticleFactory(body="<p>Say &lt;script&gt;alert(1)&lt;/script&gt; harbour &amp; sea</p>")
    [result] = search_articles("harbour").items
    assert "<mark>harbour</mark>" in result.snippet
    assert "<script" not in result.snippet


def test_pages_show_each_result_once() -> None:
    for _ in range(45):
        ArticleFactory(headline="Same words")
    seen, after = [], ""
    while True:
        page = search_articles("same words", after=after)
        seen += [result.article.pk for result in page.items]
        if not page.next_cursor:
            break
        after = page.next_cursor
    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize(
    "query", ["'", '"', "-", "a & | ! ( )", "%", "\\", "<b>", "\ud800", "x" * 5000, ":*", "🛳"]
)
def test_odd_query_is_no_error(query: str) -> None:
    ArticleFactory()
    answer = Client().get("/search/", {"q": query.encode("utf-8", "replace")})
    assert answer.status_code == 200
    search_articles(query)


def test_long_report_is_indexed_by_its_beginning() -> None:
    words = " ".join(f"word{n}" for n in range(150_000))
    ArticleFactory(headline="Long", body=f"<p>needle {words}</p>")
    assert found("needle") == {"Long"}
    assert Article.objects.count() == 1

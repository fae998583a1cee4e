"""A report's history on the desk: the way it took, its revisions compared and restored."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article
from articles.workflow import return_article, submit_article
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory
from tests.articles.test_admin_articles import change_url, form_of_article, log_in

pytestmark = pytest.mark.django_db


def address(name: str, *args: Any) -> str:
    return reverse(f"admin:articles_article_{name}", args=args)


@pytest.fixture
def edited(client: Client) -> Article:
    """A report that was edited twice by the editor who is logged in."""
    log_in(client, "Editor")
    article = ArticleFactory(headline="The bridge", lede="It opens in May.")
    for lede in ("It opens in June.", "It opens in July."):
        client.post(change_url(article), form_of_article(article, lede=lede))
        article.refresh_from_db()
    return article


def test_history_tells_steps_notes_and_revisions(client: Client) -> None:
    editor = log_in(client, "Editor")
    author = UserFactory(role="Author", display_name="Ann")
    article = ArticleFactory(draft=True, created_by=author)
    submit_article(article=article, by=author)
    return_article(article=article, by=editor, note="Which <year>?")
    page = client.get(address("history", article.pk)).content.decode()
    assert "Draft → In review" in page
    assert "Which &lt;year&gt;?" in page
    assert "Ann" in page
    assert page.count('name="from"') == 3  # as it came, in review, draft again


def test_two_revisions_are_compared_in_either_order(client: Client, edited: Article) -> None:
    newest, _middle, oldest = edited.history.all()
    for query in (
        f"?from={oldest.history_id}&to={newest.history_id}",
        f"?from={newest.history_id}&to={oldest.history_id}",
    ):
        context = client.get(address("compare", edited.pk) + query).context
        assert (context["old"], context["new"]) == (oldest, newest)
        assert [d.name for d in context["differences"]] == ["lede"]
    page = client.get(address("compare", edited.pk)).content.decode()  # the last two
    assert "June" in page
    assert "July" in page


@pytest.mark.parametrize("query", ["from=x", "from=0", "to=-1", "from=٣", f"to={'9' * 30}"])
def test_compare_with_what_is_no_revision_is_not_found(
    client: Client, edited: Article, query: str
) -> None:
    assert client.get(f"{address('compare', edited.pk)}?{query}").status_code == 404


def test_revision_of_another_report_is_neither_shown_nor_restored(
    client: Client, edited: Article
) -> None:
    other = ArticleFactory(lede="Secret")
    client.post(change_url(other), form_of_article(other, lede="Changed"))
    foreign = other.history.last()
    compare = f"{address('compare', edited.pk)}?from={foreign.history_id}"
    assert client.get(compare).status_code == 404
    assert client.post(address("restore", edited.pk, foreign.history_id)).status_code == 404


def test_restoring_is_a_new_revision(client: Client, edited: Article) -> None:
    oldest = edited.history.last()
    assert client.get(address("restore", edited.pk, oldest.history_id)).status_code == 404
    client.post(address("restore", edited.pk, oldest.history_id))
    edited.refresh_from_db()
    assert edited.lede == "It opens in May."
    assert edited.history.count() == 4
    assert edited.version == 3


def test_author_looks_at_the_history_of_a_published_report_but_restores_nothing(
    client: Client, edited: Article
) -> None:
    log_in(client, "Author")
    assert client.get(address("history", edited.pk)).status_code == 200
    page = client.get(address("compare", edited.pk)).content.decode()
    assert "Restore the one" not in page
    oldest = edited.history.last()
    assert client.post(address("restore", edited.pk, oldest.history_id)).status_code == 403
    edited.refresh_from_db()
    assert edited.lede == "It opens in July."


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30, "x", "%00"])
def test_history_of_no_report(client: Client, number: str) -> None:
    log_in(client, "Editor")
    assert client.get(f"/admin/articles/article/{number}/history/").status_code in {302, 400, 404}


def test_report_without_revisions_has_nothing_to_compare(client: Client) -> None:
    log_in(client, "Editor")
    article = ArticleFactory()
    assert client.get(address("compare", article.pk)).status_code == 404
    assert "There are none yet" in client.get(address("history", article.pk)).content.decode()

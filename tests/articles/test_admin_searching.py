"""The desk's search: the whole text, drafts too, and a part of a headline."""

import re

import pytest
from django.test import Client

from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    ArticleFactory(headline="Ferries return", body="<p>The night boat sails.</p>", draft=True)
    ArticleFactory(headline="Other", body="<p>A boat by night.</p>")
    return client


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sailing", {"Ferries return"}),
        ('"night boat"', {"Ferries return"}),
        ("boat -sails", {"Other"}),
        ("boat", {"Ferries return", "Other"}),
        ("ferri", {"Ferries return"}),
        ("zeppelin", set()),
        ("x" * 500, set()),
        ("", {"Ferries return", "Other"}),
    ],
)
def test_list_is_searched_by_the_whole_text(client: Client, query: str, expected: set[str]) -> None:
    page = client.get("/admin/articles/article/", {"q": query})
    assert page.status_code == 200
    found = {str(article) for article in page.context["cl"].result_list}
    assert found == expected
    assert re.search("an exact phrase", page.text)


def test_related_reports_are_found_while_typing(client: Client) -> None:
    asked = {"term": "ferri", "app_label": "articles", "model_name": "article",
             "field_name": "related"}  # fmt: skip
    answer = client.get("/admin/autocomplete/", asked).json()
    assert [row["text"] for row in answer["results"]] == ["Ferries return"]

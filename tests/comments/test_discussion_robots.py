"""Which pages of a discussion search engines may show."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.articles.factories import ArticleFactory

pytestmark = pytest.mark.django_db


def robots_of(address: str) -> str:
    soup = BeautifulSoup(Client().get(address).content, "html.parser")
    assert soup.find("meta", attrs={"name": "description"})
    found = soup.find("meta", attrs={"name": "robots"})
    return str(found["content"]) if found else ""


def test_the_discussion_may_be_found_and_its_other_orders_may_not() -> None:
    address = f"{ArticleFactory().get_absolute_url()}comments/"

    assert robots_of(address) == ""
    for query in ("sort=top", "sort=oldest", "filter=featured", "filter=inline"):
        assert robots_of(f"{address}?{query}") == "noindex, follow"

"""The publication is read again only once it may have changed."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from articles.middleware import PublicationMiddleware
from articles.models import MenuItem, Publication
from pagecache.store import EVERYTHING
from pagecache.wsgi import PageCache
from tests.served import Site, nowhere

pytestmark = pytest.mark.django_db


class Reading:
    """The middleware, asked as the page cache asks it."""

    def __init__(self) -> None:
        self.middleware = PublicationMiddleware(self.view)

    @staticmethod
    def view(request: HttpRequest) -> HttpResponse:
        publication = request.publication  # type: ignore[attr-defined]
        labels = [item["label"] for item in publication.menus["header"]]
        return HttpResponse(f"{publication.name} {labels} {translation.get_language()}")

    def __call__(self, generation: object | None = None) -> str:
        told = {} if generation is None else {"pagecache.generation": generation}
        return self.middleware(RequestFactory().get("/", **told)).text


@pytest.fixture
def publication() -> Publication:
    publication, _ = Publication.objects.update_or_create(pk=1, defaults={"name": "First"})
    return publication


def test_publication_of_one_generation_is_read_once(
    publication: Publication, django_assert_num_queries: Any
) -> None:
    ask, generation = Reading(), object()
    with django_assert_num_queries(1):
        assert {ask(generation) for _ in range(3)} == {"First [] en"}


def test_another_generation_is_read_anew(publication: Publication) -> None:
    ask = Reading()
    assert ask(object()) == "First [] en"
    Publication.objects.update(name="Zweite", language="de")
    MenuItem.objects.create(label="Sport", url="/sport/")
    assert ask(object()) == "Zweite ['Sport'] de"


def test_nothing_is_kept_while_nothing_is_heard(publication: Publication) -> None:
    ask, generation = Reading(), object()
    ask(generation)
    Publication.objects.update(name="Second")
    assert ask() == "Second [] en"
    Publication.objects.update(name="Third")
    assert ask() == "Third [] en"
    # What was read meanwhile does not take the place of what belongs to the generation.
    assert ask(generation) == "First [] en"


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_page_cache_tells_of_each_change_of_everything_and_only_while_it_hears(
    method: str,
) -> None:
    told: list[object] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        told.append(environ.get("pagecache.generation"))
        start_response("200 OK", [("Content-Type", "text/plain"), ("Cache-Control", "private")])
        return [b"own"]

    cache = PageCache(application, limit=1_000_000, connect=nowhere)
    cache._is_listening = True
    site = Site(cache)

    def ask() -> object:
        site.get("/personal/", method=method)
        return told[-1]

    cache.listener.heard_until = float("inf")
    first = ask()
    assert first is not None
    assert ask() is first
    cache.store.invalidate({"article:1"})
    assert ask() is first
    cache.store.invalidate({EVERYTHING, "article:1"})
    second = ask()
    assert second not in {None, first}
    cache.listener.heard_until = 0.0
    assert ask() is None
    cache.forget()  # another process than the one that listened
    cache.listener.heard_until = float("inf")
    cache._is_listening = True
    assert ask() not in {None, first, second}

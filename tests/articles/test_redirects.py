"""Old addresses lead to where things are now, for ever."""

from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Page, Redirect
from articles.redirects import remember_old_path
from tests.articles.factories import (
    ArticleFactory,
    AuthorFactory,
    SectionFactory,
    SeriesFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db


def rename(thing: Any, slug: str) -> None:
    thing.slug = slug
    thing.save()


def target(client: Client, address: str) -> str | None:
    """Return where an address redirects for ever, None where it does not."""
    response = client.get(address)
    if response.status_code != 301:
        return None
    return str(response["Location"])


@pytest.mark.parametrize(
    "factory", [ArticleFactory, SectionFactory, SeriesFactory, TagFactory, AuthorFactory]
)
def test_changed_slug_redirects(client: Client, factory: Any) -> None:
    thing = factory(slug="before")
    old = thing.get_absolute_url()
    rename(thing, "after")
    assert target(client, old) == thing.get_absolute_url()
    rename(thing, "later")
    assert target(client, old) == thing.get_absolute_url()  # no chain
    assert client.get(thing.get_absolute_url()).status_code == 200


def test_changed_slug_of_a_page_redirects(client: Client) -> None:
    page = Page.objects.create(title="About", slug="about")
    rename(page, "about-us")
    assert target(client, "/pages/about/") == "/pages/about-us/"


def test_what_belongs_to_a_thing_goes_along_with_the_query(client: Client) -> None:
    article, section = ArticleFactory(slug="old"), SectionFactory(slug="old")
    rename(article, "new")
    rename(section, "new")
    for old, new in (
        ("/articles/old/comments/?sort=top", "/articles/new/comments/?sort=top"),
        ("/articles/old/comments/feed/", "/articles/new/comments/feed/"),
        ("/articles/old/comments/news/", "/articles/new/comments/news/"),
        ("/articles/old/comments/new/?ids=1", "/articles/new/comments/new/?ids=1"),
        ("/articles/old/changes/", "/articles/new/changes/"),
        ("/articles/old/?utm_source=x&a=%C3%A9", "/articles/new/?utm_source=x&a=%C3%A9"),
        ("/sections/old/feed/", "/sections/new/feed/"),
        ("/sections/old/feed/atom/", "/sections/new/feed/atom/"),
        ("/sections/old/feed/json/", "/sections/new/feed/json/"),
    ):
        assert target(client, old) == new


def test_names_of_any_script_redirect(client: Client) -> None:
    article = ArticleFactory(slug="мост")
    old = article.get_absolute_url()
    assert "%" in old
    rename(article, "大桥")
    assert target(client, old) == article.get_absolute_url()


def test_renaming_back_makes_no_loop(client: Client) -> None:
    article = ArticleFactory(slug="one")
    for slug in ("two", "one", "two", "one"):
        rename(article, slug)
    assert client.get("/articles/one/").status_code == 200
    assert target(client, "/articles/two/") == "/articles/one/"
    Article.objects.update(status="draft", published_at=None)
    assert client.get("/articles/one/").status_code == 404
    assert client.get("/articles/two/").status_code == 404


def test_new_thing_with_the_old_slug_wins(client: Client) -> None:
    article = ArticleFactory(slug="taken")
    rename(article, "moved")
    ArticleFactory(slug="taken", headline="The new one")
    assert "The new one" in client.get("/articles/taken/").content.decode()


def test_address_of_what_readers_may_not_see_is_not_told(client: Client) -> None:
    draft = ArticleFactory(draft=True, slug="secret-before")
    rename(draft, "secret-after")
    hidden = Page.objects.create(title="Hidden", slug="hidden", is_public=False)
    rename(hidden, "hidden-after")
    for address in ("/articles/secret-before/", "/pages/hidden/"):
        response = client.get(address)
        assert response.status_code == 404
        assert b"after" not in response.content


def test_withdrawn_report_is_found_gone_under_its_old_address(client: Client) -> None:
    article = ArticleFactory(slug="before")
    rename(article, "after")
    Article.objects.update(status="withdrawn")
    assert client.get("/articles/before/", follow=True).status_code == 410


@pytest.mark.parametrize(
    ("old_path", "asked"),
    [
        ("/2019/05/the-bridge/", "/2019/05/the-bridge/"),
        ("/2019/05/the-bridge/", "/2019/05/the-bridge"),
        ("/2019/05/the-bridge", "/2019/05/the-bridge/"),
        ("/2019/05/the-bridge.html", "/2019/05/the-bridge.html"),
        ("/%D0%BC%D0%BE%D1%81%D1%82/", "/%D0%BC%D0%BE%D1%81%D1%82/"),
        ("/мост/", "/%d0%bc%d0%be%d1%81%d1%82/"),
        ("/?p=123", "/?p=123"),
        ("/?page_id=7", "/?page_id=7"),
        ("/?cat=3", "/?cat=3"),
        ("/?attachment_id=9", "/?attachment_id=9&preview=1"),
        ("/blog/?p=12", "/blog/?p=12"),
    ],
)
def test_addresses_of_an_imported_site_redirect(client: Client, old_path: str, asked: str) -> None:
    article = ArticleFactory(slug="the-bridge")
    assert remember_old_path(old_path, article)
    assert target(client, asked) == "/articles/the-bridge/"


def test_old_feeds_redirect(client: Client) -> None:
    section = SectionFactory(slug="city")
    remember_old_path("/category/city/", section)
    for form in ("feed/", "feed/rss2/", "feed/rdf/", "feed"):
        assert target(client, f"/category/city/{form}") == "/sections/city/feed/"
    assert target(client, "/category/city/feed/atom/") == "/sections/city/feed/atom/"
    for address in ("/feed/rss2/", "/feed/rss/", "/feed/rdf/"):
        assert target(client, address) == "/feed/"


@pytest.mark.parametrize(
    "address",
    [
        "/?p=",
        "/?p=x",
        "/?p=999",
        "/?p=" + "9" * 700,
        "/?p=1&p=2",
        "/?cat=%C3%28",
        "/?author=%E2%80%A8",
    ],
)
def test_number_of_nothing_shows_the_front_page(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/no/such/thing/", "/" + "x" * 3_000, "/%F0%9F%9B%B6/", "/feed/feed/feed/",
     "/../..//", "/a%0d%0ab/", "/comments/feed/"],
)  # fmt: skip
def test_address_of_nothing_is_not_found(client: Client, address: str) -> None:
    remember_old_path("/x/", ArticleFactory())
    assert client.get(address).status_code == 404


def test_only_what_is_not_found_costs_a_query(
    client: Client, django_assert_num_queries: Any
) -> None:
    section = SectionFactory()
    client.get(section.get_absolute_url())
    with django_assert_num_queries(3) as found:
        client.get("/nothing/")
    assert sum("articles_redirect" in query["sql"] for query in found.captured_queries) == 1
    with django_assert_num_queries(5) as found:
        client.get(section.get_absolute_url())
    assert not any("articles_redirect" in query["sql"] for query in found.captured_queries)


def test_what_is_posted_to_an_old_address_goes_along(client: Client) -> None:
    """A reader writes while an editor changes the slug: the comment must not be lost."""
    article = ArticleFactory(slug="before")
    rename(article, "after")
    answer = client.post("/articles/before/comments/", {"body": "x"})
    assert answer.status_code == 308  # the browser sends the same again
    assert answer["Location"] == "/articles/after/comments/"
    typed = {"body": "Typed with care.", "name": "A", "email": "a@example.org"}
    posted = client.post("/articles/before/comments/", typed, follow=True)
    assert "Typed with care." in posted.content.decode()
    assert client.post("/articles/nowhere/comments/", {"body": "x"}).status_code == 404


def test_path_that_is_too_long_or_none_is_not_kept() -> None:
    article = ArticleFactory()
    for path in ("/" + "x" * 700, "no-slash", "/a\x00b"):
        assert not remember_old_path(path, article)
    assert not Redirect.objects.exists()

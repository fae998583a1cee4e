"""Saved reports: kept in the browser, read without a connection, fresh with one."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from articles.models import Article
from articles.workflow import withdraw_article
from tests.articles.factories import ArticleFactory
from tests.browser.conftest import DESK, PHONE

type Visitor = Callable[..., Page]


@pytest.fixture
def reader(visitor: Visitor) -> Page:
    return visitor()


@pytest.fixture(autouse=True)
def _no_connection_is_no_fault(visitor: Any) -> None:
    """Chromium notes each request that found no connection; those are what is tried here."""
    note = visitor._note
    visitor._note = lambda message: "ERR_INTERNET_DISCONNECTED" in message.text or note(message)


def save(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    page.get_by_role("button", name="Save for later").click()
    expect(page.locator("[data-save-said]")).to_have_text(
        "Saved. You can read it without a connection."
    )
    expect(page.get_by_role("button", name="Saved: remove", pressed=True)).to_be_visible()


def test_saved_report_is_read_without_a_connection(reader: Page) -> None:
    kept = ArticleFactory(headline="The kept one", body="<p>Read it on the ferry.</p>")
    other = ArticleFactory(headline="Another one")
    save(reader, kept)
    reader.context.set_offline(True)
    reader.reload()
    expect(reader.locator("#article")).to_contain_text("Read it on the ferry.")
    assert reader.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith(
        "Newsreader"
    )

    # Anything else says that it is not there, and what is.
    reader.goto(other.get_absolute_url())
    expect(reader.locator("[data-offline]")).to_be_visible()
    reader.get_by_role("link", name="The kept one").click()
    expect(reader.locator("h1")).to_have_text("The kept one")
    reader.goto("/saved/")
    expect(reader.locator("[data-offline]")).to_be_hidden()
    expect(reader.locator(".saved__report")).to_have_count(1)


def test_network_comes_first_and_what_was_withdrawn_is_dropped(reader: Page) -> None:
    article = ArticleFactory(headline="Before")
    save(reader, article)
    Article.objects.filter(pk=article.pk).update(headline="After")
    reader.reload()
    expect(reader.locator("h1")).to_have_text("After")
    reader.goto("/saved/")
    expect(reader.get_by_role("link", name="After")).to_be_visible()

    withdraw_article(article=article, by=None, notice="It was wrong.")
    answer = reader.goto(article.get_absolute_url())
    assert answer is not None
    assert answer.status == 410
    reader.goto("/saved/")
    expect(reader.get_by_text("Nothing is saved yet.")).to_be_visible()


def test_saved_reports_are_removed_one_by_one_or_all(reader: Page) -> None:
    for name in "ABC":
        save(reader, ArticleFactory(headline=f"Report {name}"))
    reader.goto("/saved/")
    expect(reader.locator(".saved__headline")).to_have_text(["Report C", "Report B", "Report A"])
    reader.get_by_role("button", name="Remove: Report B").click()
    expect(reader.locator(".saved__headline")).to_have_text(["Report C", "Report A"])
    reader.get_by_role("button", name="Remove all").click()
    expect(reader.get_by_text("Nothing is saved yet.")).to_be_visible()
    reader.goto(Article.objects.get(headline="Report A").get_absolute_url())
    expect(reader.get_by_role("button", name="Save for later", pressed=False)).to_be_visible()


def test_nothing_private_is_kept(reader: Page) -> None:
    save(reader, ArticleFactory())
    reader.reload()  # from here on the worker sees every request
    reader.goto("/accounts/login/")
    reader.goto("/saved/")
    reader.wait_for_function("caches.has('shell')")
    kept = reader.evaluate(
        """async () => {
            const names = await caches.keys();
            const caught = await Promise.all(names.map((name) => caches.open(name)));
            const keys = await Promise.all(caught.map((one) => one.keys()));
            return keys.flat().map((key) => new URL(key.url).pathname);
        }"""
    )
    assert any(path.startswith("/articles/") for path in kept)
    assert not [
        path
        for path in kept
        if not path.startswith(("/articles/", "/static/", "/media/", "/identity-", "/saved/"))
    ]


def test_without_script_nothing_is_promised(visitor: Visitor) -> None:
    page = visitor(java_script_enabled=False)
    page.goto(ArticleFactory().get_absolute_url())
    expect(page.locator("[data-save]")).to_be_hidden()
    page.goto("/saved/")
    expect(page.get_by_text("Saving reports needs JavaScript")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_saved_page_is_accessible(visitor: Visitor, scheme: str, viewport: dict[str, int]) -> None:
    page = visitor(viewport=viewport, color_scheme=scheme, bypass_csp=True)  # axe writes styles
    save(page, ArticleFactory(headline="Donaudampfschifffahrt" * 6))
    page.goto("/saved/")
    expect(page.locator(".saved__report")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def test_manifest_is_found_and_has_no_fault(reader: Page) -> None:
    reader.goto("/")
    found = reader.context.new_cdp_session(reader).send("Page.getAppManifest")
    assert found["url"].endswith("/manifest.webmanifest")
    assert found["errors"] == []

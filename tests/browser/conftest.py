"""A real Chromium for the journeys of readers and editors."""

import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.conftest import missing

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
OWN_HOSTS = {"127.0.0.1", "localhost"}
AT_WORK = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend' AND state <> 'idle'"""
PATIENCE = 10  # seconds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as a browser test that commits, as a server's threads must see it."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=False))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without the background calls that a closed network refuses."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=executable,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )


class Visitors:
    """Opens one context, and so one set of cookies, per person; collects what went wrong in it."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser, self.base_url = browser, base_url
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def __call__(self, **options: Any) -> Page:
        """Return a page of a new visitor; options are Playwright's for a context."""
        options = {"viewport": DESK, "locale": "en-GB", **options}
        context = self.browser.new_context(base_url=self.base_url, **options)
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        context.on("request", self._note_request)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("console", self._note)
        return page

    def _note_request(self, request: Request) -> None:
        # Where a link leads is the reader's own wish; what a page fetches by itself is not.
        address = urlsplit(request.url)
        is_elsewhere = address.scheme in {"http", "https"} and address.hostname not in OWN_HOSTS
        if is_elsewhere and not request.is_navigation_request():
            self.errors.append(f"Another site was asked for {request.url}")

    def _note(self, message: Any) -> None:
        # A refused form (4xx) is part of the journeys; a script's failure or a CSP report is not.
        if message.type == "error" and "status of 4" not in message.text:
            self.errors.append(message.text)


@pytest.fixture
def visitor(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Open pages as different people; the test fails when a script failed, the CSP refused or
    a page asked another site for anything.
    """
    visitors = Visitors(browser, live_server.url)
    yield visitors
    for context in visitors.contexts:
        context.close()
    let_server_end()
    assert visitors.errors == []


def let_server_end() -> None:
    """Wait until the server has ended what pages asked for last.

    Otherwise it and who empties the database after the test may wait for each other.
    """
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(AT_WORK)
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.02)


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    """One visitor's page at 1280 px."""
    return visitor()

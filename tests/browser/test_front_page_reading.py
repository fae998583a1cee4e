"""The front page as readers have it: times in words, and strips that are laid out when near."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.articles.factories import ArticleFactory, SectionFactory
from tests.browser.conftest import PHONE

SECTIONS = 6
WATCH_SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shifts.push(entry.value);
  }).observe({ type: "layout-shift", buffered: true });
}"""
IS_LAID_OUT = "(strip) => strip.firstElementChild.checkVisibility({ contentVisibilityAuto: true })"


@pytest.fixture
def reports() -> None:
    """Reports of six sections, each an hour older than the one before."""
    now = timezone.now()
    sections = [
        SectionFactory(name=f"Part {number}", position=number) for number in range(SECTIONS)
    ]
    for number in range(SECTIONS * 7):
        ArticleFactory(
            headline=f"Report {number} of the works at the harbour, which go on and on",
            section=sections[number % SECTIONS],
            published_at=now - timedelta(hours=number + 1, minutes=5),
        )


@pytest.mark.usefixtures("reports")
def test_times_are_told_in_words_with_the_exact_time_on_hover(page: Page) -> None:
    page.goto("/")
    times = page.locator("time[data-relative]")
    expect(times.first).to_have_text("1 hour ago")
    expect(times.nth(2)).to_have_text("3 hours ago")
    expect(times.first).to_have_attribute("title", re.compile(r"\d{4} at \d"))


@pytest.mark.usefixtures("reports")
def test_a_strip_is_laid_out_when_the_reader_comes_near_and_nothing_moves(
    visitor: Callable[..., Page],
) -> None:
    page = visitor(viewport=PHONE)
    page.goto("/")
    page.evaluate(WATCH_SHIFTS)
    last = page.locator(".front ~ .strip").nth(SECTIONS - 1)
    assert not last.evaluate(IS_LAID_OUT)
    # Who reads by ear finds it all the same.
    expect(last.get_by_role("heading", name=f"Part {SECTIONS - 1}")).to_be_attached()
    for _ in range(200):
        if page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 1"):
            break
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(50)
    assert last.evaluate(IS_LAID_OUT)
    assert sum(page.evaluate("shifts")) < 0.001


@pytest.mark.usefixtures("reports")
def test_keys_reach_a_strip_that_was_not_laid_out_and_show_it(
    visitor: Callable[..., Page],
) -> None:
    page = visitor(viewport=PHONE, java_script_enabled=False)
    page.goto("/")
    link = page.locator(".front ~ .strip").last.get_by_role("link").first
    page.keyboard.press("Shift+Tab")  # from the end of the page: the footer, then the last strips
    for _ in range(60):
        if link.evaluate("(link) => link === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()

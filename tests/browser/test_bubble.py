"""The bubble: a way to the form that speaks once, and goes when it is told to."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from comments.models import Discussion
from tests.articles.factories import ArticleFactory
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_discussion import Reader
from tests.browser.test_quality import problems
from tests.comments.factories import CommentFactory, DiscussionFactory

type Visitor = Callable[..., Page]
WORDS = "Would love your thoughts, please comment."


@pytest.fixture
def article() -> Article:
    """A long report with two comments, one with replies."""
    article = ArticleFactory(body="<p>A line of the report. </p>" * 120)
    root = CommentFactory(discussion=DiscussionFactory(article=article))
    CommentFactory(parent=root)
    return article


def to_the_end(page: Page) -> None:
    """Scroll as a reader does until the last of the text is seen."""
    page.evaluate("document.querySelector('.article__foot').scrollIntoView({block: 'end'})")


@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_bubble_speaks_once_per_visit_after_the_text_is_read(
    article: Article, visitor: Visitor, viewport: dict[str, int]
) -> None:
    page = visitor(viewport=viewport)
    page.clock.install()
    page.goto(article.get_absolute_url())
    bubble = page.locator("#comment-bubble")
    expect(bubble.get_by_role("link", name="2 comments. Write one")).to_be_visible()
    page.clock.run_for(60_000)
    expect(bubble.get_by_role("status")).to_be_empty()
    to_the_end(page)
    expect(bubble.get_by_role("status")).to_have_text(WORDS)
    page.reload()
    page.clock.run_for(3_000)
    to_the_end(page)
    page.clock.run_for(60_000)
    expect(bubble.get_by_role("status")).to_be_empty()


def test_bubble_speaks_to_who_reads_slowly(article: Article, page: Page) -> None:
    page.clock.install()
    page.goto(article.get_absolute_url())
    page.evaluate(
        """() => { const box = document.querySelector(".article__body").getBoundingClientRect();
        scrollTo(0, box.top + box.height * 0.7 - innerHeight) }"""
    )
    page.clock.run_for(25_000)
    expect(page.locator("#comment-bubble [role=status]")).to_be_empty()
    page.clock.run_for(6_000)
    expect(page.locator("#comment-bubble [role=status]")).to_have_text(WORDS)


def test_bubble_is_closed_for_good(article: Article, page: Page) -> None:
    page.goto(article.get_absolute_url())
    Reader(page, by_keys=True).use(page.get_by_role("button", name="Close"))
    expect(page.locator("#comment-bubble")).to_be_hidden()
    expect(page.locator("#main")).to_be_focused()
    page.goto(ArticleFactory().get_absolute_url())
    expect(page.locator("#comment-bubble")).to_be_hidden()


def test_bubble_is_reached_by_keys_where_the_form_is_in_view(article: Article, page: Page) -> None:
    page.goto(article.get_absolute_url())
    bubble = page.locator("#comment-bubble")
    page.locator("#comments form[data-comment-form] textarea").first.focus()
    expect(bubble).to_have_css("opacity", "0")
    page.locator("#comments article a").last.focus()
    page.keyboard.press("Tab")
    expect(bubble.locator(".bubble__link")).to_be_focused()
    expect(bubble).to_have_css("opacity", "1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_bubble_leads_into_the_form_by_keyboard(article: Article, page: Page) -> None:
    page.clock.install()
    page.goto(article.get_absolute_url())
    page.clock.run_for(3_000)
    to_the_end(page)
    words = page.get_by_role("link", name=WORDS)
    expect(words).to_be_visible()
    words.focus()
    page.keyboard.press("Escape")
    expect(words).to_have_count(0)
    expect(page.locator("#comment-bubble .bubble__link")).to_be_focused()
    page.keyboard.press("Enter")
    field = page.locator("#comments form[data-comment-form] textarea").first
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
    expect(page.locator("#comment-bubble")).to_have_css("opacity", "0")  # the form is in view


def test_bubble_is_away_while_an_answer_is_written(article: Article, page: Page) -> None:
    for _ in range(12):
        CommentFactory(discussion=article.discussion)
    page.goto(article.get_absolute_url())
    bubble = page.locator("#comment-bubble")
    page.locator("#comment-list article").nth(5).get_by_role("link", name="Reply").click()
    form = page.locator("form[data-reply-to]")
    form.evaluate("form => form.scrollIntoView({block: 'center'})")
    expect(bubble).to_have_css("opacity", "0")
    page.keyboard.press("Escape")
    page.evaluate("scrollTo(0, 0)")
    expect(bubble).to_have_css("opacity", "1")


def test_bubble_is_a_link_to_the_form_without_javascript(
    article: Article, visitor: Visitor
) -> None:
    page = visitor(java_script_enabled=False)
    page.goto(article.get_absolute_url())
    expect(page.locator("#comment-bubble button")).to_be_hidden()
    page.locator("#comment-bubble a").click()
    expect(page.locator("#comments textarea").first).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK, {"width": 320, "height": 600}])
def test_bubble_passes_axe_stays_inside_and_is_large_enough(
    article: Article, visitor: Visitor, viewport: dict[str, int], scheme: str
) -> None:
    page = visitor(viewport=viewport, color_scheme=scheme, has_touch=True, bypass_csp=True)
    page.clock.install()
    page.goto(article.get_absolute_url())
    page.clock.run_for(3_000)
    to_the_end(page)
    expect(page.get_by_role("link", name=WORDS)).to_be_visible()
    page.clock.run_for(1_000)
    page.evaluate("document.getAnimations().forEach((animation) => animation.finish())")
    assert problems(page) == []
    for part in page.locator("#comment-bubble :is(a, button)").all():
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= viewport["width"]
        assert box["height"] >= 44


def test_closed_discussion_has_no_bubble(page: Page) -> None:
    closed = DiscussionFactory(state=Discussion.State.CLOSED)
    page.goto(closed.article.get_absolute_url())
    expect(page.locator("#comments")).to_be_visible()
    expect(page.locator("#comment-bubble")).to_have_count(0)

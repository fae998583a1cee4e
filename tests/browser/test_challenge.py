"""What looks automatic is asked for a calculation: with scripts, without, and when it fails."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Response, Route, expect

from articles.models import Article
from comments.models import Comment
from tests.articles.factories import ArticleFactory
from tests.browser.conftest import PHONE
from tests.browser.test_quality import problems
from tests.comments.factories import DiscussionFactory


@pytest.fixture
def article(settings: Any) -> Article:
    settings.COMMENT_LIMITS = True
    return DiscussionFactory(article=ArticleFactory(), policy="open").article


def write(page: Page, body: str = "Written by hand.") -> None:
    form = page.locator("form[data-comment-form]").first
    form.get_by_label("Your comment").fill(body)
    form.get_by_label("Name").fill("Ada")
    form.get_by_label("Email").fill("ada@example.org")


def hold_challenge(page: Page) -> list[Route]:
    """Let the page wait for its challenge; return the requests for one, as they come."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/challenge/", hold)
    return held


def take_the_bait(page: Page) -> None:
    page.locator("[name=website]").first.evaluate("field => { field.value = 'x' }")


def post(page: Page) -> None:
    page.get_by_role("button", name="Post the comment").first.click()


def posted(page: Page) -> None:
    expect(page.locator("#comment-list .comment-body").first).to_have_text("Written by hand.")


def test_browser_calculates_and_sends_the_comment_by_itself(article: Article, page: Page) -> None:
    """Under the page's own security policy; what is fetched for it comes from here alone."""
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(article.get_absolute_url())
    assert not any("altcha" in address for address in fetched)
    write(page)
    take_the_bait(page)
    post(page)
    posted(page)
    comment = Comment.objects.get()
    assert comment.is_approved
    expect(page.locator(f"#comment-{comment.pk}")).to_be_focused()
    expect(page.locator("[data-challenge]")).to_have_count(0)
    assert any(address.endswith("pbkdf2-worker.js") for address in fetched)
    base = re.match(r"https?://[^/]+/", page.url)[0]
    assert all(address.startswith((base, "blob:", "data:")) for address in fetched)


def test_what_is_typed_with_care_is_asked_nothing_also_after_a_reload(
    article: Article, page: Page
) -> None:
    refused: list[int] = []

    def note(answer: Response) -> None:
        if answer.status in {400, 429}:
            refused.append(answer.status)

    page.on("response", note)
    with page.expect_response("**/personal/**"):
        page.goto(article.get_absolute_url())
    write(page)
    page.wait_for_timeout(2500)
    with page.expect_response("**/personal/**"):
        page.reload()
    expect(page.get_by_label("Your comment").first).to_have_value("Written by hand.")
    post(page)
    posted(page)
    assert refused == []


def test_what_comes_at_once_is_asked(article: Article, page: Page) -> None:
    with page.expect_response("**/personal/**"):
        page.goto(article.get_absolute_url())
    write(page)
    with page.expect_response(lambda answer: answer.status == 400):
        post(page)
    posted(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_check_that_fails_leaves_the_text_and_a_way_on(
    article: Article, visitor: Callable[..., Page], scheme: str
) -> None:
    page = visitor(viewport=PHONE, color_scheme=scheme, bypass_csp=True)  # axe writes styles
    held = hold_challenge(page)
    page.goto(article.get_absolute_url())
    write(page)
    take_the_bait(page)
    post(page)
    box = page.locator("[data-challenge]")
    expect(box.get_by_text("Your browser is calculating")).to_be_visible()
    expect(box).to_be_focused()
    assert problems(page) == []
    held[0].fulfill(status=429, body="{}", content_type="application/json")
    expect(box.get_by_role("alert")).to_contain_text("does not work here")
    assert problems(page) == []
    # By keyboard to the next thing after the tick box.
    box.get_by_role("checkbox").focus()
    page.keyboard.press("Tab")
    expect(box.get_by_role("button", name="Let a moderator read it first")).to_be_focused()
    page.keyboard.press("Enter")
    posted(page)
    expect(page.locator(".comment__state")).to_contain_text("Awaiting moderation")
    assert not Comment.objects.get().is_approved


def test_check_that_failed_can_be_begun_again(article: Article, page: Page) -> None:
    held = hold_challenge(page)
    page.goto(article.get_absolute_url())
    write(page)
    take_the_bait(page)
    post(page)
    expect(page.get_by_text("Your browser is calculating")).to_be_visible()
    held[0].fulfill(status=429, body="{}", content_type="application/json")
    expect(page.locator("[data-challenge]").get_by_role("alert")).not_to_be_empty()
    page.unroute("**/challenge/")
    page.get_by_role("checkbox", name="Check my browser").click()
    posted(page)


def test_flood_waits_on_the_page_it_is_told_so(article: Article, page: Page, settings: Any) -> None:
    settings.COMMENT_RATES = {**settings.COMMENT_RATES, "newcomer": {"all": (1, 600)}}
    page.request.post(
        f"{article.get_absolute_url()}comments/",
        form={"body": "Spam.", "name": "Spam", "email": "spam@example.org"},
    )
    page.context.clear_cookies()
    page.goto(article.get_absolute_url())
    write(page)
    page.wait_for_timeout(2500)
    with page.expect_response(lambda answer: answer.status == 429):
        post(page)
    posted(page)
    assert Comment.objects.count() == 2


def test_without_scripts_a_moderator_reads_it(
    article: Article, visitor: Callable[..., Page]
) -> None:
    page = visitor(java_script_enabled=False)
    page.goto(article.get_absolute_url())
    write(page)
    page.locator("[name=website]").first.fill("x", force=True)
    post(page)
    expect(page.get_by_role("textbox", name="Your comment")).to_have_value("Written by hand.")
    expect(page.locator("noscript p")).to_be_visible()
    page.get_by_role("button", name="Let a moderator read it first").click()
    expect(page.get_by_text("Awaiting moderation")).to_be_visible()


def test_page_of_its_own_calculates_too(article: Article, visitor: Callable[..., Page]) -> None:
    """As where the scripts of the report's page did not arrive."""
    page = visitor()
    page.route("**/htmx*.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    page.goto(article.get_absolute_url())
    write(page)
    take_the_bait(page)
    post(page)
    expect(page.get_by_role("heading", name="One moment, please")).to_be_visible()
    expect(page.get_by_text("Checked")).to_be_visible()
    page.get_by_role("button", name="Post the comment").click()
    expect(page.locator(".comment-body").first).to_have_text("Written by hand.")

"""Two readers: what the one writes, the other is told of, and sees without losing their place."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from comments.models import Comment, CommentStatus, Discussion
from tests.browser.test_discussion import Reader
from tests.browser.test_quality import problems
from tests.comments.factories import CommentFactory, DiscussionFactory

type Visitor = Callable[..., Page]


@pytest.fixture
def discussion() -> Discussion:
    """Twelve threads of a day ago, one with a reply."""
    discussion = DiscussionFactory()
    for minutes in range(12):
        at = timezone.now() - timedelta(days=1, minutes=minutes)
        CommentFactory(discussion=discussion, created_at=at, approved_at=at, body="A line.\n\n" * 5)
    CommentFactory(parent=roots(discussion)[3], approved_at=at, created_at=at)
    return discussion


def roots(discussion: Discussion) -> list[Comment]:
    return list(Comment.objects.filter(discussion=discussion, parent=None).order_by("-created_at"))


def opened(page: Page, discussion: Discussion, query: str = "") -> Page:
    """Open the report with a clock that the test winds."""
    page.clock.install()
    page.goto(f"{discussion.article.get_absolute_url()}{query}")
    return page


def wind(page: Page) -> None:
    """Let the time pass until the page has asked for news."""
    with page.expect_response(lambda answer: answer.url.endswith("/comments/news/")):
        page.clock.run_for(20_500)


def place_of(page: Page, comment: Comment) -> float:
    return float(
        page.locator(f"#comment-{comment.pk}").evaluate("one => one.getBoundingClientRect().top")
    )


def test_new_comments_are_told_and_come_in_without_moving_what_is_read(
    discussion: Discussion, page: Page
) -> None:
    read = roots(discussion)[5]
    answered = roots(discussion)[3]
    opened(page, discussion)
    page.locator(f"#comment-{read.pk}").evaluate(
        "one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 200)"
    )
    first = CommentFactory(discussion=discussion)
    reply = CommentFactory(parent=answered)
    beneath = CommentFactory(parent=reply)
    wind(page)
    button = page.get_by_role("button", name="3 new comments")
    expect(button).to_be_in_viewport()
    expect(page.locator("[data-comments-status]")).to_have_text("3 new comments")
    assert page.locator(f"#comment-{first.pk}").count() == 0

    before = place_of(page, read)
    button.click()
    new = page.locator(f"#comment-{first.pk}")
    expect(new).to_be_focused()
    expect(page.locator("html.is-inserting")).to_have_count(0)
    assert place_of(page, read) == pytest.approx(before, abs=1)
    expect(page.locator("[data-comments-status]")).to_have_text("3 comments were added.")
    expect(button).to_be_hidden()
    expect(page.locator("#comments-title")).to_have_text("16 comments")
    expect(page.locator(".comment__new")).to_have_count(3)
    ids = page.locator("#comment-list article").evaluate_all("all => all.map(one => one.id)")
    assert ids[0] == f"comment-{first.pk}"
    at = ids.index(f"comment-{answered.pk}")
    assert ids[at + 2 : at + 4] == [f"comment-{reply.pk}", f"comment-{beneath.pk}"]
    assert page.locator(f"#comment-{reply.pk} .comment__answers").count() == 0
    thread = page.locator(".thread", has=page.locator(f"#comment-{answered.pk}"))
    expect(thread.locator("summary")).to_have_text("3 replies")


def test_each_number_is_announced_once(discussion: Discussion, page: Page) -> None:
    opened(page, discussion)
    CommentFactory(discussion=discussion)
    wind(page)
    status = page.locator("[data-comments-status]")
    expect(status).to_have_text("1 new comment")
    page.evaluate("document.querySelector('[data-comments-status]').textContent = 'read'")
    wind(page)
    expect(status).to_have_text("read")
    CommentFactory(discussion=discussion)
    wind(page)
    expect(status).to_have_text("2 new comments")


def test_what_is_removed_before_it_is_asked_for_does_not_come(
    discussion: Discussion, page: Page
) -> None:
    opened(page, discussion)
    gone, stays = (CommentFactory(discussion=discussion) for _ in range(2))
    wind(page)
    Comment.objects.filter(pk=gone.pk).update(status=CommentStatus.HELD)
    page.get_by_role("button", name="2 new comments").click()
    expect(page.locator(f"#comment-{stays.pk}")).to_be_focused()
    assert page.locator(f"#comment-{gone.pk}").count() == 0


def test_in_another_order_the_new_stand_apart_and_none_stands_twice(
    discussion: Discussion, page: Page
) -> None:
    for minutes in range(20):
        at = timezone.now() - timedelta(days=2, minutes=minutes)
        CommentFactory(discussion=discussion, created_at=at, approved_at=at)
    opened(page, discussion, "?sort=oldest")
    new = CommentFactory(discussion=discussion)
    wind(page)
    page.get_by_role("button", name="1 new comment").click()
    expect(page.locator(f"[data-live-group] #comment-{new.pk}")).to_be_focused()
    page.get_by_role("link", name="Show more comments").click()
    expect(page.locator("#comment-list article")).to_have_count(34)
    expect(page.locator(f"#comment-{new.pk}")).to_have_count(1)
    expect(page.locator(f"[data-live-group] #comment-{new.pk}")).to_have_count(0)


def test_reply_to_what_is_not_shown_makes_the_count_grow(page: Page) -> None:
    root = CommentFactory()
    for _ in range(30):
        last = CommentFactory(parent=root)
    opened(page, root.discussion)
    expect(page.get_by_role("link", name="10 more replies")).to_be_visible()
    CommentFactory(parent=last)
    wind(page)
    page.get_by_role("button", name="1 new comment").click()
    expect(page.get_by_role("link", name="11 more replies")).to_be_focused()
    expect(page.locator("summary").first).to_have_text("31 replies")


def test_own_comment_is_no_news(discussion: Discussion, page: Page) -> None:
    opened(page, discussion)
    Discussion.objects.update(policy="open")
    form = page.locator("#comments form[data-comment-form]").first
    form.get_by_label("Your comment").fill("Mine.")
    form.get_by_label("Name").fill("Ada")
    form.get_by_label("Email").fill("ada@example.org")
    page.clock.run_for(5_000)
    form.get_by_role("button", name="Post").click()
    expect(page.locator(".comment-body", has_text="Mine.")).to_be_visible()
    wind(page)
    expect(page.locator("[data-live-show]")).to_be_hidden()


def test_first_comment_takes_the_place_of_the_empty_list(page: Page) -> None:
    discussion = DiscussionFactory()
    opened(page, discussion)
    new = CommentFactory(discussion=discussion)
    wind(page)
    Reader(page, by_keys=True).use(page.get_by_role("button", name="1 new comment"))
    expect(page.locator(f"#comment-{new.pk}")).to_be_focused()
    expect(page.locator(".discussion__empty")).to_have_count(0)


def test_new_since_the_last_visit_is_marked_with_a_link_to_the_first(
    discussion: Discussion, visitor: Visitor
) -> None:
    page = visitor(bypass_csp=True)
    address = discussion.article.get_absolute_url()
    page.goto(address)
    expect(page.locator("[data-live-since]")).to_be_hidden()
    expect(page.locator(".comment__new")).to_have_count(0)
    new = CommentFactory(discussion=discussion)
    # Written long ago, and approved only now.
    late = CommentFactory(discussion=discussion, created_at=timezone.now() - timedelta(days=3))
    page.goto(address)
    link = page.get_by_role("link", name="2 new since your last visit")
    expect(link).to_be_visible()
    for comment in (new, late):
        expect(page.locator(f"#comment-{comment.pk} .comment__new")).to_have_text("New")
    expect(page.locator(".comment__new")).to_have_count(2)
    assert problems(page) == []
    link.click()
    expect(page.locator(f"#comment-{new.pk}")).to_be_focused()
    expect(page.locator(f"#comment-{new.pk}")).to_be_in_viewport()
    page.goto("/")
    page.goto(address)
    expect(page.locator("#comment-list article").first).to_be_visible()
    expect(page.locator(".comment__new")).to_have_count(0)


def test_page_asks_less_when_the_site_does_not_answer(discussion: Discussion, page: Page) -> None:
    asked = []
    page.route("**/comments/news/", lambda route: (asked.append(1), route.fulfill(status=429)))
    opened(page, discussion)
    for _ in range(20):
        page.clock.run_for(10_000)
    assert 1 <= len(asked) <= 4


def test_hidden_tab_asks_less_then_no_more_and_at_once_when_it_is_seen(
    discussion: Discussion, page: Page
) -> None:
    asked = []
    page.on("request", lambda one: asked.append(1) if one.url.endswith("/news/") else None)
    opened(page, discussion)

    def see(is_seen: bool) -> None:
        page.evaluate(
            """isSeen => {
            Object.defineProperty(document, "hidden", { value: !isSeen, configurable: true });
            document.dispatchEvent(new Event("visibilitychange")) }""",
            is_seen,
        )

    def asked_in(minutes: int) -> int:
        before = len(asked)
        for _ in range(minutes):
            page.clock.run_for(60_000)
            page.wait_for_timeout(100)  # for the answer, after which the next wait begins
        return len(asked) - before

    see(False)
    assert 3 <= asked_in(8) <= 4
    page.clock.fast_forward(3_600_000)
    page.wait_for_timeout(100)
    assert asked_in(5) == 0
    before = len(asked)
    with page.expect_request("**/comments/news/"):
        see(True)
    assert len(asked) == before + 1

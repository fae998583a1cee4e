"""Every control of a discussion by mouse, by keyboard alone, and without JavaScript."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from articles.models import Article, Publication
from comments.models import Comment, CommentStatus, Report, Subscription
from tests.accounts.factories import PASSWORD, UserFactory
from tests.articles.factories import ArticleFactory
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_quality import problems
from tests.comments.factories import CommentFactory, DiscussionFactory

type Visitor = Callable[..., Page]
ROOTS, REPLIES = 24, 23  # more than come with the page


class Reader:
    """Somebody at a page, who uses it with a mouse, or with nothing but the keys."""

    def __init__(self, page: Page, *, by_keys: bool) -> None:
        self.page, self.by_keys = page, by_keys

    def use(self, control: Locator) -> None:
        """Press a button or follow a link."""
        if not self.by_keys:
            control.click()
            return
        self.reach(control)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        if not self.by_keys:
            field.fill(text)
            return
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def reach(self, control: Locator) -> None:
        """Go to a control by the Tab key, from where the focus is; it must show that it has it."""
        expect(control).to_be_visible()
        for _ in range(400):
            if control.evaluate("element => element === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        expect(control).to_be_focused()
        assert control.evaluate(
            "e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none'"
            " || s.boxShadow !== 'none' }"
        ), "The focus cannot be seen."


@pytest.fixture
def article() -> Article:
    """A report with more threads than a page shows, one of them with more replies than it shows."""
    article: Article = ArticleFactory(headline="The night ferry is back")
    discussion = DiscussionFactory(article=article, policy="open")
    for number in range(ROOTS):
        CommentFactory(
            discussion=discussion, body=f"Thread {number}.", guest_name=f"Guest {number}"
        )
    root = Comment.objects.get(body=f"Thread {ROOTS - 1}.")
    for number in range(REPLIES):
        CommentFactory(parent=root, body=f"Reply {number}.", guest_name="Otto")
    Comment.objects.filter(body="Thread 3.").update(is_featured=True)
    return article


@pytest.fixture(
    params=[
        (DESK, "light", False),
        (PHONE, "dark", False),
        (DESK, "dark", True),
        (PHONE, "light", True),
    ],
    ids=["mouse-wide-light", "mouse-phone-dark", "keys-wide-dark", "keys-phone-light"],
)
def reader(request: pytest.FixtureRequest, visitor: Visitor, article: Article) -> Reader:
    viewport, scheme, by_keys = request.param
    # axe writes styles
    page = visitor(viewport=viewport, color_scheme=scheme, bypass_csp=True)
    page.goto(article.get_absolute_url())
    return Reader(page, by_keys=by_keys)


def newest(page: Page) -> Locator:
    return page.locator("#comment-list > .thread").first


def thread(page: Page, number: int) -> Locator:
    comment = Comment.objects.get(body=f"Thread {number}.")
    return page.locator(f"#comment-{comment.pk}")


def log_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    page.wait_for_url("/")


def sign(reader: Reader, form: Locator, text: str) -> None:
    reader.write(form.get_by_label("Your comment"), text)
    reader.write(form.get_by_label("Name"), "Petra")
    reader.write(form.get_by_label("Email"), "petra@example.org")


def assert_all_is_well(page: Page) -> None:
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_orders_and_filters(reader: Reader) -> None:
    page = reader.page
    sort = page.get_by_role("navigation", name="Sort comments")
    reader.use(sort.get_by_role("link", name="Oldest"))
    expect(newest(page)).to_contain_text("Thread 0.")
    expect(sort.get_by_role("link", name="Oldest")).to_be_focused()
    expect(sort.get_by_role("link", name="Oldest")).to_have_attribute("aria-current", "true")
    for name in ("Most voted", "Best", "Most discussed"):
        reader.use(sort.get_by_role("link", name=name))
        expect(sort.get_by_role("link", name=name)).to_have_attribute("aria-current", "true")
        expect(sort.get_by_role("link", name=name)).to_be_focused()
    expect(newest(page)).to_contain_text(f"{REPLIES} replies")

    reader.use(page.get_by_role("link", name="Editor's picks"))
    expect(page.get_by_role("link", name="Editor's picks")).to_be_focused()
    expect(page.locator("#comment-list .thread")).to_have_count(1)
    expect(newest(page)).to_contain_text("Thread 3.")
    assert_all_is_well(page)
    reader.use(page.get_by_role("link", name="View all comments"))
    expect(page.locator("#comment-list .thread")).to_have_count(20)

    # The order that was chosen is there again, the next time and in another report.
    page.reload()
    expect(sort.get_by_role("link", name="Most discussed")).to_have_attribute(
        "aria-current", "true"
    )


def test_more_comments_and_more_replies_come_in_their_place(reader: Reader) -> None:
    page = reader.page
    before = page.locator("#comment-list article").count()
    reader.use(newest(page).get_by_role("link", name="3 more replies"))
    expect(newest(page).locator("article")).to_have_count(1 + REPLIES)
    expect(page.locator("article:focus")).to_contain_text("Reply")
    assert page.locator("#comment-list article").count() > before
    reader.use(page.get_by_role("link", name="Show more comments"))
    expect(page.locator("#comment-list .thread")).to_have_count(ROOTS)
    expect(page.locator("article:focus")).to_contain_text("Thread 3.")
    expect(page.get_by_role("link", name="Show more comments")).to_have_count(0)
    # Each is there once.
    ids = page.locator("#comment-list article").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids)) == ROOTS + REPLIES
    assert_all_is_well(page)


def test_thread_is_folded_and_unfolded(reader: Reader) -> None:
    page = reader.page
    reply = newest(page).get_by_text("Reply 0.")
    expect(reply).to_be_visible()
    reader.use(newest(page).locator("summary").first)
    expect(reply).to_be_hidden()
    reader.use(newest(page).locator("summary").first)
    expect(reply).to_be_visible()


def test_vote_is_cast_changed_and_taken_back(reader: Reader) -> None:
    page = reader.page
    comment = thread(page, ROOTS - 2)
    up, down = (comment.get_by_role("button", name=f"Vote {way}") for way in ("up", "down"))
    score = comment.locator(".vote__score")
    for button, expected, pressed in (
        (up, "1", "true"), (down, "-1", "true"), (down, "0", "false"), (up, "1", "true"),
    ):  # fmt: skip
        reader.use(button)
        expect(score).to_have_text(re.compile(rf"Votes:\s+{expected}$"))
        expect(button).to_be_focused()
        expect(button).to_have_attribute("aria-pressed", pressed)
    page.reload()
    expect(up).to_have_attribute("aria-pressed", "true")
    assert_all_is_well(page)


def test_comment_is_previewed_posted_changed_and_deleted(reader: Reader) -> None:
    page = reader.page
    form = page.locator("#comments > form[data-comment-form]")
    # A mistake: the form comes back with the text, and the focus is on the field that it is about.
    reader.write(form.get_by_label("Your comment"), "A *careful* thought.")
    reader.use(form.get_by_role("button", name="Post the comment"))
    name = form.get_by_label("Name")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description(re.compile("Give the name to show"))
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Your comment")).to_have_value("A *careful* thought.")
    assert_all_is_well(page)

    sign(reader, form, "A *careful* thought.")
    reader.use(form.get_by_role("button", name="Preview"))
    preview = form.get_by_role("region", name="Preview")
    expect(preview).to_be_focused()
    expect(preview.locator("em")).to_have_text("careful")
    assert_all_is_well(page)
    reader.use(form.get_by_role("button", name="Post the comment"))
    posted = page.locator("article:focus")
    expect(posted).to_contain_text("A careful thought.")
    expect(page.locator("[data-comments-status]")).to_have_text("A careful thought.")
    expect(form.get_by_label("Your comment")).to_have_value("")
    expect(preview).to_have_count(0)

    # One's own: no votes on it, but it can be changed.
    comment = Comment.objects.get(guest_name="Petra")
    own = page.locator(f"#comment-{comment.pk}")
    expect(own.get_by_role("button", name="Vote up")).to_have_count(0)
    expect(own.get_by_role("link", name="Report")).to_have_count(0)
    reader.use(own.get_by_role("link", name="Edit"))
    expect(page.get_by_role("heading", name="Change your comment")).to_be_visible()
    assert_all_is_well(page)
    reader.write(page.get_by_label("Your comment"), "A second thought.")
    reader.use(page.get_by_role("button", name="Save"))
    expect(own).to_contain_text("A second thought.")
    expect(own).to_contain_text("edited")
    reader.use(own.get_by_role("link", name="Edit"))
    reader.use(page.get_by_role("link", name="Delete…"))
    expect(page.get_by_role("heading", name="Delete your comment?")).to_be_visible()
    assert_all_is_well(page)
    reader.use(page.get_by_role("button", name="Delete it"))
    expect(page.get_by_role("heading", name="The night ferry is back")).to_be_visible()
    expect(own).to_have_count(0)
    comment.refresh_from_db()
    assert comment.status == CommentStatus.DELETED


def test_answer_and_quote_are_written_in_place(reader: Reader) -> None:
    page = reader.page
    comment = thread(page, ROOTS - 2)
    link = comment.get_by_role("link", name=f"Reply to Guest {ROOTS - 2}")
    reader.use(link)
    form = page.locator("form[data-reply-to]")
    expect(form.get_by_label("Your comment")).to_be_focused()
    assert_all_is_well(page)
    # Given up, by key and by button: back to where it began.
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(link).to_be_focused()
    reader.use(link)
    reader.use(form.get_by_role("button", name="Cancel"))
    expect(form).to_have_count(0)
    expect(link).to_be_focused()

    reader.use(comment.get_by_role("link", name="Quote"))
    body = form.get_by_label("Your comment")
    expect(body).to_be_focused()
    expect(body).to_have_value(re.compile(rf"^> Thread {ROOTS - 2}\.\n\n"))
    sign(reader, form, f"> Thread {ROOTS - 2}.\n\nNot so.")
    reader.use(form.get_by_role("button", name="Post the comment"))
    posted = page.locator("article:focus")
    expect(posted).to_contain_text("Not so.")
    expect(posted.locator("blockquote")).to_have_text(f"Thread {ROOTS - 2}.")
    root = Comment.objects.get(body=f"Thread {ROOTS - 2}.")
    assert Comment.objects.get(guest_name="Petra").parent == root
    expect(form).to_have_count(0)
    assert_all_is_well(page)


def test_discussion_is_followed_from_the_bar(reader: Reader) -> None:
    page = reader.page
    bar = page.locator("form[data-follow]")
    reader.write(bar.get_by_label("Send to"), "nonsense")
    reader.use(bar.get_by_role("button", name="Follow"))
    expect(bar.get_by_label("Send to")).to_be_focused()
    expect(bar.get_by_label("Send to")).to_have_accessible_description(re.compile("email address"))
    expect(bar.get_by_label("Send to")).to_have_value("nonsense")
    assert not Subscription.objects.exists()
    reader.write(bar.get_by_label("Send to"), "petra@example.org")
    reader.use(bar.get_by_role("button", name="Follow"))
    expect(bar.get_by_role("status")).to_be_focused()
    expect(bar.get_by_role("status")).to_contain_text("confirm it by the link in the email")
    assert not Subscription.objects.get().confirmed_at
    assert_all_is_well(page)


@pytest.mark.parametrize("reader", [(PHONE, "dark", True)], ids=["keys"], indirect=True)
def test_comment_is_reported(reader: Reader) -> None:
    page = reader.page
    reader.use(thread(page, ROOTS - 2).get_by_role("link", name="Report"))
    expect(page.get_by_role("heading", name="Report a comment")).to_be_visible()
    reader.use(page.get_by_role("button", name="Send the report"))
    reason = page.get_by_role("group", name="What is wrong with it?")
    expect(reason).to_contain_text("Choose")
    assert_all_is_well(page)
    reader.reach(page.get_by_role("radio").first)
    page.keyboard.press("Space")
    reader.write(page.get_by_label("In your words"), "It is not a thread at all.")
    reader.use(page.get_by_role("button", name="Send the report"))
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert_all_is_well(page)
    assert Report.objects.get().text == "It is not a thread at all."


def test_long_comment_and_spoiler_are_opened(visitor: Visitor, article: Article) -> None:
    discussion = article.discussion
    secret = CommentFactory(discussion=discussion, body="It was ||the gardener||.")
    long = CommentFactory(discussion=discussion, body="Words upon words. " * 200)
    for by_keys in (False, True):
        page = visitor(viewport=PHONE)
        page.goto(article.get_absolute_url())
        reader = Reader(page, by_keys=by_keys)
        comment = page.locator(f"#comment-{long.pk}")
        body = comment.locator(".comment-body")
        folded = body.bounding_box()
        reader.use(comment.get_by_role("button", name="Read more"))
        expect(body).to_be_focused()
        unfolded = body.bounding_box()
        assert folded
        assert unfolded
        assert unfolded["height"] > 2 * folded["height"]

        spoiler = page.locator(f"#comment-{secret.pk}").get_by_role("group")
        expect(spoiler).to_match_aria_snapshot("- group: Spoiler")
        reader.use(spoiler.locator("summary"))
        expect(spoiler).to_match_aria_snapshot("- group: Spoiler the gardener")


def test_site_without_votes_down(visitor: Visitor, article: Article) -> None:
    Publication.objects.update_or_create(pk=1, defaults={"downvotes": False})
    page = visitor()
    page.goto(article.get_absolute_url())
    comment = thread(page, ROOTS - 2)
    comment.get_by_role("button", name="Vote up").click()
    expect(comment.locator(".vote__score")).to_have_text(re.compile(r"1$"))
    expect(comment.get_by_role("button")).to_have_count(1)
    page.reload()
    expect(comment.get_by_role("button")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_all_of_it_without_javascript(visitor: Visitor, article: Article, viewport: Any) -> None:
    page = visitor(java_script_enabled=False, viewport=viewport)
    address = article.get_absolute_url()
    page.goto(address)
    page.get_by_role("link", name="Most discussed").click()
    expect(newest(page)).to_contain_text(f"Thread {ROOTS - 1}.")
    page.get_by_role("link", name="3 more replies").click()
    expect(page.locator("#comments")).to_contain_text(f"Reply {REPLIES - 1}.")
    page.get_by_role("link", name="View all comments").click()
    page.get_by_role("link", name="Show more comments").click()
    expect(page.locator("#comment-list")).to_contain_text("Thread 0.")
    page.get_by_role("link", name="Editor's picks").click()
    expect(page.locator("#comment-list .thread")).to_have_count(1)

    page.goto(address)
    form = page.locator("#comments > form[data-comment-form]")
    form.get_by_label("Your comment").fill("*Hear* me.")
    form.get_by_label("Name").fill("Petra")
    form.get_by_label("Email").fill("petra@example.org")
    form.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("em")).to_have_text("Hear")
    page.get_by_role("button", name="Post the comment").click()
    comment = Comment.objects.get(guest_name="Petra")
    own = page.locator(f"#comment-{comment.pk}")
    expect(own).to_contain_text("Hear me.")
    page.get_by_role("link", name="You can still change it").click()
    page.get_by_label("Your comment").fill("Heard?")
    page.get_by_role("button", name="Save").click()
    expect(own).to_contain_text("Heard?")
    page.get_by_role("link", name="You can still change it").click()
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Delete it").click()
    expect(own).to_have_count(0)

    page.goto(address)
    thread(page, ROOTS - 2).get_by_role("link", name="Quote").click()
    body = page.locator("#reply").get_by_label("Your comment")
    expect(body).to_have_value(re.compile(rf"> Thread {ROOTS - 2}\."))
    # What others wrote cannot be changed, and the page says why.
    page.get_by_role("link", name="You can still change it").click()
    expect(page.get_by_role("alert")).to_contain_text("Only its writer can change a comment")

    page.goto(address)
    thread(page, ROOTS - 2).get_by_role("link", name="Report").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Report.objects.count() == 1

    page.goto(address)
    bar = page.locator("form[data-follow]")
    bar.get_by_label("Send to").fill("petra@example.org")
    bar.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("status")).to_contain_text("confirm it by the link in the email")


def test_discussion_carries_nothing_of_who_looks_at_it(visitor: Visitor, article: Article) -> None:
    ada = UserFactory.create(display_name="Ada Quisling", email="ada.private@example.org")
    for person in ("guest", "account"):
        page = visitor()
        if person == "account":
            log_in(page, ada.email)
        page.goto(article.get_absolute_url())
        liked = thread(page, ROOTS - 2)
        form = page.locator("#comments > form[data-comment-form]")
        if person == "guest":
            form.get_by_label("Name").fill("Zacharias Unseen")
            form.get_by_label("Email").fill("zacharias.unseen@example.org")
        form.get_by_label("Your comment").fill("Begun and not sent.")
        liked.get_by_role("button", name="Vote up").click()
        expect(liked.locator("[aria-pressed=true]")).to_be_visible()
        page.reload()
        expect(form.get_by_label("Your comment")).to_have_value("Begun and not sent.")
        liked.get_by_role("link", name="Reply").click()
        page.wait_for_load_state("networkidle")
        markup = page.locator("section#comments").evaluate("section => section.outerHTML")
        stored = page.evaluate("JSON.stringify(localStorage)")
        secrets = [cookie["value"] for cookie in page.context.cookies()]
        secrets += [secret for value in secrets for secret in value.split(":")]
        secrets += re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", stored)
        for secret in {
            *secrets, "Zacharias", "zacharias.unseen", "Ada Quisling", "ada.private", "127.0.0.1",
            "csrfmiddlewaretoken",
        }:  # fmt: skip
            if len(secret) > 3:
                assert secret not in markup
        # Nor any address at all, nor anything like a one-time key.
        assert re.search(r"[\w.+-]+@[\w-]+\.\w|[0-9a-f]{8}-[0-9a-f]{4}-", markup) is None

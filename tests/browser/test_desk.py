"""The moderation desk in a browser: by keys, two at once, on a phone, without a script."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from comments.bursts.detecting import detect_burst
from comments.log import record
from comments.models import Comment, Discussion, ModerationEvent, Rule
from comments.moderation.appeals import appeal
from comments.moderation.bans import ban_writer
from tests.accounts.factories import UserFactory
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_discussion import log_in
from tests.browser.test_quality import problems
from tests.comments.bursts.factories import votes_on
from tests.comments.factories import CommentFactory, DiscussionFactory

type Visitor = Callable[..., Page]
ADDRESS = "/admin/moderation/"


@pytest.fixture
def discussion() -> Discussion:
    return DiscussionFactory(policy="open")


def moderator(visitor: Visitor, name: str, **options: Any) -> Page:
    """Log a new moderator in and open the desk."""
    user: User = UserFactory.create(role="Moderator", display_name=name)
    page = visitor(**options)
    log_in(page, user.email)
    page.goto(ADDRESS)
    return page


def card(page: Page, comment: Comment) -> Any:
    return page.locator(f"#case-{comment.pk}")


def test_fifty_are_cleared_by_keys(visitor: Visitor, discussion: Discussion) -> None:
    rows = [
        CommentFactory(discussion=discussion, status="held", body=f"Number {number}.")
        for number in range(50)
    ]
    page = moderator(visitor, "Mo")
    expect(card(page, rows[0])).to_be_focused()
    for number, row in enumerate(rows):
        expect(card(page, row)).to_be_focused()
        # The next one has the focus in the same turn of the browser, long before the answer.
        moved = page.evaluate(
            """key => {
                const before = document.activeElement;
                before.dispatchEvent(
                    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
                return document.activeElement !== before;
            }""",
            "ars"[number % 3],
        )
        assert moved
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    expect(page.locator("[data-count=waiting]")).to_have_text("0")
    assert not Comment.objects.waiting().exists()
    assert ModerationEvent.objects.count() == 50

    page.keyboard.press("u")
    expect(card(page, rows[-1])).to_be_focused()
    expect(page.locator("[data-status]")).to_have_text("Undone.")
    rows[-1].refresh_from_db()
    assert rows[-1].status == "held"
    page.keyboard.press("a")
    expect(card(page, rows[-1])).to_have_count(0)
    expect(page.locator("[data-count=waiting]")).to_have_text("0")
    rows[-1].refresh_from_db()
    assert rows[-1].is_approved


def test_every_key_does_what_the_help_says(visitor: Visitor, discussion: Discussion) -> None:
    first, second = (
        CommentFactory(discussion=discussion, status="held", body=f"Text {n}.") for n in (1, 2)
    )
    page = moderator(visitor, "Mo", bypass_csp=True)
    page.keyboard.press("j")
    expect(card(page, second)).to_be_focused()
    page.keyboard.press("k")
    expect(card(page, first)).to_be_focused()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    assert problems(page) == []
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()

    page.keyboard.press("e")
    text = card(page, first).get_by_label("Text")
    expect(text).to_be_focused()
    text.fill("Text as it should be, a and r and s.")
    page.keyboard.press("Escape")
    expect(card(page, first)).to_be_focused()
    card(page, first).get_by_role("button", name="Save the text").click()
    expect(page.locator("[data-status]")).to_contain_text("Done.")
    expect(card(page, first).locator(".case__text")).to_contain_text("a and r and s")
    page.keyboard.press("p")
    expect(card(page, first).locator("[data-key=p]")).to_have_text("Unpin")
    page.keyboard.press("c")
    expect(card(page, first).locator("[data-key=c]")).to_have_text("Reopen the thread")
    page.keyboard.press("u")
    expect(card(page, first).locator("[data-key=c]")).to_have_text("Close the thread")
    page.keyboard.press("b")
    expect(card(page, first).locator("[name=mode]")).to_be_focused()
    card(page, first).get_by_label("Days").fill("7")
    card(page, first).get_by_role("button", name="Ban", exact=True).click()
    expect(card(page, first).locator(".case__ban")).to_contain_text("may not write")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page.locator("[data-status]")).to_have_text("It insults somebody")
    page.keyboard.press("r")
    expect(card(page, first)).to_have_count(0)
    expect(page.locator("[data-count=waiting]")).to_have_text("1")
    first.refresh_from_db()
    assert first.body == "Text as it should be, a and r and s."
    assert first.pinned_at
    told = list(ModerationEvent.objects.order_by("pk").values_list("action", "reason"))
    assert told == [
        ("edited", ""), ("pinned", ""), ("closed", ""), ("undone", ""), ("suspended", "rules"),
        ("rejected", "insult"),
    ]  # fmt: skip

    page.keyboard.press("x")
    expect(card(page, second).get_by_role("checkbox", name="Tick")).to_be_checked()
    page.locator("#bulk").get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()


def test_who_decides_before_the_answer_does_not_overtake_themselves(
    visitor: Visitor, discussion: Discussion
) -> None:
    row = CommentFactory(discussion=discussion, status="held")
    page = moderator(visitor, "Mo")
    expect(card(page, row)).to_be_focused()

    def late(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/decide/", late)
    page.keyboard.press("p")
    page.keyboard.press("r")
    expect(page.locator("[data-count=waiting]")).to_have_text("0")
    expect(card(page, row)).to_have_count(0)
    row.refresh_from_db()
    assert row.pinned_at
    assert row.status == "rejected"


def test_what_was_decided_does_not_come_back_with_what_was_asked_for_meanwhile(
    visitor: Visitor, discussion: Discussion
) -> None:
    row, *others = (CommentFactory(discussion=discussion, status="held") for _ in range(3))
    page = moderator(visitor, "Mo")
    expect(card(page, row)).to_be_focused()
    page.wait_for_load_state("networkidle")
    told: list[str] = []

    def told_late(route: Route) -> None:
        told.append(route.request.url)
        answer = route.fetch()  # what is true before the decision has come to the server
        page.wait_for_timeout(900)
        route.fulfill(response=answer)

    def decided_late(route: Route) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/news/**", told_late)
    page.route("**/decide/", decided_late)
    page.keyboard.press("a")  # with so few left, more are asked for at once
    page.wait_for_timeout(2_500)
    assert str(row.pk) in told[0].partition("shown=")[2].split("&")[0].split(",")
    assert page.locator("[data-case]").count() == len(others)
    row.refresh_from_db()
    assert row.is_approved


def test_two_moderators_do_not_collide(visitor: Visitor, discussion: Discussion) -> None:
    rows = [CommentFactory(discussion=discussion, status="held") for _ in range(2)]
    ada = moderator(visitor, "Ada")
    expect(card(ada, rows[0])).to_be_focused()
    expect(card(ada, rows[0])).to_have_attribute("data-taken", "true")
    ada.wait_for_load_state("networkidle")
    bob = moderator(visitor, "Bob")
    expect(card(bob, rows[0])).to_contain_text("Ada is reading this one")
    ada.keyboard.press("a")
    expect(card(ada, rows[0])).to_have_count(0)
    expect(ada.locator("[data-count=waiting]")).to_have_text("1")
    bob.keyboard.press("s")
    expect(card(bob, rows[0])).to_contain_text("Ada was faster: approved. Nothing was changed.")
    expect(bob.locator("[data-status]")).to_contain_text("Ada was faster")
    rows[0].refresh_from_db()
    assert rows[0].is_approved
    # Bob now sees what is true, and may decide anew, knowing it.
    expect(card(bob, rows[0]).locator(".case__state")).to_have_text("Approved")
    card(bob, rows[0]).focus()
    bob.keyboard.press("s")
    expect(card(bob, rows[0])).to_have_count(0)
    expect(bob.locator("[data-count=spam]")).to_have_text("1")
    rows[0].refresh_from_db()
    assert rows[0].status == "spam"


def test_what_colleagues_read_and_decide_shows_without_a_reload(
    visitor: Visitor, discussion: Discussion
) -> None:
    rows = [CommentFactory(discussion=discussion, status="held") for _ in range(3)]
    bob = moderator(visitor, "Bob")
    expect(card(bob, rows[0])).to_be_focused()
    ada = moderator(visitor, "Ada")
    card(ada, rows[2]).focus()
    expect(card(bob, rows[2])).to_contain_text("Ada is reading this one", timeout=15_000)
    card(ada, rows[1]).focus()
    expect(card(bob, rows[1])).to_contain_text("Ada is reading this one", timeout=15_000)
    expect(card(bob, rows[2]).locator("[data-notice]")).to_be_hidden(timeout=15_000)
    ada.keyboard.press("a")
    expect(card(bob, rows[1])).to_have_count(0, timeout=15_000)
    card(ada, rows[0]).focus()
    ada.keyboard.press("r")
    expect(card(bob, rows[0])).to_contain_text("Ada: rejected", timeout=15_000)
    expect(card(bob, rows[0])).to_be_focused()


def test_ticked_ones_are_decided_together_and_undone_together(
    visitor: Visitor, discussion: Discussion
) -> None:
    rows = [CommentFactory(discussion=discussion, status="held") for _ in range(4)]
    page = moderator(visitor, "Mo", viewport=PHONE, has_touch=True)
    expect(page.locator("#bulk").get_by_role("button", name="Reject")).to_be_hidden()
    page.locator("#bulk").get_by_label("All").tap()
    page.locator("#bulk").get_by_label("Reason").select_option("hate")
    page.locator("#bulk").get_by_role("button", name="Reject").tap()
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    expect(page.locator("[data-count=waiting]")).to_have_text("0")
    assert ModerationEvent.objects.filter(reason="hate").count() == 4
    page.keyboard.press("u")
    for row in rows:
        expect(card(page, row)).to_be_visible()
    expect(page.locator("[data-count=waiting]")).to_have_text("4")
    assert Comment.objects.waiting().count() == 4


def test_new_ones_come_by_themselves(visitor: Visitor, discussion: Discussion) -> None:
    first = CommentFactory(discussion=discussion, status="held")
    page = moderator(visitor, "Mo")
    expect(card(page, first)).to_be_focused()
    late = CommentFactory(discussion=discussion, status="held", body="Just in.")
    expect(card(page, late)).to_be_visible(timeout=15_000)
    expect(page.locator("[data-count=waiting]")).to_have_text("2")
    expect(card(page, first)).to_be_focused()


def test_server_that_fails_loses_no_decision_in_silence(
    visitor: Visitor, discussion: Discussion
) -> None:
    row = CommentFactory(discussion=discussion, status="held")
    page = moderator(visitor, "Mo")
    expect(card(page, row)).to_be_focused()
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.keyboard.press("a")
    expect(page.locator("[data-status]")).to_have_text(
        "The site could not be reached. Nothing was decided."
    )
    expect(card(page, row)).to_be_visible()
    page.context.set_offline(False)
    visitor.errors[:] = [e for e in visitor.errors if "ERR_INTERNET_DISCONNECTED" not in e]  # type: ignore[attr-defined]


def test_rejected_writer_appeals_and_another_moderator_reinstates(
    visitor: Visitor, discussion: Discussion
) -> None:
    reader = visitor(viewport=PHONE, bypass_csp=True)
    reader.goto(discussion.article.get_absolute_url())
    form = reader.locator("#comments > form[data-comment-form]")
    form.get_by_label("Your comment").fill("A joke, badly told.")
    form.get_by_label("Name").fill("Petra")
    form.get_by_label("Email").fill("petra@example.org")
    form.get_by_role("button", name="Post the comment").click()
    expect(reader.locator("article:focus")).to_contain_text("A joke")
    comment = Comment.objects.get()

    ada = moderator(visitor, "Ada")
    ada.goto(f"{ADDRESS}?queue=all")
    card(ada, comment).get_by_label("Reason").select_option("insult")
    ada.keyboard.press("Escape")
    ada.keyboard.press("r")
    expect(card(ada, comment)).to_have_count(0)
    ada.wait_for_load_state("networkidle")

    reader.goto(comment.get_absolute_url())
    expect(reader.get_by_text("It insults somebody")).to_be_visible()
    assert problems(reader) == []
    reader.get_by_label("Why should your comment stand?").fill("Nobody was meant.")
    reader.get_by_role("button", name="Appeal").click()
    expect(reader.get_by_text("another moderator looks at it again")).to_be_visible()

    ada.goto(f"{ADDRESS}?queue=appeals")
    ada.keyboard.press("a")
    expect(card(ada, comment)).to_contain_text("Another moderator answers an appeal")
    bob = moderator(visitor, "Bob")
    bob.goto(f"{ADDRESS}?queue=appeals")
    expect(card(bob, comment)).to_contain_text("Nobody was meant.")
    bob.keyboard.press("a")
    expect(card(bob, comment)).to_have_count(0)
    bob.wait_for_load_state("networkidle")
    reader.goto(comment.get_absolute_url())
    expect(reader.locator(f"#comment-{comment.pk}")).to_contain_text("A joke, badly told.")
    expect(reader.locator(f"#comment-{comment.pk} .vote")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_desk_is_accessible_and_fits(
    visitor: Visitor, discussion: Discussion, viewport: Any, scheme: str
) -> None:
    root = CommentFactory(discussion=discussion, body="w" * 300, guest_name="n" * 80)
    held = CommentFactory(
        parent=root, status="held", body="Held. " * 80, quote_exact="q" * 300, network="a" * 64
    )
    record(action="held", comment=held, rule="Links", note="It holds 9 links; 3 may be.")
    ban_writer(comment=root, by=UserFactory.create(role="Moderator"), days=9)
    appeal(comment=root, text="No! " * 200, guest_id=root.guest_id)
    page = moderator(visitor, "Mo", viewport=viewport, color_scheme=scheme, bypass_csp=True)
    Rule.objects.create(name="Long " * 16, kind="words", entries="held")
    for queue in ("waiting", "all", "spam", "rule", "appeals", "trial"):
        if queue == "trial":
            page.goto(f"{ADDRESS}trial/")
            page.get_by_label("Text").fill("Held " + "w" * 300)
            page.get_by_role("button", name="Try it").click()
            expect(page.locator("mark")).to_have_text("Held")
        else:
            page.goto(f"{ADDRESS}?queue={queue}")
        for summary in page.locator(".case summary").all():
            summary.click()
        assert problems(page) == [], queue
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), queue


def test_desk_without_javascript(visitor: Visitor, discussion: Discussion) -> None:
    row = CommentFactory(discussion=discussion, status="held", body="Buy pills.")
    user = UserFactory.create(role="Moderator", display_name="Mo")
    page = visitor(java_script_enabled=False)
    log_in(page, user.email)
    page.goto(ADDRESS)
    card(page, row).get_by_role("button", name="Spam").click()
    expect(page.get_by_text("1 comment decided.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(card(page, row)).to_be_visible()
    card(page, row).get_by_role("checkbox").check()
    page.locator("#bulk").get_by_role("button", name="Approve").click()
    row.refresh_from_db()
    assert row.is_approved


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_burst_of_votes_is_handled_and_the_score_read(
    visitor: Visitor, discussion: Discussion, viewport: Any
) -> None:
    comment = CommentFactory(discussion=discussion)
    votes_on(comment, 12)
    assert detect_burst(comment)
    page = moderator(visitor, "Mo", bypass_csp=True, viewport=viewport)
    page.goto(f"{ADDRESS}?queue=votes")
    assert not problems(page)
    page.get_by_role("button", name="Remove the 12 that look made").click()
    expect(card(page, comment)).to_contain_text("12 votes are removed.")
    page.get_by_role("button", name="Undo").click()
    expect(card(page, comment)).to_contain_text("Now it stands at 12 for and 0 against.")
    page.get_by_role("button", name="Settled").click()
    expect(page.locator("[data-count=votes]")).to_have_text("0")
    page.get_by_role("link", name="Spam score").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How good the spam score is")
    assert not problems(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

"""Arranging the front page in a browser: by mouse, by finger and by keyboard."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from articles import curation
from articles.models import Article, FrontSlot
from tests.articles.factories import ArticleFactory
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_journeys import PASSWORD, log_in

type Visitor = Callable[..., Page]
ADDRESS = "/admin/articles/frontslot/"


@pytest.fixture
def editor() -> User:
    """Bob, an editor; reports A to G, of which B, C and D are top stories."""
    from accounts.roles import sync_roles

    sync_roles()
    user = User.objects.create_user("bob@example.org", PASSWORD, display_name="Bob", is_staff=True)
    user.groups.set(Group.objects.filter(name="Editor"))
    for hours, name in enumerate("ABCDEFG", start=1):
        ArticleFactory(
            headline=f"Report {name}", published_at=timezone.now() - timedelta(hours=hours)
        )
    for name in "BCD":
        article = Article.objects.get(headline=f"Report {name}")
        curation.place_article(article=article, by=user)
    return user


def names(page: Page, place: str = "top") -> Locator:
    return page.locator(f"[data-place={place}] [data-placed] [data-headline]")


def reports(letters: str) -> list[str]:
    return [f"Report {letter}" for letter in letters]


def handle(page: Page, letter: str) -> Locator:
    return page.get_by_role("button", name=f"Move “Report {letter}”")


def stored() -> str:
    """Return the places as letters: the leads, a stroke, the top stories."""
    slots = curation.all_slots()
    return "|".join(
        "".join(slot.article.headline[-1] for slot in slots if slot.place == place)
        for place in FrontSlot.Place.values
    )


def drag(page: Page, letter: str, onto: Locator) -> None:
    """Drag a report's handle a little above the middle of something."""
    expect(handle(page, letter)).to_be_visible()  # the script has begun
    source, target = handle(page, letter).bounding_box(), onto.bounding_box()
    assert source
    assert target
    page.mouse.move(source["x"] + source["width"] / 2, source["y"] + source["height"] / 2)
    page.mouse.down()
    page.mouse.move(source["x"] + 5, target["y"] + 20, steps=6)
    page.mouse.move(source["x"] + 5, target["y"] + 5, steps=3)
    page.mouse.up()


@pytest.mark.usefixtures("editor")
def test_dragged_by_mouse_and_seen_by_readers(visitor: Visitor) -> None:
    bob = visitor()
    log_in(bob, "bob", ADDRESS)
    expect(names(bob)).to_have_text(reports("BCD"))
    drag(bob, "D", bob.locator("[data-place=top] [data-row]").first)
    expect(names(bob)).to_have_text(reports("DBC"))
    expect(bob.locator("[data-live]")).to_have_text("“Report D” was moved.")
    assert stored() == "|DBC"
    drag(bob, "C", bob.locator("[data-place=lead]"))
    expect(names(bob, "lead")).to_have_text(reports("C"))
    expect(bob.locator("[data-live]")).to_have_text("“Report C” was moved.")
    assert stored() == "C|DB"

    reader = visitor()
    reader.goto("/")
    expect(reader.locator(".front__lead .card__headline")).to_have_text("Report C")
    expect(reader.locator(".front__top .card__headline")).to_have_text(reports("DBAE"))


@pytest.mark.usefixtures("editor")
def test_dragged_by_a_finger(visitor: Visitor) -> None:
    bob = visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    log_in(bob, "bob", ADDRESS)
    source, target = handle(bob, "C"), bob.locator("[data-place=top] [data-row]").first
    source.scroll_into_view_if_needed()
    at, to = source.bounding_box(), target.bounding_box()
    assert at
    assert to
    touch = bob.context.new_cdp_session(bob)
    x, y = at["x"] + 10, at["y"] + 10

    def point(kind: str, *where: float) -> None:
        points = [{"x": where[0], "y": where[1]}] if where else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    point("touchStart", x, y)
    for part in range(1, 6):
        point("touchMove", x, y + (to["y"] + 10 - y) * part / 5)
    point("touchEnd")
    expect(names(bob)).to_have_text(reports("CBD"))
    expect(bob.locator("[data-live]")).to_have_text("“Report C” was moved.")
    assert stored() == "|CBD"


@pytest.mark.usefixtures("editor")
def test_moved_by_keyboard_alone(visitor: Visitor) -> None:
    bob = visitor()
    log_in(bob, "bob", ADDRESS)
    live = bob.locator("[data-live]")
    handle(bob, "B").focus()
    bob.keyboard.press("Space")
    expect(live).to_contain_text("“Report B” is lifted.")
    bob.keyboard.press("ArrowDown")
    expect(live).to_have_text("Top stories, place 2.")
    bob.keyboard.press("ArrowDown")
    expect(names(bob)).to_have_text(reports("CDB"))
    assert stored() == "|BCD"  # nothing is saved before it is dropped
    bob.keyboard.press("Enter")
    expect(live).to_have_text("“Report B” was moved.")
    assert stored() == "|CDB"
    expect(handle(bob, "B")).to_be_focused()

    # Escape puts back; beyond the first top story lies the lead.
    bob.keyboard.press("Enter")
    bob.keyboard.press("ArrowUp")
    bob.keyboard.press("Escape")
    expect(live).to_have_text("Cancelled. It is where it was.")
    expect(names(bob)).to_have_text(reports("CDB"))
    handle(bob, "C").focus()
    bob.keyboard.press("Space")
    bob.keyboard.press("ArrowUp")
    expect(live).to_have_text("Lead, place 1.")
    bob.keyboard.press("Space")
    expect(live).to_have_text("“Report C” was moved.")
    assert stored() == "C|DB"


def test_second_editor_is_told_and_sees_how_it_stands(visitor: Visitor, editor: User) -> None:
    bob = visitor()
    log_in(bob, "bob", ADDRESS)
    article = Article.objects.get(headline="Report G")
    curation.place_article(article=article, by=editor, place=FrontSlot.Place.LEAD)
    handle(bob, "B").focus()
    for key in ("Space", "ArrowDown", "Enter"):
        bob.keyboard.press(key)
    expect(bob.get_by_role("alert")).to_contain_text("somebody else has arranged the front page")
    expect(names(bob, "lead")).to_have_text(reports("G"))
    expect(names(bob)).to_have_text(reports("BCD"))
    assert stored() == "G|BCD"
    # What it shows now is what the next change is measured against.
    bob.get_by_role("button", name="Down: Report B").click()
    expect(names(bob)).to_have_text(reports("CBD"))
    expect(bob.locator("[data-alert]")).to_be_hidden()


@pytest.mark.usefixtures("editor")
def test_failed_connection_puts_the_order_back(page: Page) -> None:
    log_in(page, "bob", ADDRESS)

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            # Not an aborted request: Chromium reports those as errors of the page.
            route.fulfill(status=403, content_type="text/html", body="<p>Logged out</p>")
        else:
            route.continue_()

    page.route(f"**{ADDRESS}*", refuse)
    handle(page, "B").focus()
    for key in ("Space", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("alert")).to_contain_text("Not saved")
    expect(names(page)).to_have_text(reports("BCD"))
    expect(handle(page, "B")).to_be_focused()
    assert stored() == "|BCD"


@pytest.mark.usefixtures("editor")
def test_found_while_typing_and_placed(page: Page) -> None:
    log_in(page, "bob", ADDRESS)
    page.get_by_role("searchbox", name="Headline").press_sequentially("report f")
    found = page.locator("[data-found] .front-row__headline")
    expect(found).to_have_text(["Report F"])
    page.get_by_role("button", name="As the lead: Report F").click()
    expect(names(page, "lead")).to_have_text(reports("F"))
    expect(found).to_have_count(0)
    assert stored() == "F|BCD"


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_accessible_and_no_wider_than_the_window(
    visitor: Visitor, scheme: str, viewport: dict[str, int]
) -> None:
    Article.objects.filter(headline="Report B").update(headline="Donaudampfschifffahrt" * 8)
    bob = visitor(viewport=viewport, color_scheme=scheme)
    log_in(bob, "bob", ADDRESS)
    bob.locator("details.front-expiry summary").first.click()
    width = bob.evaluate("document.documentElement.scrollWidth")
    assert width <= viewport["width"]
    result = Axe().run(bob, context="[data-front-page]")
    assert result.violations_count == 0, result.generate_report()

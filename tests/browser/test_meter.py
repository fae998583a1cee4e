"""The meter as readers see it, at every height and in every light, and giving by keys alone."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from articles.models import Publication
from donations.models import Campaign
from tests.browser.conftest import DESK, PHONE
from tests.donations.factories import CampaignFactory, GiftFactory, MethodFactory
from tests.donations.fake_stripe import fake_stripe

# What is raised, in cents, and how it reads; how far bar and goal reach on the scale.
HEIGHTS = [
    (0, 0, "$0 of $5,000 raised", 0, 1.0),
    (10_000, 2, "$100 of $5,000 raised", 0.02, 1.0),
    (250_000, 50, "$2,500 of $5,000 raised", 0.5, 1.0),
    (500_000, 100, "$5,000 of $5,000 raised", 1.0, 1.0),
    (865_000, 173, "$8,650 of $5,000 raised", 0.865, 0.5),
]
PLACES = """meter => {
  const box = name => meter.querySelector(name).getBoundingClientRect();
  const [ground, raised, goal] = [box('.bar__ground'), box('.bar__raised'), box('.bar__goal')];
  const from = (edge, start) => Math.abs(edge - start) / ground.width;
  const start = getComputedStyle(meter).direction === 'rtl' ? 'right' : 'left';
  const end = start === 'right' ? 'left' : 'right';
  return {begins: from(raised[start], ground[start]), raised: raised.width / ground.width,
          goal: from(goal[end], ground[start]), overflow:
          document.documentElement.scrollWidth - document.documentElement.clientWidth};
}"""


@pytest.mark.parametrize(
    ("look", "language", "window"),
    [("light", "en", DESK), ("dark", "en", PHONE), ("light", "ar", {"width": 320, "height": 640})],
)
def test_meter_shows_and_says_the_same_at_every_height(
    look: str, language: str, window: dict[str, int], visitor: Callable[..., Page]
) -> None:
    Publication.objects.create(pk=1, language=language)
    MethodFactory()
    CampaignFactory(label="JULY 2022")
    page = visitor(color_scheme=look, viewport=window, bypass_csp=True)  # axe writes styles
    counted = 0
    for raised, percent, words, bar, goal in HEIGHTS:
        if raised > counted:
            GiftFactory(amount_minor=raised - counted)
            counted = raised
        for address in ("/", "/donate/"):
            page.goto(address)
            meter = page.locator(".donation-meter" if address == "/" else ".donate__meter")
            progress = meter.get_by_role("progressbar")
            expect(progress).to_have_attribute("aria-valuenow", str(min(percent, 100)))
            told = progress.get_attribute("aria-valuetext") or ""
            # All that is shown is said, and the other way round.
            text = meter.locator(".donation-meter__text, .donate__text")
            assert text.inner_text().strip() == told
            if language == "en":
                assert told == f"{words}, 12 days left"
            places = meter.evaluate(PLACES)
            assert places["begins"] < 0.005
            assert abs(places["raised"] - (max(bar, 0.006) if bar else 0)) < 0.005
            assert abs(places["goal"] - goal) < 0.01
            assert places["overflow"] <= 0
            found = Axe().run(page).response["violations"]
            assert found == [], [(v["id"], [n["target"] for n in v["nodes"]]) for v in found]


def test_giving_by_card_by_keys_alone(visitor: Callable[..., Page], settings: Any) -> None:
    MethodFactory()
    CampaignFactory()
    with fake_stripe(settings) as stripe:
        page = visitor()
        page.goto("/donate/")
        amounts = page.get_by_role("group", name="How much")
        for _key in range(60):
            page.keyboard.press("Tab")
            if amounts.locator("input[type=radio]:focus").count():
                break
        expect(amounts.get_by_label("$10", exact=True)).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(amounts.get_by_label("$25", exact=True)).to_be_checked()
        page.keyboard.press("Tab")
        expect(page.get_by_label("Or an amount of your own (USD)")).to_be_focused()
        page.keyboard.type("1e3")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_label("Every month")).to_be_checked()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Go on to the card page")).to_be_focused()
        page.keyboard.press("Enter")
        own = page.get_by_label("Or an amount of your own (USD)")
        expect(own).to_have_attribute("aria-invalid", "true")
        expect(own).to_have_value("1e3")
        expect(page.get_by_label("Every month")).to_be_checked()
        assert stripe.asked == []
        own.focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("12.50")
        page.keyboard.press("Enter")
        # Chromium holds the redirect to the page's policy.
        expect(page.get_by_role("heading", name="Pay here")).to_be_visible()
        assert page.url == stripe.page
    [(_path, asked, _key)] = stripe.asked
    assert asked["mode"] == "subscription"
    assert asked["line_items[0][price_data][unit_amount]"] == "1250"


def test_donate_page_and_its_picture_are_accessible(
    visitor: Callable[..., Page], settings: Any
) -> None:
    MethodFactory()
    today = CampaignFactory().starts_on
    CampaignFactory(
        kind=Campaign.Kind.MONTHLY, ends_on=None, starts_on=today.replace(year=today.year - 1)
    )
    GiftFactory(received_on=today.replace(year=today.year - 1), amount_minor=700_000)
    with fake_stripe(settings):
        for look, window in (("light", DESK), ("dark", PHONE)):
            page = visitor(color_scheme=look, viewport=window, bypass_csp=True)
            for address in ("/donate/", "/donate/past/", "/donate/card/", "/donate/thanks/"):
                page.goto(address)
                found = Axe().run(page).response["violations"]
                assert found == [], (address, [(v["id"], v["nodes"][0]["target"]) for v in found])
                width = "document.documentElement.scrollWidth - innerWidth"
                assert page.evaluate(width) <= 0, address

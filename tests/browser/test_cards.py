"""How reports stand in lists and strips, on a phone."""

from django.core.files.base import ContentFile
from playwright.sync_api import expect

from articles.models import Image
from tests.articles.factories import ArticleFactory
from tests.articles.test_pictures import picture_bytes
from tests.browser.conftest import PHONE, Visitors


def test_on_a_phone_small_pictures_stand_beside_the_headlines(visitor: Visitors) -> None:
    content = picture_bytes("PNG", size=(1200, 800))
    picture = Image.objects.create(file=ContentFile(content, "mill.png"), alt="A mill")
    for number in range(4):
        ArticleFactory(headline=f"A report of an ordinary length {number}", lead_image=picture)
    page = visitor(viewport=PHONE)

    page.goto("/")

    lead = page.locator(".card--lead img").bounding_box()
    assert lead is not None
    assert lead["width"] > PHONE["width"] * 0.8
    cards = page.locator(".card:not(.card--lead):has(.card__picture)")
    expect(cards.first).to_be_visible()
    for card in cards.all():
        small = card.locator("img").bounding_box()
        words = card.locator(".card__headline").bounding_box()
        assert small is not None
        assert words is not None
        assert small["width"] <= 112  # 7rem
        assert words["x"] + words["width"] <= small["x"]
        assert words["y"] < small["y"] + small["height"]

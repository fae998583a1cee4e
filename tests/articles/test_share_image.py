"""What stands for a report where it is shared; the site's icon and manifest."""

import io
import json
import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from articles import share_image
from articles.models import Article, Publication
from articles.share_image import ShareCard, draw_card, share_image_path
from tests.articles.factories import ArticleFactory, AuthorFactory, ImageFactory

CARD = ShareCard("A headline", "Town", "Ann · 1 May 2026", "The Ledger", "#9b2226")


def drawn(**fields: str) -> Image.Image:
    data = draw_card(ShareCard(**{**vars(CARD), **fields}))
    assert len(data) < 300_000
    picture = Image.open(io.BytesIO(data))
    assert picture.size == (1200, 630)
    return picture


@pytest.mark.slow
@pytest.mark.parametrize(
    "headline",
    [
        "Short", "A longer headline that needs two or three lines to be told whole " * 2,
        "word " * 200, "Donaudampfschifffahrtsgesellschaft" * 8, "Łódź i Žižkov: İstanbul",
        "Паром вернулся в Гавань, и ещё один", "النص العربي", "東京の港", "🛳 Ferry", "", "   ",
    ],
)  # fmt: skip
def test_any_headline_becomes_a_picture(headline: str) -> None:
    picture = drawn(headline=headline)
    ink = picture.convert("L").point(lambda value: 255 if value < 60 else 0)
    left, _top, right, bottom = ink.getbbox() or (0, 0, 0, 0)
    assert left >= share_image.MARGIN - 6  # nothing runs over the edge
    assert right <= share_image.WIDTH - share_image.MARGIN + 6
    assert bottom <= share_image.HEIGHT - 20


def test_letters_no_face_has_are_left_to_the_name() -> None:
    assert drawn(headline="東京の港").tobytes() == drawn(headline="The Ledger").tobytes()
    assert drawn(headline="Паром").tobytes() != drawn(headline="The Ledger").tobytes()


@pytest.mark.slow
@given(st.text(max_size=320), st.text(max_size=120))
def test_any_text_is_drawn(headline: str, name: str) -> None:
    drawn(headline=headline, section=name, publication=name, foot=headline)


@pytest.mark.django_db
def test_report_without_a_picture_is_shared_with_one_drawn_for_it(client: Client) -> None:
    article = ArticleFactory(headline="The gate", authors=[AuthorFactory(name="Ann")])
    page = client.get(article.get_absolute_url()).text
    [address] = re.findall(r'property="og:image" content="http://testserver([^"]+)"', page)
    assert '<meta property="og:image:width" content="1200">' in page
    assert json.loads(re.findall(r'ld\+json">(.*?)</script>', page)[0])["image"] == [
        f"http://testserver{address}"
    ]
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)


@pytest.mark.django_db
def test_another_headline_is_another_address(client: Client) -> None:
    article = ArticleFactory(headline="Before")
    publication = Publication.current()
    before = share_image_path(article, publication)
    Article.objects.filter(pk=article.pk).update(headline="After")
    answer = client.get(before)
    assert answer.status_code == 302
    assert answer.headers["Location"] != before
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.django_db
def test_drawn_once_however_often_and_by_whatever_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = ArticleFactory(headline="Drawn only once")
    calls = []
    monkeypatch.setattr(share_image, "draw_card", lambda card: calls.append(card) or b"png")
    for number in range(5):
        made_up = f"/articles/{article.slug}/share-{number}.png"
        assert client.get(made_up, follow=True).status_code == 200
    assert len(calls) == 1


@pytest.mark.django_db
def test_what_readers_may_not_see_is_not_drawn(client: Client) -> None:
    draft = ArticleFactory(draft=True)
    assert client.get(f"/articles/{draft.slug}/share-0.png").status_code == 404
    assert client.get("/articles/nowhere/share-0.png").status_code == 404
    assert client.post("/articles/nowhere/share-0.png").status_code == 405


@pytest.mark.django_db
def test_report_with_a_picture_is_shared_with_it(client: Client) -> None:
    article = ArticleFactory(lead_image=ImageFactory())
    page = client.get(article.get_absolute_url()).text
    assert f'property="og:image" content="http://testserver{article.lead_image.file.url}"' in page


@pytest.mark.django_db
def test_the_site_can_be_installed(client: Client) -> None:
    Publication.objects.update_or_create(pk=1, defaults={"name": "Ledger", "language": "en"})
    page = client.get("/").text
    [address] = re.findall(r'<link rel="manifest" href="([^"]+)"', page)
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == (
        "Ledger", "/", "standalone",
    )  # fmt: skip
    for icon in manifest["icons"]:
        picture = Image.open(io.BytesIO(client.get(icon["src"]).content))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert client.get("/icon-180.png").status_code == 200
    assert client.get("/icon-181.png").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Łódzki Dziennik", "東京新聞", "!!!", "é"])
def test_any_name_has_an_icon(client: Client, name: str) -> None:
    Publication.objects.update_or_create(pk=1, defaults={"name": name})
    assert client.get("/icon-192.png").status_code == 200

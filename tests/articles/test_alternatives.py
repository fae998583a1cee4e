"""Text alternatives: what is asked for before readers see a picture."""

import pytest
from django.core.exceptions import ValidationError

from articles.alternatives import missing_alternatives
from articles.models import Status
from articles.workflow import publish_article
from tests.articles.factories import ArticleFactory, ImageFactory

pytestmark = pytest.mark.django_db


def missing_in(body: str = "", **fields: object) -> list[str]:
    return missing_alternatives(ArticleFactory(draft=True, body=body, **fields))


def test_described_lead_image_is_enough() -> None:
    assert missing_in(lead_image=ImageFactory()) == []


@pytest.mark.parametrize("alt", ["", "   "])
def test_lead_image_without_words_is_named(alt: str) -> None:
    assert "lead image" in missing_in(lead_image=ImageFactory(alt=alt))[0]


def test_decorative_lead_image_needs_no_words() -> None:
    assert missing_in(lead_image=ImageFactory(alt="", is_decorative=True)) == []


@pytest.mark.parametrize(
    ("picture", "is_missing"),
    [
        ('<img src="/media/imported/a.png" alt="A crane">', False),
        ('<img src="/media/imported/a.png" alt="">', False),
        ('<img src="/media/imported/a.png">', True),
        ('<img src="/static/a.png">', True),
    ],
)
def test_body_picture_needs_an_alternative_or_an_empty_one(picture: str, is_missing: bool) -> None:
    found = missing_in(f"<p>Text</p><figure>{picture}</figure>")
    assert [("“a.png”" in message) for message in found] == [True] * is_missing


@pytest.mark.parametrize(
    ("fields", "is_missing"),
    [
        ({"alt": ""}, True),
        ({"alt": "", "is_decorative": True}, False),
        ({"alt": "A crane"}, False),  # then the empty one is meant: beside a text that tells it
    ],
)
def test_empty_alternative_that_only_echoes_the_library_is_missing(
    fields: dict[str, object], is_missing: bool
) -> None:
    image = ImageFactory(**fields)
    found = missing_in(f'<figure><img src="{image.file.url}" alt=""></figure>')
    assert len(found) == is_missing


def test_picture_with_a_name_that_is_written_differently_in_html_is_found() -> None:
    image = ImageFactory(file="images/a & b ü.jpg", alt="")
    src = image.file.url.replace("&", "&amp;")
    assert missing_in(f'<p><img src="{src}" alt=""></p>')


def test_picture_that_stands_twice_is_told_once() -> None:
    assert len(missing_in('<p><img src="/media/a.png"> <img src="/media/a.png"></p>')) == 1


def test_report_with_an_undescribed_picture_is_not_published() -> None:
    article = ArticleFactory(draft=True, body='<p>Text <img src="/media/a.png"></p>')
    with pytest.raises(ValidationError, match=r"a\.png"):
        publish_article(article=article, by=None)
    article.refresh_from_db()
    assert article.status == Status.DRAFT


def test_decorative_picture_with_an_alternative_is_refused() -> None:
    with pytest.raises(ValidationError, match="Keep one of the two"):
        ImageFactory.build(is_decorative=True).full_clean()

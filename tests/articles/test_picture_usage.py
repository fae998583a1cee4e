"""Where pictures are shown: found in every state, and in the way of deleting them."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from articles.models import Image, Page
from articles.picture_usage import delete_image, is_in_a_text, unused, uses_of
from articles.pictures import check_picture
from tests.articles.factories import ArticleFactory, ImageFactory
from tests.articles.test_pictures import picture_bytes, upload

pytestmark = pytest.mark.django_db


def body_with(image: Image) -> str:
    src = image.file.url.replace("&", "&amp;")
    return f'<p>Text</p><figure><img src="{src}" alt="A"></figure>'


def names_of(image: Image) -> list[tuple[str, bool, bool]]:
    return [(str(use.shown_by), use.leads, use.in_text) for use in uses_of(image)]


def test_uses_are_found_as_lead_and_in_texts_whatever_the_state() -> None:
    image = ImageFactory()
    ArticleFactory(draft=True, headline="Draft", body=body_with(image))
    ArticleFactory(headline="Both", lead_image=image, body=body_with(image))
    ArticleFactory(headline="Lead", lead_image=image)
    ArticleFactory(lead_image=ImageFactory(), body=body_with(ImageFactory()))
    Page.objects.create(title="About", slug="about", body=body_with(image))
    assert names_of(image) == [
        ("Lead", True, False), ("Both", True, True), ("Draft", False, True), ("About", False, True),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["images/a & b.jpg", "images/ü %41.jpg", "images/a_b.jpg"])
def test_use_of_a_file_with_any_name_is_found(name: str) -> None:
    image = ImageFactory(file=name)
    ArticleFactory(headline="Shows it", body=body_with(image))
    assert names_of(image) == [("Shows it", False, True)]
    assert is_in_a_text(image)


def test_file_whose_name_only_begins_alike_is_not_used() -> None:
    ArticleFactory(body=body_with(ImageFactory(file="images/a.jpg.png")))
    image = ImageFactory(file="images/a.jpg")
    assert uses_of(image) == []
    assert not is_in_a_text(image)


def test_unused_are_those_that_nothing_shows(django_assert_num_queries: Any) -> None:
    led, in_text, on_page, lost = ImageFactory.create_batch(4)
    no_file = Image.objects.create(caption="without a file")
    ArticleFactory(lead_image=led)
    ArticleFactory(draft=True, body=body_with(in_text) + body_with(led))
    Page.objects.create(title="About", slug="about", body=body_with(on_page))
    with django_assert_num_queries(1):
        assert set(unused(Image.objects.all())) == {lost, no_file}


def test_picture_in_use_is_not_deleted_and_where_is_named() -> None:
    image = ImageFactory()
    ArticleFactory(headline="The mill", lead_image=image)
    ArticleFactory.create_batch(4, lead_image=image)
    with pytest.raises(ValidationError, match=r"cannot be deleted: “.*2 more"):
        delete_image(image)
    assert Image.objects.filter(pk=image.pk).exists()


def test_unused_picture_goes_with_its_file(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    image = Image(alt="A")
    image.file.save("a.png", check_picture(upload("a.png", picture_bytes("PNG"))))
    stored = settings.MEDIA_ROOT / image.file.name
    assert stored.exists()
    with django_capture_on_commit_callbacks(execute=True):
        delete_image(image)
    assert not stored.exists()
    assert not Image.objects.exists()

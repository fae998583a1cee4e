"""The pictures that the body editor's button offers."""

from typing import Any

import pytest
from django.test import Client

from articles.admin.picture_choice import SHOWN
from articles.models import Image
from tests.articles.factories import ImageFactory
from tests.articles.test_admin_media import client_of

pytestmark = pytest.mark.django_db
CHOICE = "/admin/articles/image/choice/"


def asked(query: str = "") -> Any:
    return client_of("Author").get(f"{CHOICE}?{query}").json()


def test_pictures_are_found_by_their_words_newest_first() -> None:
    old, new = ImageFactory(alt="A crane", credit="Ann"), ImageFactory(alt="Two cranes")
    ImageFactory(alt="A mill")
    Image.objects.create(alt="A crane that got lost")
    answer = asked("q=crane")
    assert [picture["id"] for picture in answer["pictures"]] == [new.pk, old.pk]
    assert answer["more"] is False
    assert answer["pictures"][1] == {
        "id": old.pk, "name": "A crane", "src": old.file.url, "thumbnail": old.file.url,
        "width": 600, "height": 400, "alt": "A crane", "is_decorative": False, "caption": "",
        "credit": "Ann",
    }  # fmt: skip


def test_thumbnail_is_the_smallest_size_there_is() -> None:
    image = ImageFactory(width=1600, height=1000, has_renditions=True)
    (picture,) = asked()["pictures"]
    assert picture["thumbnail"].endswith("/426w.webp")
    assert picture["src"] == image.file.url


def test_more_pictures_follow_the_last_one_shown() -> None:
    images = ImageFactory.create_batch(SHOWN + 2)
    first = asked()
    assert first["more"] is True
    rest = asked(f"before={first['pictures'][-1]['id']}")
    assert rest["more"] is False
    seen = [picture["id"] for answer in (first, rest) for picture in answer["pictures"]]
    assert seen == [image.pk for image in reversed(images)]


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=" + "9" * 30])
def test_bad_query_is_refused_with_a_message(query: str) -> None:
    answer = client_of("Author").get(f"{CHOICE}?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_long_query_and_other_methods_are_borne() -> None:
    assert asked("q=" + "x" * 5000)["pictures"] == []
    assert client_of("Author").post(CHOICE).status_code == 405


@pytest.mark.parametrize("role", ["Moderator", None])
def test_choice_is_not_for_those_who_do_not_write(role: str | None) -> None:
    assert client_of(role).get(CHOICE).status_code in {302, 403}
    assert Client().get(CHOICE).status_code == 302

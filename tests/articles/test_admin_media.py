"""The media library on the desk: finding pictures, duplicates, uses, and who may delete."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.models import DBTaskResult

from articles.models import Image
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory, ImageFactory
from tests.articles.test_picture_usage import body_with
from tests.articles.test_pictures import located_exif, picture_bytes, two_colours

pytestmark = pytest.mark.django_db

LIBRARY = "/admin/articles/image/"
WORDS = {"alt": "", "caption": "", "credit": "", "focal_x": "50", "focal_y": "50"}


def client_of(role: str | None) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role))
    return client


def page_of(image: Image, page: str = "change") -> str:
    return f"{LIBRARY}{image.pk}/{page}/"


def shown(response: Any) -> set[str]:
    soup = BeautifulSoup(response.content, "lxml")
    return {name.get_text(strip=True) for name in soup.select(".library__name")}


def file(content: bytes, name: str = "a.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(client: Client, content: bytes, name: str = "a.png", **fields: str) -> Any:
    return client.post(f"{LIBRARY}add/", WORDS | fields | {"file": file(content, name)})


@pytest.mark.parametrize("words", ["crane", "harbour at dusk", "ann lee", "quay-0815"])
def test_library_is_searched_by_words_credit_and_file_name(words: str) -> None:
    ImageFactory(
        alt="A crane", caption="The harbour at dusk", credit="Ann Lee", file="images/quay-0815.jpg"
    )
    ImageFactory(alt="A mill")
    assert shown(client_of("Author").get(LIBRARY, {"q": words})) == {"A crane"}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, {"Led", "In text", "Lost", "images/mute.jpg", "Frame"}),
        ({"use": "none"}, {"Lost", "images/mute.jpg", "Frame"}),
        ({"use": "some"}, {"Led", "In text"}),
        ({"alternative": "missing"}, {"images/mute.jpg"}),
        ({"alternative": "given"}, {"Led", "In text", "Lost"}),
        ({"alternative": "decorative"}, {"Frame"}),
        ({"credit": "missing"}, {"In text", "Lost", "images/mute.jpg", "Frame"}),
        ({"credit": "given", "use": "some"}, {"Led"}),
    ],
)
def test_library_is_narrowed_down(filters: dict[str, str], names: set[str]) -> None:
    led = ImageFactory(alt="Led", credit="Ann")
    in_text = ImageFactory(alt="In text")
    ImageFactory(alt="Lost")
    ImageFactory(alt="", file="images/mute.jpg")
    ImageFactory(alt="", caption="Frame", is_decorative=True)
    ArticleFactory(lead_image=led, body=body_with(in_text))
    assert shown(client_of("Author").get(LIBRARY, filters)) == names


@pytest.mark.parametrize(
    ("address", "text"),
    [(LIBRARY, "The library is empty"), (f"{LIBRARY}?q=zzz", "No picture is like that")],
)
def test_empty_library_says_so(address: str, text: str) -> None:
    assert text in client_of("Author").get(address).content.decode()


@pytest.mark.parametrize(
    "query",
    ["q=%00", "use=zzz", "alternative=%ff", "credit=", "p=99999999999999999999", "q=" + "x" * 3000],
)
def test_library_bears_bad_queries(query: str) -> None:
    ImageFactory()
    assert client_of("Editor").get(f"{LIBRARY}?{query}", follow=True).status_code in {200, 400}


def test_same_picture_is_told_of_and_linked_until_both_are_wanted() -> None:
    client = client_of("Author")
    upload(client, two_colours(), alt="The first")
    first = Image.objects.get()
    again = upload(client, two_colours(compress_level=1, exif=located_exif(orientation=1)))
    soup = BeautifulSoup(again.content, "lxml")
    assert again.status_code == 200
    assert soup.select_one(f'a[href="{page_of(first)}"]').get_text() == "The first"
    assert soup.select_one("input[name=keep_both]")["type"] == "checkbox"
    assert Image.objects.count() == 1
    upload(client, two_colours(), keep_both="on")
    assert Image.objects.count() == 2
    assert len(set(Image.objects.values_list("content_digest", flat=True))) == 1


def test_name_of_the_same_picture_is_shown_as_text() -> None:
    client = client_of("Author")
    upload(client, two_colours(), alt="<script>alert(1)</script>{}")
    again = upload(client, two_colours()).content.decode()
    assert "<script>alert(1)" not in again
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{}" in again


def test_there_is_nothing_to_keep_both_of_at_first() -> None:
    page = BeautifulSoup(client_of("Author").get(f"{LIBRARY}add/").content, "lxml")
    assert page.select_one("input[name=keep_both]")["type"] == "hidden"


def test_focal_point_that_moves_has_the_crops_made_anew(
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = client_of("Author")
    upload(client, picture_bytes("PNG", size=(900, 600)))
    image = Image.objects.get()
    Image.objects.update(has_renditions=True, crops_for="50-50")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page_of(image), WORDS | {"alt": "Only words"})
    assert not DBTaskResult.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page_of(image), WORDS | {"focal_x": "20"})
    (task,) = DBTaskResult.objects.all()
    made = [name for _path, (_file, _kind, name, *_rest), _no in task.args_kwargs["kwargs"]["new"]]
    assert set(made) == {"3/2", "16/9"}


def test_replaced_file_is_removed_and_one_in_a_text_is_not_replaced(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of("Author")
    upload(client, picture_bytes("PNG"))
    image = Image.objects.get()
    article = ArticleFactory(lead_image=image, body=body_with(image))
    old, new = settings.MEDIA_ROOT / image.file.name, WORDS | {"file": file(two_colours())}
    with django_capture_on_commit_callbacks(execute=True):
        refused = client.post(page_of(image), new)
    assert "stands in a text" in refused.content.decode()
    assert old.exists()
    article.body = "<p>Text</p>"
    article.save()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page_of(image), WORDS | {"file": file(two_colours())})
    image.refresh_from_db()
    assert (image.width, image.height) == (60, 40)
    assert not old.exists()
    assert (settings.MEDIA_ROOT / image.file.name).exists()


def test_page_of_a_picture_lists_what_shows_it() -> None:
    image = ImageFactory()
    article = ArticleFactory(headline="The mill", lead_image=image)
    uses = BeautifulSoup(client_of("Editor").get(page_of(image)).content, "lxml").select_one(
        "#uses"
    )
    link = uses.select_one("a")
    assert (link["href"], link.get_text()) == (
        f"/admin/articles/article/{article.pk}/change/", "The mill",
    )  # fmt: skip
    assert "as its lead · Published" in uses.get_text()


def test_author_is_not_told_the_headlines_of_others_drafts() -> None:
    image = ImageFactory()
    ArticleFactory(draft=True, headline="Secret", body=body_with(image))
    page = client_of("Author").get(page_of(image)).content.decode()
    assert "Secret" not in page
    assert "1 report of somebody else" in page


def test_editor_deletes_what_nothing_shows() -> None:
    image = ImageFactory()
    client_of("Editor").post(page_of(image, "delete"), {"post": "yes"})
    assert not Image.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_picture_in_use_is_not_deleted_and_its_uses_are_shown(method: str) -> None:
    image = ImageFactory()
    ArticleFactory(headline="The mill", lead_image=image)
    answer = getattr(client_of("Editor"), method)(
        page_of(image, "delete"), {"post": "yes"}, follow=True
    )
    assert "is in use, so it cannot be deleted: “The mill”" in answer.content.decode()
    assert Image.objects.exists()


def test_bulk_deletion_stops_at_a_picture_in_use() -> None:
    image, lost = ImageFactory(), ImageFactory()
    ArticleFactory(lead_image=image)
    client_of("Editor").post(
        LIBRARY,
        {"action": "delete_selected", "_selected_action": [image.pk, lost.pk], "post": "yes"},
    )
    assert Image.objects.count() == 2
    client_of("Editor").post(
        LIBRARY, {"action": "delete_selected", "_selected_action": [lost.pk], "post": "yes"}
    )
    assert list(Image.objects.all()) == [image]


def test_author_adds_and_describes_but_does_not_delete() -> None:
    image, client = ImageFactory(), client_of("Author")
    assert client.post(page_of(image), WORDS | {"alt": "Better"}).status_code == 302
    image.refresh_from_db()
    assert image.alt == "Better"
    assert client.post(page_of(image, "delete"), {"post": "yes"}).status_code == 403
    client.post(
        LIBRARY,
        {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"},
    )
    assert Image.objects.exists()


@pytest.mark.parametrize("role", ["Moderator", None])
def test_library_is_not_for_those_who_do_not_write(role: str | None) -> None:
    client = client_of(role)
    for address in (LIBRARY, f"{LIBRARY}add/", page_of(ImageFactory())):
        assert client.get(address).status_code in {302, 403}


def test_only_those_who_may_delete_are_offered_a_choice() -> None:
    ImageFactory()
    for role, is_offered in (("Author", False), ("Editor", True)):
        page = BeautifulSoup(client_of(role).get(LIBRARY).content, "lxml")
        assert bool(page.select("input.action-select, .action-toggle")) is is_offered

"""The rest of the desk: pictures, filing, standing pages, menus and the publication."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as PillowImage

from articles.models import Image, MenuItem, Page, Publication, Section
from tests.accounts.factories import UserFactory
from tests.articles.factories import (
    ArticleFactory,
    AuthorFactory,
    SectionFactory,
    SeriesFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db

IMAGES = "/admin/articles/image/"
PUBLICATION = "/admin/articles/publication/1/change/"
SCRIPT = "<script>alert(1)</script>"
WORDS = {"alt": "A ship", "caption": "", "credit": "", "focal_x": "50", "focal_y": "50"}


@pytest.fixture(autouse=True)
def chief(client: Client) -> Any:
    user = UserFactory(role="Chief")
    client.force_login(user)
    return user


def picture(name: str = "ship.jpg", kind: str = "JPEG") -> SimpleUploadedFile:
    with io.BytesIO() as file:
        PillowImage.new("RGB", (60, 40)).save(file, kind)
        return SimpleUploadedFile(name, file.getvalue())


def errors_of(response: Any) -> Any:
    return response.context["adminform"].form.errors


def publication_form(**changes: Any) -> dict[str, Any]:
    fields = {
        "name": "The Ledger", "tagline": "", "accent_colour": "#123456", "language": "en",
        "time_zone": "Europe/Berlin", "currency": "EUR", "comment_policy": "hold-new",
        "contact_email": "", "social_links": "", "footer_text": "", "address_days": "90",
        "letter_days": "30", "follow_days": "365", "network_days": "30",
        "trust_after": "1", "trust_refused": "20",
    }  # fmt: skip
    return fields | changes


def test_picture_is_uploaded_with_its_words(client: Client) -> None:
    client.post(f"{IMAGES}add/", WORDS | {"file": picture()})
    image = Image.objects.get()
    assert (image.alt, image.width, image.height) == ("A ship", 60, 40)
    assert image.file.name.startswith("images/ship-")
    page = client.get(f"{IMAGES}{image.pk}/change/").content.decode()
    assert image.file.url in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"file": picture("a.jpg", "GIF")}, "file"),
        ({"file": SimpleUploadedFile("a.svg", b"<svg/>")}, "file"),
        ({"file": SimpleUploadedFile("a.jpg", b"")}, "file"),
        ({"file": ""}, "file"),
        ({"is_decorative": "on"}, "is_decorative"),
        ({"focal_x": "101"}, "focal_x"),
        ({"focal_y": "-1"}, "focal_y"),
        ({"caption": "a\x00"}, "caption"),
    ],
)
def test_bad_upload_is_refused_and_nothing_is_stored(
    client: Client, settings: Any, changes: dict[str, Any], field: str
) -> None:
    fields = {"file": picture()} | WORDS | changes
    response = client.post(f"{IMAGES}add/", fields)
    assert errors_of(response).keys() == {field}
    assert not Image.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.*"))


def test_words_change_without_the_file_being_read(client: Client) -> None:
    image = Image.objects.create(alt="A", file="images/gone.jpg", width=3, height=2)
    response = client.post(f"{IMAGES}{image.pk}/change/", WORDS | {"alt": "Better"})
    assert response.status_code == 302
    image.refresh_from_db()
    assert (image.alt, image.file.name) == ("Better", "images/gone.jpg")


def test_new_file_waits_for_its_renditions(client: Client) -> None:
    client.post(f"{IMAGES}add/", WORDS | {"file": picture()})
    image = Image.objects.get()
    Image.objects.update(has_renditions=True)
    client.post(f"{IMAGES}{image.pk}/change/", WORDS | {"alt": "Other words"})
    image.refresh_from_db()
    assert image.has_renditions
    client.post(f"{IMAGES}{image.pk}/change/", WORDS | {"file": picture("other.jpg")})
    image.refresh_from_db()
    assert not image.has_renditions


def test_picture_of_an_import_without_a_file_opens(client: Client) -> None:
    image = Image.objects.create(caption="Lost")
    assert "No file" in client.get(f"{IMAGES}{image.pk}/change/").content.decode()
    assert client.get(IMAGES).status_code == 200


def test_publication_has_one_row_and_its_list_leads_there(client: Client) -> None:
    assert client.get("/admin/articles/publication/")["Location"] == PUBLICATION
    assert client.get("/admin/articles/publication/add/").status_code == 403
    assert client.post("/admin/articles/publication/1/delete/").status_code == 403


def test_identity_is_changed_and_shows_at_once(client: Client) -> None:
    client.get("/admin/articles/publication/")
    assert client.get(PUBLICATION).status_code == 200
    response = client.post(PUBLICATION, publication_form(name="The New Ledger", logo=""))
    assert response.status_code == 302
    assert "The New Ledger" in client.get("/").content.decode()
    assert "The New Ledger" in client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "a\x00"),
        ("accent_colour", "red;}body{display:none"),
        ("time_zone", "Mars/Olympus"),
        ("currency", "euro"),
        ("language", "xx"),
        ("contact_email", "nobody"),
        ("comment_policy", "anarchy"),
        ("logo", SimpleUploadedFile("logo.svg", b"<svg onload=alert(1)/>")),
    ],
)
def test_bad_identity_is_refused_at_the_field(client: Client, field: str, value: Any) -> None:
    client.get("/admin/articles/publication/")
    response = client.post(PUBLICATION, publication_form(**{field: value}))
    assert errors_of(response).keys() == {field}
    assert Publication.current().name == "Newsroom"


def test_script_in_the_identity_is_shown_as_text(client: Client) -> None:
    client.get("/admin/articles/publication/")
    fields = dict.fromkeys(["name", "tagline", "footer_text"], SCRIPT)
    client.post(PUBLICATION, publication_form(**fields))
    assert Publication.current().name == SCRIPT
    for address in ("/", "/admin/", PUBLICATION):
        assert SCRIPT not in client.get(address).content.decode(), address


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example/", "evil.example", ""])
def test_menu_leads_only_to_addresses(client: Client, url: str) -> None:
    fields = {"menu": "header", "label": "X", "url": url, "position": "0"}
    response = client.post("/admin/articles/menuitem/add/", fields)
    assert "url" in errors_of(response)
    assert not MenuItem.objects.exists()


def test_section_cannot_be_part_of_itself(client: Client) -> None:
    top = SectionFactory()
    below = SectionFactory(parent=top)
    fields = {"name": "A", "slug": "a", "description": "", "position": "0", "parent": below.pk}
    response = client.post(f"/admin/articles/section/{top.pk}/change/", fields)
    assert "parent" in errors_of(response)
    top.refresh_from_db()
    assert top.parent is None


def test_section_in_use_is_not_deleted(client: Client) -> None:
    section = ArticleFactory().section
    client.post(f"/admin/articles/section/{section.pk}/delete/", {"post": "yes"})
    assert Section.objects.filter(pk=section.pk).exists()


def test_standing_page_is_written_clean(client: Client) -> None:
    fields = {"title": "About", "slug": "about", "body": f"<p>Us</p>{SCRIPT}", "is_public": "on"}
    client.post("/admin/articles/page/add/", fields)
    assert Page.objects.get().body == "<p>Us</p>"
    assert client.get("/pages/about/").status_code == 200


def test_every_list_and_form_opens_and_shows_script_as_text(client: Client) -> None:
    rows = [
        SectionFactory(name=SCRIPT), SeriesFactory(name=SCRIPT), TagFactory(name=SCRIPT),
        AuthorFactory(name=SCRIPT, role=SCRIPT, bio=SCRIPT),
        Page.objects.create(title=SCRIPT, slug="x"),
        MenuItem.objects.create(label=SCRIPT, url="/x/"),
        Image.objects.create(alt=SCRIPT, caption=SCRIPT, credit=SCRIPT),
    ]  # fmt: skip
    for row in rows:
        base = f"/admin/articles/{row._meta.model_name}/"
        for address in (base, f"{base}?q=script", f"{base}add/", f"{base}{row.pk}/change/"):
            response = client.get(address)
            assert response.status_code == 200, address
            assert SCRIPT not in response.content.decode(), address


def test_author_uploads_pictures_but_does_not_touch_the_identity(client: Client) -> None:
    client.force_login(UserFactory(role="Author"))
    assert client.get(f"{IMAGES}add/").status_code == 200
    for place in ("publication", "menuitem", "page", "section"):
        assert client.post(f"/admin/articles/{place}/add/").status_code == 403
    assert client.get("/admin/articles/publication/").status_code == 403
    assert client.get("/admin/articles/menuitem/").status_code == 403

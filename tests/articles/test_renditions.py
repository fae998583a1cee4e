"""The sizes and crops of a picture: made by the worker, around the focal point, and removed."""

import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from django_tasks_db.models import DBTaskResult
from PIL import Image as PillowImage

from articles.models import Image
from articles.pictures import check_picture
from articles.renditions import discard_files, make_renditions, queue_missing
from tests.articles.factories import ImageFactory
from tests.articles.test_pictures import located_exif, picture_bytes, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_background(django_capture_on_commit_callbacks: Any) -> Any:
    """Commit what happens inside."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def run_worker() -> None:
    for task in DBTaskResult.objects.order_by("enqueued_at"):
        make_renditions.call(**task.args_kwargs["kwargs"])
    DBTaskResult.objects.all().delete()


def striped() -> bytes:
    """Return a picture of three upright stripes: red, lime and blue."""
    with io.BytesIO() as file:
        picture = PillowImage.new("RGB", (1500, 500), "lime")
        picture.paste("red", (0, 0, 500, 500))
        picture.paste("blue", (1000, 0, 1500, 500))
        picture.save(file, "PNG")
        return file.getvalue()


def stored(content: bytes, **fields: Any) -> Image:
    image = Image(alt="A picture", **fields)
    image.file.save("a.png", check_picture(upload("a.png", content)))
    return image


def colours_of(image: Image, ratio: str) -> tuple[str, str]:
    """Return which stripe stands at the left and the right edge of a crop."""
    names = ("red", "lime", "blue")
    (crop,) = [c for w, c in image.file.aspect_ratios[ratio]["WEBP"].items() if w == 426]
    with PillowImage.open(crop.path) as file:
        picture = file.convert("RGB")
    edges = [picture.getpixel((x, 9)) for x in (4, picture.width - 5)]
    left, right = (names[max(range(3), key=lambda band: pixel[band])] for pixel in edges)
    return left, right


@pytest.mark.parametrize(
    ("focal_x", "colours"), [(0, ("red", "lime")), (50, ("red", "blue")), (100, ("lime", "blue"))]
)
def test_crop_keeps_the_focal_point(
    in_background: Any, focal_x: int, colours: tuple[str, str]
) -> None:
    with in_background():
        image = stored(striped(), focal_x=focal_x)
    run_worker()
    image.refresh_from_db()
    assert image.crops_for == f"{focal_x}-50"
    assert colours_of(image, "3/2") == colours


def test_crops_are_made_anew_when_the_focal_point_moves(in_background: Any) -> None:
    with in_background():
        image = stored(striped(), focal_x=0)
    run_worker()
    before = sources_of(image_again(image), "3/2")
    with in_background():
        Image.objects.update(focal_x=100)
        queue_missing(image_again(image))
    assert sources_of(image_again(image), "3/2") == before  # until the worker has been there
    run_worker()
    assert colours_of(image, "3/2") == ("lime", "blue")
    after = sources_of(image_again(image), "3/2")
    assert [address.partition("?")[0] for address in after] == [
        address.partition("?")[0] for address in before
    ]
    assert not set(after) & set(before)  # caches keep an address for ever


def test_worker_that_was_overtaken_ends_with_what_the_row_says(
    in_background: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from articles import renditions

    with in_background():
        image = stored(striped(), focal_x=0)
    save = renditions._save

    def save_while_an_editor_moves_it(*args: Any) -> None:
        save(*args)
        Image.objects.update(focal_x=100)

    monkeypatch.setattr(renditions, "_save", save_while_an_editor_moves_it)
    run_worker()
    image.refresh_from_db()
    assert image.crops_for == "100-50"
    assert image.has_renditions
    assert colours_of(image, "3/2") == ("lime", "blue")


def image_again(image: Image) -> Image:
    return Image.objects.get(pk=image.pk)


def sources_of(image: Image, ratio: str = "") -> list[str]:
    """Return the addresses of the sizes that a page offers."""
    html = Template("{% load articles %}{% picture image ratio=ratio %}").render(
        Context({"image": image, "ratio": ratio})
    )
    sources = BeautifulSoup(html, "lxml").find_all("source")
    return [size.split()[0] for tag in sources for size in str(tag["srcset"]).split(", ")]


def test_page_offers_crops_where_it_crops_and_the_whole_elsewhere(in_background: Any) -> None:
    with in_background():
        image = stored(picture_bytes("PNG", size=(1300, 900)))
    assert sources_of(image) == []
    assert sources_of(image, "3/2") == []
    run_worker()
    image.refresh_from_db()
    assert len(sources_of(image)) == 6
    assert not any("3_2" in address for address in sources_of(image))
    assert all("/3_2/" in address for address in sources_of(image, "3/2"))
    assert all("/16_9/" in address for address in sources_of(image, "16/9"))
    Image.objects.update(crops_for="")  # as those from before there were crops
    assert sources_of(image_again(image), "3/2") == sources_of(image)


def test_picture_too_small_for_crops_is_shown_as_it_is(in_background: Any) -> None:
    with in_background():
        image = stored(picture_bytes("PNG", size=(40, 30)))
    run_worker()
    assert sources_of(image_again(image), "3/2") == []


def test_offered_crops_are_there_and_have_their_ratio(in_background: Any, settings: Any) -> None:
    with in_background():
        image = stored(picture_bytes("PNG", size=(900, 1300)))
    run_worker()
    for ratio, shape in (("3/2", 3 / 2), ("16/9", 16 / 9)):
        found = sources_of(image_again(image), ratio)
        assert found
        for address in found:
            file = settings.MEDIA_ROOT / address.partition("?")[0].removeprefix("/media/")
            with PillowImage.open(file) as crop:
                assert crop.width / crop.height == pytest.approx(shape, abs=0.01)


def test_discarded_picture_leaves_no_file(in_background: Any, settings: Any) -> None:
    with in_background():
        image = stored(picture_bytes("PNG", size=(900, 600)))
    run_worker()
    file = image.file
    with in_background():
        image.delete()
        discard_files(file)
    run_worker()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_file_that_two_rows_share_stays_until_the_last_goes(
    in_background: Any, settings: Any
) -> None:
    with in_background():
        image = stored(picture_bytes("PNG", size=(900, 600)))
        other = ImageFactory(file=image.file.name)
    with in_background():
        image.delete()
        discard_files(other.file)
    run_worker()
    assert (settings.MEDIA_ROOT / other.file.name).exists()


def test_sizes_of_a_picture_that_is_gone_are_not_made(in_background: Any, settings: Any) -> None:
    with in_background():
        image = stored(picture_bytes("PNG", size=(900, 600)))
        file = image.file
        image.delete()
        discard_files(file)
    run_worker()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_renditions_are_queued_at_commit_and_noted_when_made(
    django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        image = Image(alt="A picture")
        content = picture_bytes(size=(900, 600), exif=located_exif())
        image.file.save("a.jpg", check_picture(upload("a.jpg", content)))
    assert (image.width, image.height) == (600, 900)  # as it is to be looked at
    assert not image.has_renditions
    task = DBTaskResult.objects.get()
    make_renditions.call(**task.args_kwargs["kwargs"])
    image.refresh_from_db()
    assert image.has_renditions
    assert image.crops_for == "50-50"
    assert list(settings.MEDIA_ROOT.rglob("3_2/*.avif"))
    made = [path for path in settings.MEDIA_ROOT.rglob("*.avif") if "_" not in path.parent.name]
    assert made
    for file in made:
        with PillowImage.open(file) as rendition:
            assert rendition.height > rendition.width
            assert not rendition.getexif()

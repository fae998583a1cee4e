"""Pictures: what is refused and why, what is kept of them, and how they are known again."""

import io
import struct
import zlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as PillowImage
from PIL.PngImagePlugin import PngInfo

from articles.models import Image
from articles.pictures import MAX_BYTES, check_picture, content_digest, upload_path

LATITUDE, ORIENTATION = 2, 0x0112
GPS = 0x8825


def picture_bytes(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    with io.BytesIO() as file:
        PillowImage.new("RGB", size, "#9b2226").save(file, format=kind, **options)
        return file.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def huge_png(width: int, height: int) -> bytes:
    """Return a tiny file that claims to be a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + rows + chunk(b"IEND", b"")


def located_exif(orientation: int = 6) -> PillowImage.Exif:
    exif = PillowImage.Exif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[LATITUDE] = (51.0, 28.0, 38.0)
    return exif


BAD = {
    "gif renamed": ("a.jpg", lambda: picture_bytes("GIF"), "not a JPEG"),
    "gif": ("a.gif", lambda: picture_bytes("GIF"), "not a JPEG"),
    "svg": ("a.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not a JPEG"),
    "svg renamed": ("a.png", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not a JPEG"),
    "html": ("a.jpg", lambda: b"<script>alert(1)</script>", "not a JPEG"),
    "truncated": ("a.jpg", lambda: picture_bytes(size=(400, 400))[:-200], "not a JPEG"),
    "header only": ("a.png", lambda: picture_bytes("PNG")[:40], "not a JPEG"),
    "png named jpg": ("a.jpg", lambda: picture_bytes("PNG"), "Rename it to .png"),
    "no suffix": ("a", lambda: picture_bytes("PNG"), "Rename it to .png"),
    "20,000 px": ("a.png", lambda: huge_png(20_000, 20_000), "too large to show"),
    "10,000 px": ("a.png", lambda: huge_png(10_000, 10_000), "too large to show"),
    "8,000 px": ("a.png", lambda: huge_png(8_000, 8_000), "8000 by 8000"),
    "16 MB": ("a.jpg", lambda: picture_bytes() + bytes(MAX_BYTES), "15 MB"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_picture_is_refused_with_its_reason(case: str) -> None:
    name, content, reason = BAD[case]
    with pytest.raises(ValidationError, match=reason):
        check_picture(upload(name, content()))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.jpg", "JPEG"), ("A.JPEG", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP"),
        ("a.avif", "AVIF"),
    ],
)  # fmt: skip
def test_good_picture_is_kept_byte_for_byte(name: str, kind: str) -> None:
    content = picture_bytes(kind)
    assert check_picture(upload(name, content)).read() == content


def test_phone_jpeg_of_several_pictures_is_accepted() -> None:
    with io.BytesIO() as file:
        PillowImage.new("RGB", (9, 9)).save(
            file, "MPO", save_all=True, append_images=[PillowImage.new("RGB", (9, 9))]
        )
        content = file.getvalue()
    assert check_picture(upload("a.jpg", content)).read() == content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_place_where_it_was_taken_is_removed_and_the_orientation_stays(kind: str) -> None:
    suffix = {"JPEG": "jpg"}.get(kind, kind.lower())
    content = picture_bytes(kind, exif=located_exif())
    checked = check_picture(upload(f"a.{suffix}", content))
    with PillowImage.open(checked) as picture:
        exif = picture.getexif()
        assert GPS not in exif
        assert exif[ORIENTATION] == 6
        assert picture.size in {(40, 30), (30, 40)}


def test_place_named_in_xmp_is_removed() -> None:
    notes = b'<x:xmpmeta><rdf:Description exif:GPSLatitude="51,28.6N"/></x:xmpmeta>'
    checked = check_picture(upload("a.jpg", picture_bytes(xmp=notes)))
    assert b"GPSLatitude" not in checked.read()


NOTES = b'<x:xmpmeta><rdf:Description exif:GPSLatitude="51,28.6N"/></x:xmpmeta>'


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_place_named_in_xmp_is_removed_from_other_kinds(kind: str) -> None:
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", NOTES.decode())
    content = picture_bytes(kind, **({"pnginfo": info} if kind == "PNG" else {"xmp": NOTES}))
    assert b"GPSLatitude" in content
    checked = check_picture(upload(f"a.{kind.lower()}", content))
    assert b"GPSLatitude" not in checked.read()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.jpg", "Ärger & Co.JPG", "x" * 300 + ".jpg", ".jpg"]
)
def test_path_is_ours_whatever_the_name(name: str) -> None:
    path = upload_path(None, name)
    assert path.startswith("images/")
    assert path.count("/") == 1
    assert path.isascii()
    assert len(path) < 100


@pytest.mark.django_db
def test_stored_picture_is_not_read_again() -> None:
    image = Image.objects.create(alt="A", file="images/gone.jpg", width=3, height=2)
    image.full_clean()  # the file is not even there


@pytest.mark.django_db
def test_picture_is_validated_outside_forms_too() -> None:
    image = Image(alt="A")
    image.file = upload("a.jpg", picture_bytes("PNG"))
    with pytest.raises(ValidationError):
        image.full_clean()


def two_colours(kind: str = "PNG", **options: Any) -> bytes:
    with io.BytesIO() as file:
        picture = PillowImage.new("RGB", (60, 40), "red")
        picture.paste("blue", (30, 0, 60, 40))
        picture.save(file, format=kind, **options)
        return file.getvalue()


def digest_of(name: str, content: bytes) -> str:
    return content_digest(upload(name, content))


def test_picture_is_known_again_by_its_pixels() -> None:
    known = digest_of("a.png", two_colours())
    assert len(known) == 64
    assert digest_of("b.png", two_colours(compress_level=1)) == known
    assert digest_of("b.png", two_colours(exif=located_exif(orientation=1))) == known
    assert digest_of("b.webp", two_colours("WEBP", lossless=True)) == known
    assert digest_of("a.png", picture_bytes("PNG", size=(60, 40))) != known


def test_picture_is_known_again_when_its_place_was_taken_out_before_or_here() -> None:
    located = two_colours("JPEG", exif=located_exif())
    other_exif = PillowImage.Exif()
    other_exif[ORIENTATION] = 6
    stripped = two_colours("JPEG", exif=other_exif)
    assert check_picture(upload("a.jpg", located)).content_digest == digest_of("b.jpg", stripped)


def test_picture_is_known_again_when_it_was_turned_upright() -> None:
    exif = PillowImage.Exif()
    exif[ORIENTATION] = 6  # to be turned a quarter to the right
    with PillowImage.open(io.BytesIO(two_colours())) as picture, io.BytesIO() as file:
        picture.transpose(PillowImage.Transpose.ROTATE_270).save(file, "PNG")
        upright = file.getvalue()
    assert digest_of("a.png", two_colours(exif=exif)) == digest_of("b.png", upright)
    assert digest_of("a.png", two_colours()) != digest_of("b.png", upright)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_picture_of_any_mode_is_known_by_something(mode: str) -> None:
    with io.BytesIO() as file:
        PillowImage.new(mode, (9, 7)).save(file, "PNG")
        assert len(digest_of("a.png", file.getvalue())) == 64


def test_bad_picture_has_no_digest() -> None:
    with pytest.raises(ValidationError, match="not a JPEG"):
        digest_of("a.png", b"nothing")


@pytest.mark.django_db
@pytest.mark.parametrize("saves_at_once", [True, False])
def test_width_and_height_are_noted_whichever_way_the_file_is_given(saves_at_once: bool) -> None:
    image = Image(alt="A")
    image.file.save("a.png", upload("a.png", two_colours()), save=saves_at_once)
    image.save()
    image.refresh_from_db()
    assert (image.width, image.height) == (60, 40)

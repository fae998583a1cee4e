"""Pictures: what may be uploaded, where it is kept, and by what it is known again."""

import hashlib
import io
import re
import secrets
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image as PillowImage
from PIL import ImageOps

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000
BAND = 256  # rows
# By Pillow's name; the file's own extension is not trusted.
EXTENSIONS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif"}
EXIF_LOCATION = 0x8825
# What Pillow raises on a file that is broken in one way or another.
DAMAGE = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, RuntimeError,
    struct.error, zlib.error,
)  # fmt: skip


class CheckedPicture(SimpleUploadedFile):
    """An upload that was looked into, and that does not tell where it was taken."""

    content_digest = ""  # of what came, since taking the place out may write some kinds anew


def upload_path(_instance: object, filename: str) -> str:
    """Return where an upload is kept: a name that cannot be guessed, with its extension."""
    stem = re.sub(r"[^a-z0-9]+", "-", PurePath(filename).stem.lower()).strip("-")[:60]
    return f"images/{stem or 'picture'}-{secrets.token_hex(4)}{PurePath(filename).suffix.lower()}"


def validate_picture(file: IO[bytes]) -> None:
    """Raise ValidationError unless file is a picture of a kind and size we show.

    One that is stored, or that ``check_picture`` made, is not read again.
    """
    is_stored = getattr(file, "_committed", False)
    if is_stored or isinstance(getattr(file, "file", None), CheckedPicture):
        return
    with _decoded(file):
        pass


def content_digest(file: IO[bytes]) -> str:
    """Return by what a picture is known again: the SHA-256 of its pixels, upright.

    What is written beside the pixels (time, camera, place) makes no difference.
    Raises ValidationError as ``validate_picture`` does.
    """
    with _decoded(file) as picture:
        return _digest_of(picture)


def check_picture(upload: IO[bytes]) -> CheckedPicture:
    """Return upload as it may be kept: without the place where it was taken.

    Raises ValidationError as ``validate_picture`` does.
    """
    with _decoded(upload) as picture:
        kind, content = _kind(picture), _without_location(picture)
        digest = _digest_of(picture)
    checked = CheckedPicture(str(upload.name), content or upload.read(), f"image/{kind.lower()}")
    checked.content_digest = digest
    return checked


@contextmanager
def _decoded(file: IO[bytes]) -> Iterator[PillowImage.Image]:
    """Open and unpack a picture; leaves the file at its beginning. Raises ValidationError.

    Only the header is read before the size is known, so a bomb of a picture is never unpacked.
    """
    if getattr(file, "size", 0) > MAX_BYTES:
        raise ValidationError(_("The picture has more than 15 MB. Save it smaller."))
    try:
        file.seek(0)
        with PillowImage.open(file, formats=list(EXTENSIONS)) as picture:
            _check_size(picture)
            picture.load()
            _check_name(picture, getattr(file, "name", "") or "")
            yield picture
    except ValidationError:
        raise
    except (PillowImage.DecompressionBombError, PillowImage.DecompressionBombWarning) as error:
        raise ValidationError(
            _("The picture is too large to show: it has more than 50 million pixels.")
        ) from error
    except DAMAGE as error:
        raise ValidationError(
            _("This is not a JPEG, PNG, WebP or AVIF picture, or it is damaged.")
        ) from error
    finally:
        file.seek(0)


def _check_size(picture: PillowImage.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise ValidationError(
            _("The picture is %(width)d by %(height)d pixels, too large to show."),
            params={"width": width, "height": height},
        )


def _check_name(picture: PillowImage.Image, name: str) -> None:
    kind, suffix = _kind(picture), PurePath(name).suffix.lower()
    right = EXTENSIONS[kind]
    if suffix != right and (kind, suffix) != ("JPEG", ".jpeg"):
        raise ValidationError(
            _("The file is a %(kind)s but its name ends in “%(suffix)s”. Rename it to %(right)s."),
            params={"kind": kind, "suffix": suffix, "right": right},
        )


def _kind(picture: PillowImage.Image) -> str:
    # Phones write several pictures into one JPEG, the first being the one to show.
    return "JPEG" if picture.format == "MPO" else str(picture.format)


def _digest_of(picture: PillowImage.Image) -> str:
    upright = ImageOps.exif_transpose(picture)
    width, height = upright.size
    digest = hashlib.sha256(f"{width}x{height}:".encode())
    for top in range(0, height, BAND):  # a band at a time: four bytes a pixel are many
        band = upright.crop((0, top, width, min(top + BAND, height)))
        digest.update(band.convert("RGBA").tobytes())
    return digest.hexdigest()


def _without_location(picture: PillowImage.Image) -> bytes | None:
    """Return the file anew without the place where it was taken; None when it names none."""
    exif = picture.getexif()
    notes = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    if EXIF_LOCATION not in exif and "GPS" not in str(notes):
        return None
    if EXIF_LOCATION in exif:
        del exif[EXIF_LOCATION]
    options: dict[str, Any] = {"exif": exif.tobytes()}
    if profile := picture.info.get("icc_profile"):
        options["icc_profile"] = profile
    if picture.format != "PNG":
        # The same tables as before where that is possible, else nothing an eye would miss.
        options["quality"] = "keep" if picture.format == "JPEG" else 95
    with io.BytesIO() as anew:
        picture.save(anew, format=_kind(picture), **options)
        return anew.getvalue()

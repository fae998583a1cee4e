"""Pictures: what may be uploaded, where it is kept, and its smaller sizes."""

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
from django.db import transaction
from django.tasks import task
from django.utils.translation import gettext_lazy as _
from PIL import Image as PillowImage

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000
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


def check_picture(upload: IO[bytes]) -> CheckedPicture:
    """Return upload as it may be kept: without the place where it was taken.

    Raises ValidationError as ``validate_picture`` does.
    """
    with _decoded(upload) as picture:
        kind, content = _kind(picture), _without_location(picture)
    return CheckedPicture(str(upload.name), content or upload.read(), f"image/{kind.lower()}")


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


def queue_renditions(**job: Any) -> None:
    """Have the worker make the sizes of a picture once its row is committed."""
    transaction.on_commit(lambda: make_renditions.enqueue(**job))


@task(queue_name="pictures")
def make_renditions(
    *,
    storage: Any,
    file_name: str,
    sender: Any,
    new: Any = None,
    old: Any = None,
) -> None:
    """Make and remove the files of a picture, and note on its row that they are there."""
    from pictures.tasks import _process_picture  # noqa: PLC0415 (needs the app registry)

    from articles.models import Image  # noqa: PLC0415 (the model imports this module)

    _process_picture(storage=storage, file_name=file_name, sender=sender, new=new, old=old)
    if new:
        Image.objects.filter(file=file_name).update(has_renditions=True)

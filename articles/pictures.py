"""Pictures: what may be uploaded, where it is kept, and its smaller sizes."""

import re
import secrets
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.tasks import task
from django.utils.translation import gettext_lazy as _
from PIL import Image as PillowImage

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000
# By Pillow's name; the file's own extension is not trusted and is replaced.
EXTENSIONS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif"}


def upload_path(_instance: object, filename: str) -> str:
    """Return where an upload is kept: a name that cannot be guessed, its true extension."""
    stem = re.sub(r"[^a-z0-9]+", "-", PurePath(filename).stem.lower()).strip("-")[:60]
    return f"images/{stem or 'picture'}-{secrets.token_hex(4)}{PurePath(filename).suffix.lower()}"


def validate_picture(file: IO[bytes]) -> None:
    """Raise ValidationError unless file is a picture of a kind and size we show.

    Only the header is read before the size is known, so a bomb of a picture is never unpacked.
    """
    size = getattr(file, "size", 0)
    if size > MAX_BYTES:
        raise ValidationError(_("The picture has more than 15 MB. Save it smaller."))
    suffix = PurePath(getattr(file, "name", "") or "").suffix.lower()
    try:
        file.seek(0)
        with PillowImage.open(file, formats=list(EXTENSIONS)) as picture:
            kind, (width, height) = picture.format or "", picture.size
            if width * height > MAX_PIXELS:
                raise ValidationError(
                    _("The picture is %(width)d × %(height)d pixels, too large to show."),
                    params={"width": width, "height": height},
                )
            picture.load()
    except (OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError) as error:
        raise ValidationError(
            _("This is not a JPEG, PNG, WebP or AVIF picture, or it is damaged.")
        ) from error
    finally:
        file.seek(0)
    expected = EXTENSIONS[kind]
    if suffix not in {expected, ".jpeg" if kind == "JPEG" else expected}:
        raise ValidationError(
            _("The file is a %(kind)s but its name ends in “%(suffix)s”. Rename it to %(right)s."),
            params={"kind": kind, "suffix": suffix, "right": expected},
        )


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

"""The smaller sizes of a picture and its crops, made by the worker.

A crop keeps the focal point where it is in the whole: what stands a third from the left stands
there in the crop too, as CSS's ``object-position`` has it. So pages look alike before and after.
"""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.tasks import task
from pictures.models import PillowPicture
from pictures.utils import reconstruct
from PIL import Image as PillowImage
from PIL import ImageOps

# Of 100, by file type: what nobody tells from the original at the size a page shows it.
QUALITY = {"AVIF": 60, "WEBP": 78}

type Deconstructed = tuple[str, list[Any], dict[str, Any]]


class Rendition(PillowPicture):  # type: ignore[misc]
    """One size of a picture, in its own shape or cropped around the focal point."""

    focus = (0.5, 0.5)  # as shares of width and height

    def resize(self, image: PillowImage.Image) -> PillowImage.Image:
        if self.aspect_ratio is None:
            smaller: PillowImage.Image = super().resize(image)
            return smaller
        return ImageOps.fit(image, (self.width, self.height), centering=self.focus)

    def save(self, image: PillowImage.Image) -> None:
        """Write the file, instead of one that is there already."""
        made = BytesIO()
        self.resize(image).save(
            made, format=self.file_type, quality=QUALITY[self.file_type], exif=b"", icc_profile=b""
        )
        self.storage.delete(self.name)
        self.storage.save(self.name, ContentFile(made.getvalue()))


def queue_renditions(**job: Any) -> None:
    """Have the worker make or remove the sizes of a picture once its row is committed."""
    transaction.on_commit(lambda: make_renditions.enqueue(**job))


def queue_missing(image: Any) -> bool:
    """Have the sizes made that the row does not know of, and the crops for its focal point.

    Returns whether any are lacking.
    """
    lacking = [
        one
        for one in image.file.get_picture_files_list()
        if (image.crops_for != image.focus if one.aspect_ratio else not image.has_renditions)
    ]
    if lacking:
        queue_renditions(
            storage=image.file.storage.deconstruct(), file_name=image.file.name,
            sender=image.file.sender, new=[one.deconstruct() for one in lacking], old=[],
        )  # fmt: skip
    return bool(lacking)


def smallest(image: Any) -> str:
    """Return the address of the smallest size that is there; of the file itself before any is."""
    widths = image.file.aspect_ratios[None]["WEBP"] if image.has_renditions else {}
    return str(widths[min(widths)].url if widths else image.file.url)


def discard_files(file: Any) -> None:
    """Remove a picture's file and all its sizes, unless another row has the same file.

    Call it when no row of one's own names the file any more; it happens once that is committed.
    """
    if file and _focus_of(file.name) is None:
        name, storage = file.name, file.storage
        file.delete_all()
        transaction.on_commit(lambda: storage.delete(name))


@task(queue_name="pictures")
def make_renditions(
    *,
    storage: Deconstructed,
    file_name: str,
    sender: Any = None,  # noqa: ARG001 (the library's processors are called with it)
    new: list[Deconstructed] | None = None,
    old: list[Deconstructed] | None = None,
) -> None:
    """Make and remove the files of a picture, and note on its row which are there."""
    for one in old or []:
        reconstruct(*one).delete()
    if not new:
        return
    renditions = [reconstruct(*one) for one in new]
    files = reconstruct(*storage)
    if not files.exists(file_name):  # replaced or deleted while this waited
        return
    with files.open(file_name) as file, PillowImage.open(file) as picture:
        whole = Rendition.pre_process(picture)
    focus, to_make = _focus_of(file_name), renditions
    while focus is not None:
        _save(to_make, whole, focus)
        # Somebody may have moved the focal point meanwhile; the crops are to end as the row says.
        made_for, focus = focus, _focus_of(file_name)
        if focus == made_for:
            _note(file_name, renditions, made_for)
            return
        to_make = [one for one in renditions if one.aspect_ratio]


def _focus_of(file_name: str) -> tuple[int, int] | None:
    """Return the focal point in per cent, or None when no row has this file."""
    from articles.models import Image  # noqa: PLC0415 (settings name this module)

    return Image.objects.filter(file=file_name).values_list("focal_x", "focal_y").first()


def _save(renditions: list[Rendition], whole: PillowImage.Image, focus: tuple[int, int]) -> None:
    for rendition in renditions:
        rendition.focus = (focus[0] / 100, focus[1] / 100)
        rendition.save(whole)


def _note(file_name: str, renditions: list[Rendition], focus: tuple[int, int]) -> None:
    from articles.models import Image  # noqa: PLC0415 (settings name this module)

    made: dict[str, Any] = {}
    if any(one.aspect_ratio is None for one in renditions):
        made["has_renditions"] = True
    if any(one.aspect_ratio for one in renditions):
        made["crops_for"] = f"{focus[0]}-{focus[1]}"
    Image.objects.filter(file=file_name).update(**made)

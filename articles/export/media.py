"""The files of a site, copied beside its export under the names they have."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import default_storage

from articles.models import Image, Publication

# Where an import puts sounds, films and documents, which have no rows of their own.
OTHER_FILES = "imported"


def copy_media(folder: Path) -> int:
    """Copy every file but the renditions, which are made anew; return how many there were."""
    folder.mkdir()
    copied = 0
    for name in _names():
        if not default_storage.exists(name):
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with default_storage.open(name) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        copied += 1
    return copied


def _names() -> Iterator[str]:
    yield from Image.objects.exclude(file="").values_list("file", flat=True).iterator()
    yield from Publication.objects.exclude(logo="").values_list("logo", flat=True)
    yield from _files_in(OTHER_FILES)


def _files_in(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _files_in(f"{folder}/{name}")

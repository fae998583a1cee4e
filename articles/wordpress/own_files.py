"""The files of our own export, given back under the names they had, since texts name them."""

from pathlib import Path, PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage

from articles.export.media import OTHER_FILES
from articles.models import Image
from articles.pictures import content_digest
from articles.wordpress.library import OTHER_MEDIA, Library

_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".svg", ".ico"}


class OwnFiles:
    """Finds files in the folder of an export, and stores them."""

    def __init__(self, library: Library) -> None:
        self.library, self.report = library, library.report

    def give(self, image: Image, name: str) -> None:
        """Give an image its file, or say why not."""
        file = self._file(name)
        if file is not None:
            with file.open("rb") as stream:
                try:
                    digest = content_digest(File(stream, name=file.name))
                except ValidationError as error:
                    told = f"{file.name}: {error.messages[0]}"
                    self.report.note("Pictures that cannot be used", told)
                    return
            image.content_digest = image.content_digest or digest
        if not self.store(name):
            self.report.note("Pictures of the media library without their file", name[:200])
            return
        image.file = name
        image.width, image.height = image.file.width, image.file.height
        image.file.save_all()

    def store(self, name: str) -> bool:
        """Store a file under its name; return whether it is there, now or from before."""
        if not name or PurePosixPath(name).suffix.lower() not in _PICTURES | OTHER_MEDIA:
            return False
        if not _is_plain(name):
            return False
        if default_storage.exists(name):
            return True
        file = self._file(name)
        if file is None:
            return False
        with file.open("rb") as stream:
            self.library.written.append(default_storage.save(name, File(stream)))
        return True

    def store_others(self) -> None:
        """Store the sounds, films and documents, which have no rows."""
        root = self.library.folder
        folder = None if root is None else root / OTHER_FILES
        if root is None or folder is None or not folder.is_dir():
            return
        for path in sorted(folder.rglob("*")):
            if path.is_file() and self.store(path.relative_to(root).as_posix()):
                self.report.imported["sounds, films and documents (files)"] += 1

    def _file(self, name: str) -> Path | None:
        """Return the file of a name in the export's folder; never one outside of it."""
        if self.library.folder is None or not _is_plain(name):
            return None
        root = self.library.folder.resolve()
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None


def _is_plain(name: str) -> bool:
    """Tell whether a name leads down from its folder only."""
    parts = PurePosixPath(name).parts
    return "\x00" not in name and ".." not in parts and not name.startswith("/")

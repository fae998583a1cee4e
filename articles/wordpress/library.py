"""The media of an export: what it names, and which of the files were brought along."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage

from articles.models import Image
from articles.pictures import content_digest, upload_path
from articles.wordpress.report import Report
from articles.wordpress.values import plain_text, printable, shortened
from articles.wordpress.wxr import Item

# What browsers play or show as it is, and what cannot act as a page of ours.
OTHER_MEDIA = {
    ".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".flac", ".mp4", ".m4v", ".webm", ".ogv",
    ".mov", ".pdf",
}  # fmt: skip
_SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w+$)")
_UPLOADS = re.compile(r"(?:.*/)?(?:uploads|files)/(.+)")


@dataclass(slots=True, frozen=True)
class Attachment:
    """A file of the media library as the export describes it."""

    id: str
    url: str
    alt: str
    caption: str
    title: str

    @property
    def kind(self) -> str:
        """``image``, ``audio``, ``video`` or whatever else the name's ending says."""
        return (mimetypes.guess_type(urlsplit(self.url).path)[0] or "").partition("/")[0]

    @property
    def is_picture(self) -> bool:
        return self.kind == "image"


@dataclass(slots=True, frozen=True)
class Picture:
    """A stored picture, as far as texts show it: rows are too large to keep all of them."""

    url: str
    alt: str
    width: int | None
    height: int | None


@dataclass
class Library:
    """What texts are converted with: attachments, files brought along, reusable blocks, report."""

    report: Report
    folder: Path | None = None
    attachments: dict[str, Attachment] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)
    reusable: dict[str, str] = field(default_factory=dict)
    by_path: dict[str, str] = field(default_factory=dict)
    # Pictures and files by path in the uploads folder, as far as they are there.
    images: dict[str, Picture] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def register(self, item: Item) -> Attachment:
        """Take note of an attachment; of two with one id, the first stays."""
        url = item["wp:attachment_url"].strip() or item["guid"].strip()
        attachment = Attachment(
            id=item.id,
            url=url,
            alt=shortened(plain_text(item.meta.get("_wp_attachment_image_alt", "")), 500),
            caption=item["excerpt:encoded"].strip(),
            title=plain_text(item["title"]),
        )
        if item.id not in self.attachments:
            self.attachments[item.id] = attachment
            self.by_path.setdefault(uploads_path(url), item.id)
            if item.parent not in {"", "0"}:
                self.children.setdefault(item.parent, []).append(item.id)
        return attachment

    def described(self, url: str, attachment_id: str = "") -> Attachment | None:
        """Return the attachment of an address (of any of its sizes) or an id."""
        path = uploads_path(url)
        number = self.by_path.get(path) or self.by_path.get(_SIZE.sub("", path)) or attachment_id
        return self.attachments.get(number)

    def add_picture(self, path: str, image: Image) -> None:
        """Have texts that show path show image, if it has a file; the first one stays."""
        if image.file:
            self.images.setdefault(
                path, Picture(image.file.url, image.alt, image.width, image.height)
            )

    def picture(self, url: str) -> Picture | None:
        """Return the stored picture of an address, or None when its file was not brought along."""
        path = uploads_path(url)
        for name in dict.fromkeys((_SIZE.sub("", path), path)):
            if name in self.images:
                return self.images[name]
        file = self.file_of(url)
        if file is None:
            return None
        image = Image()
        if not self.store_picture(image, url):
            return None
        self.add_picture(path, image)
        return self.images[path]

    def store_picture(self, image: Image, url: str) -> bool:
        """Save image with the file of url. False when there is none, or with a notice a bad one."""
        path = self.file_of(url)
        if path is None:
            return False
        with path.open("rb") as stream:
            file = File(stream, name=path.name)
            try:
                digest = content_digest(file)
            except ValidationError as error:
                self.report.note(
                    "Pictures that cannot be used", f"{path.name}: {error.messages[0]}"
                )
                return False
            image.file = self._stored(file)
        image.content_digest = digest
        image.width, image.height = image.file.width, image.file.height
        image.file.save_all()
        image.save()
        return True

    def _stored(self, file: "File[Any]") -> str:
        """Return where a picture is kept: a name by its content, so that it is kept once.

        A killed import leaves its files behind; the next one finds them.
        """
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        name = PurePosixPath(upload_path(None, str(file.name)))
        stem = str(name.stem).rpartition("-")[0]
        wanted = str(name.with_name(f"{stem}-{digest[:16]}{name.suffix}"))
        file.seek(0)
        if not default_storage.exists(wanted):
            self._wrote(default_storage.save(wanted, file))
        return wanted

    def other_file(self, url: str) -> str:
        """Return our address of a sound, film or document that was brought along, or ""."""
        if self.folder is None and not self.stored:
            return ""
        path = uploads_path(url)
        if path in self.stored:
            return self.stored[path]
        file = self.file_of(url)
        if file is None or file.suffix.lower() not in OTHER_MEDIA:
            return ""
        name = f"imported/{path}"
        if not default_storage.exists(name):
            with file.open("rb") as stream:
                name = default_storage.save(name, File(stream))
            self._wrote(name)
        self.stored[path] = default_storage.url(name)
        return self.stored[path]

    def file_of(self, url: str) -> Path | None:
        """Return the file of an address in the media folder; never one outside of it."""
        path = uploads_path(url)
        if self.folder is None or not path:
            return None
        root = self.folder.resolve()
        for name in dict.fromkeys((_SIZE.sub("", path), path)):
            for start in ("", "uploads", "wp-content/uploads"):
                found = (root / start / name).resolve()
                if found.is_relative_to(root) and found.is_file():
                    return found
        return None

    def _wrote(self, name: str | None) -> None:
        if name:
            self.written.append(name)

    def discard_files(self) -> None:
        """Remove the files written so far: their rows were rolled back."""
        for name in self.written:
            default_storage.delete(name)
        self.written.clear()


def uploads_path(url: str) -> str:
    """Return where an address lies in WordPress's uploads folder: ``2008/06/mill.jpg``."""
    try:
        path = unquote(urlsplit(url.strip()).path, errors="replace")
    except ValueError:
        return ""
    if match := _UPLOADS.fullmatch(path):
        path = match[1]
    parts = [part for part in PurePosixPath(path).parts if part not in {"/", "..", "."}]
    return printable("/".join(parts))

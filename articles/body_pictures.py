"""The pictures that stand in a body, and how they are found in the media library."""

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote

from django.core.files.storage import default_storage


@dataclass(frozen=True, slots=True)
class BodyPicture:
    """An ``<img>`` of a body. alt: None where the attribute is missing."""

    src: str
    alt: str | None

    @property
    def file_name(self) -> str:
        """The stored file's name, as ``Image.file`` holds it; empty for any other address."""
        start = default_storage.url("")
        return unquote(self.src.removeprefix(start)) if self.src.startswith(start) else ""


class _Pictures(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[BodyPicture] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            values = dict(attrs)
            alt = (values["alt"] or "") if "alt" in values else None
            self.found.append(BodyPicture(values.get("src") or "", alt))


def pictures_of(body: str) -> list[BodyPicture]:
    """Return the pictures of a sanitised body in their order, one that repeats as often."""
    parser = _Pictures()
    parser.feed(body)
    parser.close()
    return parser.found

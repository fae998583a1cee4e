"""The old site's addresses of what was imported, so that they lead to it for ever.

WordPress answers under a thing's permalink, and always under its number: ``/?p=12``, ``/?cat=3``.
"""

from urllib.parse import urlsplit

from django.db import models

from articles.redirects import remember_old_paths
from articles.wordpress.wxr import Item

BATCH = 1_000
_NUMBERED = {"page": ("page_id", "p"), "attachment": ("attachment_id", "p")}


class Addresses:
    """Collects old addresses, and saves them many at a time. Those that are known stay."""

    def __init__(self, site_url: str) -> None:
        """site_url: the old site's; its path stands before every address of it."""
        self._root = _split(site_url)[0].rstrip("/")
        self._targets: dict[str, models.Model] = {}

    def note(self, item: Item, target: models.Model) -> None:
        """An item's permalink and its numbered addresses lead to target."""
        self.add(_path(item["link"]), target)
        if item.id and not item.is_own:  # only WordPress answers under its numbers
            for name in _NUMBERED.get(item.type, ("p",)):
                self.add(f"{self._root}/?{name}={item.id}", target)

    def note_archive(self, path: str, target: models.Model, number: tuple[str, str]) -> None:
        """A category's, a tag's or an author's page; number: as in the query, with its name."""
        self.add(f"{self._root}/{path}/", target)
        if number[1].strip():
            self.add(f"{self._root}/?{number[0]}={number[1].strip()}", target)

    def add(self, path: str, target: models.Model) -> None:
        own = target.get_absolute_url() if hasattr(target, "get_absolute_url") else ""
        if path not in {"", "/", own}:
            self._targets.setdefault(path, target)
        if len(self._targets) >= BATCH:
            self.save()

    def save(self) -> None:
        remember_old_paths(self._targets)
        self._targets = {}


def _path(link: str) -> str:
    """Return the path of a link, with the query's first parameter where it has one."""
    path, query = _split(link)
    return f"{path or '/'}?{query.partition('&')[0]}" if query else path


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return "", ""
    return parts.path, parts.query

"""What differs between two versions of a report, field by field."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.differences.html import html_difference, html_sides
from articles.differences.plain import text_difference, text_sides
from articles.models import Article, Image, Section, Series


@dataclass(frozen=True)
class Difference:
    """One field that differs: side by side, and as one text with the changes marked."""

    name: str
    label: str
    old: SafeString
    new: SafeString
    merged: SafeString


def field_differences(old: Any, new: Any, names: Collection[str] | None = None) -> list[Difference]:
    """Return the fields in which two versions of a report differ, in the order they are read.

    old, new: reports or their revisions. names: the fields to look at; all if not given.
    """
    found = []
    for name, (label, text_of) in _FIELDS.items():
        if names is not None and name not in names:
            continue
        before, after = text_of(old, name), text_of(new, name)
        if before == after:
            continue
        is_html = name == "body"
        sides = html_sides(before, after) if is_html else text_sides(before, after)
        merged = html_difference(before, after) if is_html else text_difference(before, after)
        found.append(Difference(name, str(label), *sides, merged))
    return found


def _text(version: Any, name: str) -> str:
    value = getattr(version, name)
    return "" if value is None else str(value).replace("\r\n", "\n")


def _choice(version: Any, name: str) -> str:
    return str(getattr(version, f"get_{name}_display")())


def _named(model: Any) -> Callable[[Any, str], str]:
    """Return what names a thing that a version links to, which may be gone since."""

    def name_of(version: Any, name: str) -> str:
        key = getattr(version, f"{name}_id")
        if key is None:
            return ""
        thing = model.objects.filter(pk=key).first()
        return str(thing) if thing else f"#{key}"

    return name_of


def _bylines(version: Any, _name: str) -> str:
    """A report has bylines, a revision rows that copy them."""
    rows = version.bylines if isinstance(version, Article) else version.authors
    names = rows.order_by("position", "author").values_list("author__name", flat=True)
    return ", ".join(name or "?" for name in names)


def _tags(version: Any, _name: str) -> str:
    path = "name" if isinstance(version, Article) else "tag__name"
    return ", ".join(sorted(name or "?" for name in version.tags.values_list(path, flat=True)))


def _related(version: Any, _name: str) -> str:
    path = "headline" if isinstance(version, Article) else "to_article__headline"
    names = version.related.values_list(path, flat=True)
    return "\n".join(sorted(name or "?" for name in names))


_FIELDS: dict[str, tuple[Any, Callable[[Any, str], str]]] = {
    "headline": (_("Headline"), _text),
    "lede": (_("Lede"), _text),
    "key_points": (_("Key points"), _text),
    "body": (_("Body"), _text),
    "bylines": (_("Bylines"), _bylines),
    "dateline": (_("Dateline"), _text),
    "lead_image": (_("Lead image"), _named(Image)),
    "kind": (_("Kind"), _choice),
    "language": (_("Language"), _choice),
    "section": (_("Section"), _named(Section)),
    "series": (_("Series"), _named(Series)),
    "series_part": (_("Part"), _text),
    "tags": (_("Tags"), _tags),
    "related": (_("Related articles"), _related),
}

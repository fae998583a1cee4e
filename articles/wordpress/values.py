"""Single values as WordPress writes them: titles, dates, slugs."""

import datetime
import email.utils
import html
import re
from collections.abc import Iterable
from urllib.parse import unquote

from django.utils.text import slugify

SLUG_LENGTH = 200
# Outside of these a date is a slip, and calendars and feeds cannot show it.
FIRST_YEAR, LAST_YEAR = 1000, 2999
_SILENT = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def plain_text(markup: str) -> str:
    """Return what a reader sees of a short text with markup: no tags, no entities, one line."""
    text = _TAG.sub("", _COMMENT.sub("", _SILENT.sub("", markup)))
    return " ".join(printable(html.unescape(text)).split())


def printable(text: str) -> str:
    """Return text without control characters and lone surrogates: what no parser takes."""
    return _CONTROLS.sub("", text)


def shortened(text: str, length: int) -> str:
    """Return text cut to at most length characters, with an ellipsis where it was cut."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def moment(*candidates: str) -> datetime.datetime | None:
    """Return the first of the dates that is one, as UTC; None when none is.

    WordPress writes 0000-00-00 for "not yet", and RFC 2822 dates in RSS's own fields.
    """
    for text in candidates:
        found = _parsed(text.strip())
        if found and FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
    return None


def _parsed(text: str) -> datetime.datetime | None:
    try:
        if _DATE.fullmatch(text):  # many times as fast
            return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
        return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.UTC)
    except ValueError:
        pass
    try:
        found = email.utils.parsedate_to_datetime(text)
        if found.tzinfo is None:
            return found.replace(tzinfo=datetime.UTC)
        return found.astimezone(datetime.UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def slug_of(*candidates: str) -> str:
    """Return a slug of the first candidate that makes one, or "".

    WordPress keeps letters outside of ASCII percent-encoded.
    """
    for text in candidates:
        slug = slugify(unquote(text, errors="ignore"), allow_unicode=True)
        if slug := slug[:SLUG_LENGTH].strip("-_"):
            return slug
    return ""


class Slugs:
    """The slugs of one kind of thing: those that are there, and those that are given away."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._last: dict[str, int] = {}  # where the search for a free one goes on

    def free(self, slug: str) -> str:
        """Return slug, or slug-2, slug-3, …, and take it."""
        candidate, number = slug, self._last.get(slug, 1)
        while candidate in self._taken:
            number += 1
            end = f"-{number}"
            candidate = f"{slug[: SLUG_LENGTH - len(end)]}{end}"
        self._last[slug] = number
        self._taken.add(candidate)
        return candidate

"""Differences of plain texts: headlines, ledes, key points, names."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.differences.words import Kind, Run, aligned, split

ELEMENTS: dict[Kind, str] = {"gone": "del", "new": "ins"}


def text_difference(old: str, new: str) -> SafeString:
    """Return both texts as one, as HTML, with ``<del>`` and ``<ins>`` around what changed."""
    return _html(aligned(split(old), split(new)))


def text_sides(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Return the old text with what is gone marked, and the new one with what is new."""
    runs = aligned(split(old), split(new))
    return (
        _html([run for run in runs if run[0] != "new"]),
        _html([run for run in runs if run[0] != "gone"]),
    )


def _html(runs: list[Run]) -> SafeString:
    parts = []
    for kind, words in runs:
        text = escape("".join(word.text for word in words)).replace("\n", "<br>")
        element = ELEMENTS.get(kind)
        parts.append(f"<{element}>{text}</{element}>" if element else text)
    return mark_safe("".join(parts))  # escaped above, word by word

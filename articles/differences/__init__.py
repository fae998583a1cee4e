"""How two versions of a text differ, for people: changed words marked in the text itself."""

from articles.differences.fields import Difference, field_differences
from articles.differences.html import html_difference, html_sides
from articles.differences.plain import text_difference, text_sides

__all__ = [
    "Difference", "field_differences", "html_difference", "html_sides", "text_difference",
    "text_sides",
]  # fmt: skip

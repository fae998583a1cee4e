"""Turns a manuscript's Markdown into the body of a report."""

import re
from collections.abc import Mapping
from html import escape

from markdown_it import MarkdownIt

from articles.models import Image

# A picture on a line of its own: ![text alternative](name of the picture "caption")
FIGURE = re.compile(
    r'^!\[(?P<alt>[^\]]+)\]\((?P<name>[\w-]+) "(?P<caption>[^"]+)"\)$', re.MULTILINE
)

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")


def render_body(text: str, images: Mapping[str, Image]) -> str:
    """Return HTML; saving the report cleans it. Raises KeyError for a picture there is not."""

    def figure(match: re.Match[str]) -> str:
        image = images[match["name"]]
        return (
            f'<figure><img src="{image.file.url}" alt="{escape(match["alt"])}"'
            f' width="{image.width}" height="{image.height}">'
            f"<figcaption>{escape(match['caption'])}</figcaption></figure>"
        )

    return str(_PARSER.render(FIGURE.sub(figure, text)))

"""The block editor's text: HTML with comments that name the blocks."""

import json
import re
from html import escape
from typing import Any

from articles.wordpress.classic import paragraphs
from articles.wordpress.embeds import embed_figure, is_address
from articles.wordpress.library import Library
from articles.wordpress.shortcodes import expand_shortcodes, gallery_figure

_DELIMITER = re.compile(
    r"<!--\s+(?P<closer>/)?wp:(?P<name>[a-z][\w-]*(?:/[a-z][\w-]*)?)\s+"
    r"(?P<attributes>\{(?:(?!\}\s+/?-->).)*\}\s+)?(?P<void>/)?-->",
    re.DOTALL,
)
# Blocks that are what they hold.
_PLAIN = {
    "paragraph", "heading", "list", "list-item", "quote", "code", "preformatted", "pullquote",
    "table", "verse", "image", "audio", "cover", "file", "media-text", "video", "buttons", "button",
    "columns", "column", "group", "separator", "html", "details", "text-columns", "subhead", "math",
    "missing",
}  # fmt: skip
_NOTHING = {"spacer", "more", "nextpage"}
# Blocks that the old site filled when it was asked: there is nothing of the author's in them.
_DYNAMIC = re.compile(
    r"(?:archives|avatar|breadcrumbs|calendar|categories|comments?(?:-[\w-]+)?|home-link|"
    r"latest-(?:comments|posts)|legacy-widget|loginout|navigation(?:-[\w-]+)?|"
    r"page-list(?:-item)?|pattern|post-[\w-]+|query(?:-[\w-]+)?|read-more|rss|search|"
    r"site-[\w-]+|tag-cloud|template-part|term-[\w-]+|widget-group)"
)
MAX_REUSE = 5


def has_blocks(text: str) -> bool:
    return bool(_DELIMITER.search(text))


def plain_html(
    text: str, library: Library, post_id: str, footnotes: str = "", reuse: int = 0
) -> str:
    """Return a post's text as plain HTML, whichever editor it was written in.

    footnotes: WordPress's JSON of them. reuse: how many reusable blocks this is nested in.
    """
    if not has_blocks(text):
        return paragraphs(expand_shortcodes(text, library, post_id))
    return _Reader(library, post_id, footnotes, reuse).read(text)


class _Reader:
    """Reads the blocks of one text with a stack of its own, so that no nesting is too deep."""

    def __init__(self, library: Library, post_id: str, footnotes: str, reuse: int) -> None:
        self.library, self.post_id, self.reuse = library, post_id, reuse
        self.footnotes = footnotes
        self.stack: list[tuple[str, dict[str, Any], list[str]]] = [("", {}, [])]

    def read(self, text: str) -> str:
        position = 0
        for match in _DELIMITER.finditer(text):
            self._text(text[position : match.start()])
            position = match.end()
            name = match["name"].removeprefix("core/")
            if match["closer"]:
                if any(name == opened for opened, _attributes, _parts in self.stack[1:]):
                    while self._close() != name:
                        pass
            else:
                self.stack.append((name, _attributes(match["attributes"]), []))
                if match["void"]:
                    self._close()
        self._text(text[position:])
        while len(self.stack) > 1:
            self._close()
        return "".join(self.stack[0][2])

    def _text(self, text: str) -> None:
        if len(self.stack) == 1:  # between blocks: written in the classic editor
            if not text.strip():
                return
            text = paragraphs(expand_shortcodes(text, self.library, self.post_id)).strip()
        self.stack[-1][2].append(text)

    def _close(self) -> str:
        name, attributes, parts = self.stack.pop()
        self.stack[-1][2].append(self._html(name, attributes, "".join(parts)))
        return name

    def _html(self, name: str, attributes: dict[str, Any], inner: str) -> str:  # noqa: C901, PLR0911 (a case a block)
        if name in _NOTHING:
            return ""
        if name in _PLAIN:
            return expand_shortcodes(inner, self.library, self.post_id)
        if name == "gallery":
            ids = attributes.get("ids") or []
            if "<img" in inner or not isinstance(ids, list):
                return inner
            return gallery_figure([str(number) for number in ids], self.library) if ids else ""
        if name == "embed" or name.startswith("core-embed/"):
            return _embed(attributes, inner)
        if name in {"shortcode", "freeform", "classic"}:
            return paragraphs(expand_shortcodes(inner, self.library, self.post_id))
        if name == "social-link":
            url = str(attributes.get("url", ""))
            label = str(attributes.get("label") or attributes.get("service") or url)
            return (
                f'<li><a href="{escape(url)}">{escape(label)}</a></li>' if is_address(url) else ""
            )
        if name == "social-links":
            return inner if "<li>" in inner else ""
        if name == "footnotes":
            return _footnotes(self.footnotes)
        if name == "block":
            return self._reused(str(attributes.get("ref", "")))
        if _DYNAMIC.fullmatch(name):
            self.library.report.note("Blocks the old site filled by itself, left out", name)
            return ""
        self.library.report.note("Unknown blocks (their text is kept)", name)
        return expand_shortcodes(inner, self.library, self.post_id)

    def _reused(self, number: str) -> str:
        text = self.library.reusable.get(number, "")
        if not text or self.reuse >= MAX_REUSE:
            self.library.report.note("Reusable blocks that the export lacks", number or "?")
            return ""
        return plain_html(text, self.library, self.post_id, reuse=self.reuse + 1)


def _attributes(text: str | None) -> dict[str, Any]:
    if not text:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _embed(attributes: dict[str, Any], inner: str) -> str:
    url = str(attributes.get("url") or "")
    if not is_address(url):
        found = re.search(r"https?://[^\s<>\"']+", inner)
        url = found[0].replace("&amp;", "&") if found else ""
    caption = re.search(r"<figcaption[^>]*>(.*?)</figcaption>", inner, re.DOTALL)
    align = str(attributes.get("align") or "")
    align = f"align{align}" if align in {"left", "right", "center", "wide", "full"} else ""
    return embed_figure(url, caption=caption[1] if caption else "", align=align)


def _footnotes(text: str) -> str:
    """Return the list of footnotes; the text's own references are numbered in the same order."""
    try:
        notes = json.loads(text or "[]")
    except (ValueError, RecursionError):
        notes = []
    if not isinstance(notes, list):
        return ""
    items = [
        f'<li id="{escape(str(note.get("id", "")))}">{note.get("content", "")} '
        f'<a href="#{escape(str(note.get("id", "")))}-link">↩</a></li>'
        for note in notes
        if isinstance(note, dict)
    ]
    return f'<ol class="footnotes">{"".join(items)}</ol>' if items else ""

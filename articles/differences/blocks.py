"""Bodies as blocks: what holds words (a paragraph, a list's item, a table's cell), and what holds
blocks (a list, a table, a quotation).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import escape

from lxml import etree
from lxml import html as lxml_html

from articles.differences.words import WORDS, Word
from articles.html import clean_html

BLOCKS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre",
    "figure", "figcaption", "details", "summary", "div", "table", "caption", "thead", "tbody",
    "tfoot", "tr", "th", "td", "address", "hr", "audio", "video",
}  # fmt: skip
VOID = {"img", "br", "hr"}
WHOLE = {"img", "br", "hr", "audio", "video"}  # compared and shown as one thing


@dataclass
class Block:
    """An element of a body: with words, or with blocks in it."""

    tag: str  # empty: words that stand among blocks without an element of their own
    attributes: dict[str, str] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)
    children: list["Block"] = field(default_factory=list)

    @property
    def start(self) -> str:
        return start_tag(self.tag, self.attributes)

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What two blocks share that say the same in the same way."""
        inside = tuple(child.key for child in self.children)
        return (self.tag, tuple(self.attributes.items()), tuple(self.words), inside)

    @cached_property
    def counted(self) -> Counter[str]:
        """How often it says each word, its blocks' words included."""
        counted = Counter(word.text for word in self.words if word.counts)
        for child in self.children:
            counted += child.counted
        return counted


def blocks_of(html: str) -> list[Block]:
    """Return the blocks of a body. What is not in a body's vocabulary is left out."""
    text = clean_html(html)
    if not text:
        return []
    root = lxml_html.fragment_fromstring(text, create_parent="div")
    return list(_inside(root))


def start_tag(tag: str, attributes: dict[str, str]) -> str:
    """Return an element's start tag. Ids are left out, as a text may be shown twice."""
    written = "".join(
        f' {name}="{escape(value)}"' for name, value in attributes.items() if name != "id"
    )
    return f"<{tag}{written}>"


def _inside(element: etree._Element) -> Iterator[Block]:
    """Yield the blocks in an element; words between them become blocks without an element."""
    words: list[Word] = []
    for part in _parts(element, ()):
        if isinstance(part, Word):
            words.append(part)
            continue
        if any(not word.is_space for word in words):
            yield Block("", words=_trimmed(words))
        words = []
        yield part
    if any(not word.is_space for word in words):
        yield Block("", words=_trimmed(words))


def _parts(element: etree._Element, context: tuple[str, ...]) -> Iterator[Word | Block]:
    yield from _split(element.text, context)
    for child in element:
        if isinstance(child.tag, str):
            yield from _part(child, context)
        yield from _split(child.tail, context)


def _part(child: etree._Element, context: tuple[str, ...]) -> Iterator[Word | Block]:
    tag, attributes = str(child.tag), {str(k): str(v) for k, v in child.attrib.items()}
    if tag in {"img", "br"}:
        yield Word("", context, start_tag(tag, attributes))
    elif tag in WHOLE:
        closing = "" if tag in VOID else f"</{tag}>"
        yield Block("", words=[Word("", context, start_tag(tag, attributes) + closing)])
    elif tag in BLOCKS:
        inside = list(_inside(child))
        if len(inside) == 1 and not inside[0].tag:
            yield Block(tag, attributes, words=inside[0].words)
        else:
            yield Block(tag, attributes, children=inside)
    else:
        yield from _parts(child, (*context, start_tag(tag, attributes)))


def _split(text: str | None, context: tuple[str, ...]) -> Iterator[Word]:
    for word in WORDS.findall(text or ""):
        yield Word(word, context)


def _trimmed(words: list[Word]) -> list[Word]:
    start, end = 0, len(words)
    while start < end and words[start].is_space:
        start += 1
    while end > start and words[end - 1].is_space:
        end -= 1
    return words[start:end]

"""A comment of WordPress, written in HTML, as the light Markdown of ours."""

import re
from html import unescape
from itertools import batched

from lxml import etree

from articles.wordpress import dom
from articles.wordpress.classic import paragraphs

_SPECIAL = re.compile(r"([\\`*_\[\]<>~])")
_LINE_START = re.compile(r"\s*(?:[-+#]|\d{1,9}(?=[.)]))")
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]*[^\s<>\"'\\.,;:!?)\]]")
_PARAGRAPHS = {
    "p", "div", "table", "address", "dl", "dt", "dd", "figure", "figcaption", "ul", "ol", "details",
    "summary", "caption", "tbody", "thead", "tfoot",
}  # fmt: skip
_MARKS = {
    "strong": "**", "b": "**", "em": "*", "i": "*", "cite": "*", "var": "*", "s": "~~",
    "del": "~~", "strike": "~~",
}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_SPACE = re.compile(r" \s+|[^\S ]\s*")  # any but a single space
_BLANK_LINE = re.compile(r"\n *\n")
_BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")
_STRESS = re.compile(r"<(em|strong|i|b)>([^<>\n]*)</\1>")
# Other tags and entities; and white space and controls that parsers treat in ways of their own.
_TRICKY = re.compile(
    r"<|&(?!(?:amp|lt|gt|quot|#0?39);)|[^\S \n]"
    "|[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def markdown_of(html: str) -> str:
    """Return the Markdown that renders as html did, as far as comments may look like it.

    Pictures and films become links; tables become lines.
    """
    text = html.replace("\r\n", "\n").replace("\r", "\n")
    if _TRICKY.search(_STRESS.sub(r" \2 ", text)):
        return markdown_of_tree(html)
    written = "\n\n".join(_paragraph(part) for part in _BLANK_LINE.split(text))
    return _BLANK_LINES.sub("\n\n", written).strip()


def _paragraph(text: str) -> str:
    """Return a paragraph of words, some of them stressed, as the tree would have it."""
    written: list[str] = []
    for line in text.strip().split("\n"):
        first, *rest = _STRESS.split(line.strip())
        # The line break before it is white space to HTML, and stands beside Markdown's own.
        written.append(_escaped(unescape(f"\n{first}" if written else first)))
        for tag, stressed, after in batched(rest, 3, strict=True):
            inner = _escaped(unescape(stressed))
            if inner.strip():
                inner = _marked(inner, _MARKS[tag])
            written.append(inner)
            written.append(_escaped(unescape(after)))
        written.append("\n")
    return "".join(written).strip()


def markdown_of_tree(html: str) -> str:
    """Return what ``markdown_of`` does, by the parser, however plain the text is."""
    tree = dom.parse(paragraphs(html))
    # A stack of our own, since the text of a stranger may nest as deep as it likes.
    stack: list[list[str]] = [[]]
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            stack.append([_escaped(element.text)])
        else:
            inner = "".join(stack.pop())
            if element is tree:
                return _BLANK_LINES.sub("\n\n", inner).strip()
            stack[-1].append(_written(element, inner) + _escaped(element.tail))
    return ""


def _written(element: etree._Element, inner: str) -> str:  # noqa: C901, PLR0911, PLR0912 (a case a tag)
    tag = str(element.tag)
    text = inner.strip()
    if tag == "br":
        return "\n"
    if tag in {"code", "kbd", "tt", "samp"}:
        return _code(dom.raw_text(element))
    if tag == "pre":
        return f"\n\n```\n{dom.raw_text(element).strip(chr(10)).replace('```', '')}\n```\n\n"
    if tag in {"img", "video", "audio", "iframe", "embed"}:
        return _link(element.get("src") or "", _escaped(element.get("alt")) or "")
    if not text:
        return " " if inner else ""
    if tag in _MARKS:
        return _marked(inner, _MARKS[tag])
    if tag in _HEADINGS:
        return f"\n\n{_marked(text, '**')}\n\n"
    if tag == "a":
        return _link(element.get("href") or "", text) if "](" not in text else text
    if tag == "blockquote":
        return "\n\n" + "\n".join(f"> {line}" for line in text.splitlines()) + "\n\n"
    if tag == "li":
        return f"\n{_item(element, text)}"
    if tag == "tr":
        return f"\n{text.removesuffix('|').strip()}"
    if tag in {"td", "th"}:
        return f"{text} | "
    if tag == "q":
        return f"“{text}”"
    return f"\n\n{text}\n\n" if tag in _PARAGRAPHS else inner


def _item(element: etree._Element, text: str) -> str:
    parent = element.getparent()
    bullet = "- "
    if parent is not None and parent.tag == "ol":
        start = parent.get("start") or "1"
        first = int(start) if re.fullmatch(r"\d{1,6}", start, re.ASCII) else 1
        before = sum(1 for sibling in element.itersiblings("li", preceding=True))
        bullet = f"{first + before}. "
    lines = [line for line in text.splitlines() if line.strip()]
    return bullet + f"\n{' ' * len(bullet)}".join(lines)


def _marked(text: str, mark: str) -> str:
    """Return text between marks, which must touch it and stay within a paragraph."""
    inner = text.strip()
    if mark in inner or "\n\n" in inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{inner}{mark}{after}"


def _code(text: str) -> str:
    if "\n" in text.strip():
        return f"\n\n```\n{text.strip(chr(10)).replace('```', '')}\n```\n\n"
    fence = "``" if "`" in text else "`"
    return (
        f"{fence} {text.strip()} {fence}" if fence == "``" else f"`{text}`" if text.strip() else ""
    )


def _link(url: str, text: str) -> str:
    """Return a link, or its text alone when the address is none for a comment."""
    if not re.match(r"(?:https?://|mailto:)", url, re.IGNORECASE) or re.search(
        r"[\s<>\x00-\x1f]", url
    ):
        return text
    return f"[{text or _escaped(url.rsplit('/', 1)[-1]) or 'link'}](<{url}>)"


def _escaped(text: str | None) -> str:
    """Return text as Markdown that shows it as it is; addresses in it become links."""
    collapsed = _SPACE.sub(" ", text or "")
    if "://" not in collapsed:
        return _plain(collapsed)
    done, position = [], 0
    for match in _ADDRESS.finditer(collapsed):
        done += [_plain(collapsed[position : match.start()]), f"<{match[0]}>"]
        position = match.end()
    return "".join([*done, _plain(collapsed[position:])])


def _plain(text: str) -> str:
    text = _SPECIAL.sub(r"\\\1", text)
    start = _LINE_START.match(text)
    if start is None:
        return text
    # A number's sign is the one after it.
    end = start.end() if text[start.end() - 1].isdigit() else start.end() - 1
    return f"{text[:end]}\\{text[end:]}"

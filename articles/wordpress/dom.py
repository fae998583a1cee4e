"""Small steps on a parsed text that several parts of the conversion take."""

import re
from collections.abc import Iterable
from typing import cast

import nh3
from lxml import etree, html
from lxml.etree import _Element as Element  # lxml has no public name for it
from lxml.html import HtmlElement

from articles.html import ALIGNMENTS, TAGS
from articles.wordpress.classic import BLOCKS
from articles.wordpress.values import printable

# What the conversion wants to see; the sanitiser proper comes after it.
_SEEN = nh3.Cleaner(
    tags=TAGS
    | {"h1", "iframe", "object", "embed", "center", "font", "big", "tt", "acronym", "strike",
       "section", "article", "aside", "header", "footer", "main", "nav", "source"},
    attributes={
        "*": {"class", "id", "style", "align", "lang", "dir", "title", "href", "src", "data", "alt",
              "width", "height", "start", "reversed", "type", "open", "colspan", "rowspan", "scope",
              "datetime", "cite", "poster", "role", "hreflang", "controls", "data-id", "data-embed",
              "data-fn"},
    },
    clean_content_tags={"script", "style", "template", "svg", "math"},
    link_rel=None,
)  # fmt: skip


# Nobody's text nests like this, and the parser drops what is nested deeper than it can go.
MAX_DEPTH = 250
_CLASS_LIKE = etree.XPath(".//*[contains(@class, $part)]")
_TEXT = etree.XPath("string()", smart_strings=False)
_FLAT = nh3.Cleaner(tags={"p", "br", "img", "hr"}, link_rel=None)
_OPEN_OR_CLOSE = re.compile(r"<(/?)(?!(?:br|hr|img|embed|source)\b)[a-z]")


def _depth(text: str) -> int:
    """Return how deep well-formed HTML nests."""
    depth = deepest = 0
    for match in _OPEN_OR_CLOSE.finditer(text):
        depth += -1 if match[1] else 1
        deepest = max(deepest, depth)
    return deepest


def parse(text: str) -> Element:
    """Return text as a tree under one div, with tags closed as a browser would close them."""
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8")
    seen = _SEEN.clean(printable(text))
    if _depth(seen) > MAX_DEPTH:
        seen = _FLAT.clean(seen)
    seen = printable(seen)  # once more, for what entities stood for
    return cast(
        "Element",
        html.fragment_fromstring(seen.encode(), create_parent="div", parser=parser),
    )


def serialised(tree: Element) -> str:
    """Return what stands under the tree's root as HTML."""
    text = html.tostring(tree, encoding="unicode")
    return text[text.index(">") + 1 : text.rindex("<")] if len(tree) or tree.text else ""


def classes(element: Element) -> set[str]:
    return set((element.get("class") or "").split())


def set_classes(element: Element, names: Iterable[str]) -> None:
    """Give element these classes and no others."""
    joined = " ".join(sorted(names))
    if joined:
        element.set("class", joined)
    elif "class" in element.attrib:
        del element.attrib["class"]


def alignment(*elements: Element) -> set[str]:
    """Return how the first of elements that says so stands: {"alignleft"} or the like."""
    for element in elements:
        if said := classes(element) & ALIGNMENTS:
            return {min(said)}
    return set()


def with_class(tree: Element, name: str) -> list[Element]:
    """Return the elements below tree that have a class, in their order."""
    return [element for element in with_class_like(tree, name) if name in classes(element)]


def with_class_like(tree: Element, part: str) -> list[Element]:
    """Return the elements below tree in whose classes a text occurs, in their order."""
    return cast("list[Element]", _CLASS_LIKE(tree, part=part))


def text_of(element: Element) -> str:
    return " ".join(raw_text(element).split())


def raw_text(element: Element) -> str:
    """Return the text of element with its line breaks and spaces."""
    return cast("str", _TEXT(element))


def found(tree: Element, xpath: str) -> list[Element]:
    """Return the elements that an XPath expression names."""
    result = tree.xpath(xpath)
    things = result if isinstance(result, list) else []
    return [thing for thing in things if isinstance(thing, Element)]


def parent_of(element: Element) -> Element:
    """Return the parent of an element that is not the root."""
    parent = element.getparent()
    if parent is None:
        raise ValueError("The root of a text has no parent.")
    return parent


def unwrap(element: Element) -> None:
    """Put what element holds in its place."""
    cast("HtmlElement", element).drop_tag()


def remove(element: Element) -> None:
    """Take element away, with what it holds; the text after it stays."""
    cast("HtmlElement", element).drop_tree()


def replace(old: Element, new: Element) -> None:
    """Put new where old was."""
    new.tail, old.tail = old.tail, None
    parent_of(old).replace(old, new)


def lift(element: Element) -> None:
    """Move a block out of the paragraph it is in, before it: a paragraph cannot hold one."""
    holder = None
    for ancestor in element.iterancestors():
        if ancestor.tag in {"p", "h2", "h3", "h4", "h5", "h6", "a"}:
            holder = ancestor
        elif ancestor.tag in BLOCKS:
            break
    if holder is None:
        return
    parent = parent_of(element)
    if element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + element.tail
        else:
            previous.tail = (previous.tail or "") + element.tail
        element.tail = None
    parent.remove(element)
    holder.addprevious(element)


def made(tag: str, *children: Element | str, names: Iterable[str] = ()) -> Element:
    """Return a new element with these children, the strings as text."""
    element = cast("Element", html.Element(tag))
    for child in children:
        if isinstance(child, str):
            text = printable(child)
            if len(element):
                element[-1].tail = (element[-1].tail or "") + text
            else:
                element.text = (element.text or "") + text
        else:
            element.append(child)
    set_classes(element, names)
    return element


def wrap_bare_text(element: Element) -> None:
    """Put text and inline elements that stand between blocks into paragraphs."""
    run: list[Element | str] = [element.text or ""]
    element.text = None
    children = list(element)
    for child in children:
        tail, child.tail = child.tail or "", None
        if isinstance(child.tag, str) and child.tag not in BLOCKS and child.tag != "br":
            element.remove(child)
            run += [child, tail]
            continue
        if _has_content(run):
            child.addprevious(made("p", *run))
        run = [tail]
        if child.tag == "br":
            element.remove(child)
    if _has_content(run):
        element.append(made("p", *run))


def _has_content(run: list[Element | str]) -> bool:
    return any(not isinstance(piece, str) or piece.strip() for piece in run)


def is_empty(element: Element) -> bool:
    """Whether a reader sees nothing of element."""
    return not text_of(element).strip("\xa0") and not found(
        element, ".//img | .//audio | .//video | .//hr | .//figure | .//table"
    )

"""Small steps on a parsed text that several parts of the conversion take."""

from collections.abc import Iterable

import nh3
from lxml import etree, html

from articles.html import TAGS
from articles.wordpress.classic import BLOCKS

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


def parse(text: str) -> etree._Element:
    """Return text as a tree under one div, with tags closed as a browser would close them."""
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8")
    tree = html.fragment_fromstring(_SEEN.clean(text).encode(), create_parent="div", parser=parser)
    return tree


def serialised(tree: etree._Element) -> str:
    """Return what stands under the tree's root as HTML."""
    text = html.tostring(tree, encoding="unicode")
    return text[text.index(">") + 1 : text.rindex("<")] if len(tree) or tree.text else ""


def classes(element: etree._Element) -> set[str]:
    return set((element.get("class") or "").split())


def set_classes(element: etree._Element, names: Iterable[str]) -> None:
    """Give element these classes and no others."""
    joined = " ".join(sorted(names))
    if joined:
        element.set("class", joined)
    elif "class" in element.attrib:
        del element.attrib["class"]


def alignment(*elements: etree._Element) -> set[str]:
    """Return how the first of elements that says so stands: {"alignleft"} or the like."""
    for element in elements:
        found = classes(element) & {
            "alignleft", "alignright", "aligncenter", "alignwide", "alignfull",
        }  # fmt: skip
        if found:
            return {min(found)}
    return set()


def with_class(tree: etree._Element, name: str) -> list[etree._Element]:
    """Return the elements below tree that have a class, in their order."""
    return [element for element in tree.iterdescendants(etree.Element) if name in classes(element)]


def text_of(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def unwrap(element: etree._Element) -> None:
    """Put what element holds in its place."""
    element.drop_tag()


def remove(element: etree._Element) -> None:
    """Take element away, with what it holds; the text after it stays."""
    element.drop_tree()


def replace(old: etree._Element, new: etree._Element) -> None:
    """Put new where old was."""
    parent = old.getparent()
    assert parent is not None
    new.tail, old.tail = old.tail, None
    parent.replace(old, new)


def lift(element: etree._Element) -> None:
    """Move a block out of the paragraph it is in, before it: a paragraph cannot hold one."""
    holder = None
    for ancestor in element.iterancestors():
        if ancestor.tag in {"p", "h2", "h3", "h4", "h5", "h6", "a"}:
            holder = ancestor
        elif ancestor.tag in BLOCKS:
            break
    if holder is None:
        return
    parent = element.getparent()
    assert parent is not None
    if element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + element.tail
        else:
            previous.tail = (previous.tail or "") + element.tail
        element.tail = None
    parent.remove(element)
    holder.addprevious(element)


def made(tag: str, *children: etree._Element | str, names: Iterable[str] = ()) -> etree._Element:
    """Return a new element with these children, the strings as text."""
    element = html.Element(tag)
    for child in children:
        if isinstance(child, str):
            if len(element):
                element[-1].tail = (element[-1].tail or "") + child
            else:
                element.text = (element.text or "") + child
        else:
            element.append(child)
    set_classes(element, names)
    return element


def is_empty(element: etree._Element) -> bool:
    """Whether a reader sees nothing of element."""
    return not text_of(element).strip("\xa0") and not element.xpath(
        ".//img | .//audio | .//video | .//hr | .//figure | .//table"
    )

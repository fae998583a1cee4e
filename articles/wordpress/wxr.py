"""A WordPress export (WXR 1.0 to 1.2), read as a stream in bounded memory.

Nothing is loaded from elsewhere and no entity is expanded. What is no well-formed export raises
``BadExport`` with the line and the reason.
"""

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, cast

from lxml import etree

from articles.export.wxr import NAMESPACE

# The same elements have been written with http and https, and as version 1.0, 1.1 and 1.2.
_NAMESPACE = re.compile(r"https?://(?:www\.)?wordpress\.org/export/1\.\d+/?(excerpt/?)?")
_PREFIXES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    NAMESPACE: "newsroom:",
}

# The types of items that may become articles.
WRITTEN = frozenset({"post", "page", "attachment"})


class BadExport(Exception):  # noqa: N818 (it names what it is, like the built-in KeyboardInterrupt)
    """The file is no export that can be read; the text says where and why."""


@dataclass(slots=True)
class Site:
    """The site the export was made of."""

    url: str
    title: str
    language: str


@dataclass(slots=True)
class Writer:
    login: str
    name: str
    id: str = ""


@dataclass(slots=True)
class Term:
    """A category or a tag; ``parent`` is the parent's slug."""

    taxonomy: str
    slug: str
    name: str
    parent: str = ""
    description: str = ""
    term_id: str = ""


@dataclass(slots=True)
class Record:
    """A thing of a site like this one that is no item; ``text`` is its JSON."""

    kind: str
    text: str


@dataclass(slots=True)
class WxrComment:
    """A comment as the export has it; all values are text. made: what was made of it already."""

    fields: dict[str, str]
    meta: dict[str, str] = field(default_factory=dict)
    made: Any = None

    def __getitem__(self, name: str) -> str:
        return self.fields.get(f"wp:comment_{name}", "")


@dataclass(slots=True)
class Item:
    """A post, page, attachment or anything else WordPress keeps among its posts."""

    fields: dict[str, str]
    terms: list[Term] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    comments: list[WxrComment] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def id(self) -> str:
        return self["wp:post_id"].strip()

    @property
    def type(self) -> str:
        return self["wp:post_type"].strip() or "post"

    @property
    def status(self) -> str:
        return self["wp:status"].strip() or "publish"

    @property
    def parent(self) -> str:
        return self["wp:post_parent"].strip()

    def terms_of(self, taxonomy: str) -> list[Term]:
        return [term for term in self.terms if term.taxonomy == taxonomy]

    @property
    def is_own(self) -> bool:
        """Whether a site like this one wrote it."""
        return any(key.startswith("_newsroom_") for key in self.meta)

    @property
    def size(self) -> int:
        """How many characters it has, roughly."""
        texts = [self.fields, self.meta]
        for comment in self.comments:
            texts += [comment.fields, comment.meta]
        return sum(len(value) for fields in texts for value in fields.values())

    @property
    def may_be_article(self) -> bool:
        """Whether it may become an article, with its discussion."""
        return self.type in WRITTEN and self.status != "trash"

    @property
    def label(self) -> str:
        """How the report names it."""
        return f"{self.type} {self.id or '?'} “{self['title'].strip()[:60] or 'untitled'}”"


type Thing = Site | Writer | Term | Record | Item


def check_export(path: Path) -> None:
    """Raise BadExport unless path is a file that begins like an export."""
    if not path.exists():
        raise BadExport(f"There is no file {path}.")
    if not path.is_file():
        raise BadExport(f"{path} is not a file.")
    try:
        if path.stat().st_size == 0:
            raise BadExport(f"{path} is empty.")
        # The parser's own limits are on here, so that no declaration can blow up.
        with path.open("rb") as stream:
            _event, root = next(etree.iterparse(stream, events=("start",), **_SAFE))
        document = root.getroottree().docinfo
        if document.doctype or document.internalDTD is not None:
            raise BadExport("Line 1: a document type declaration, which no export has.")
        if root.tag != "rss":
            raise BadExport(
                f"Line {root.sourceline}: it begins with <{root.tag}>, not <rss>; "
                "this is no WordPress export."
            )
    except etree.XMLSyntaxError as error:
        raise BadExport(_reason(error)) from error
    except OSError as error:
        raise BadExport(f"{path} cannot be read: {error.strerror or error}.") from error


def read_export(
    path: Path,
    progress: Callable[[float], None] | None = None,
    types: Container[str] | None = None,
) -> Iterator[Thing]:
    """Yield what an export holds, in the file's order. Raises BadExport.

    The site comes first. Each item is forgotten once the next is asked for. progress: is told,
    before each, which share of the file (0 to 1) is read. types: of items, which are yielded;
    all when it is None.
    """
    check_export(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            for thing in _things(stream, types):
                if progress is not None:
                    progress(stream.tell() / size)
                if thing is not None:
                    yield thing
    except etree.XMLSyntaxError as error:
        raise BadExport(_reason(error)) from error
    except OSError as error:
        raise BadExport(f"{path} cannot be read: {error.strerror or error}.") from error


def _things(stream: IO[bytes], types: Container[str] | None) -> Iterator[Thing | None]:
    """Yield as ``read_export`` does, and None for items of other types."""
    head: dict[str, str] = {}
    is_site_told = False
    for _event, element in etree.iterparse(stream, tag=_TOLD, huge_tree=True, **_SAFE):
        channel = element.getparent()
        if channel is None or channel.getparent() is not element.getroottree().getroot():
            continue  # only the children of <channel> are whole things
        name = _name(element)
        if name == "item" and types is not None and _type(element) not in types:
            made = None
        else:
            made = _thing(name, element)
            if made is None:
                head[name] = (element.text or "").strip()
                _forget(element)
                continue
        if not is_site_told:
            yield _site(head, element.sourceline)
            is_site_told = True
        yield made
        _forget(element)
    if not is_site_told:
        yield _site(head, 1)


# The elements that are looked at, as far as they stand in the channel itself.
_TOLD = [
    f"{{*}}{name}"
    for name in (
        "item", "record", "author", "category", "tag", "term", "title", "link", "language",
        "wxr_version", "base_blog_url", "base_site_url",
    )
]  # fmt: skip
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "dtd_validation": False,
    "remove_comments": True,
    "remove_pis": True,
}


def _reason(error: etree.XMLSyntaxError) -> str:
    """Return where and why. Of some errors only the parser's log, which goes on, knows the line."""
    log: list[Any] = [*cast("Iterator[Any]", error.error_log or ())]
    if not error.lineno and log:
        return f"Line {log[-1].line}: {log[-1].message}."
    return f"Line {error.lineno or 1}: {error.msg or 'this is not XML'}."


def _site(head: dict[str, str], line: int) -> Site:
    if not head.get("wp:wxr_version", "").startswith("1."):
        raise BadExport(
            f"Line {line}: there is no WXR version 1.x before the content; "
            "this is no WordPress export."
        )
    url = head.get("wp:base_blog_url") or head.get("link") or head.get("wp:base_site_url") or ""
    return Site(url=url.rstrip("/"), title=head.get("title", ""), language=head.get("language", ""))


def _thing(name: str, element: etree._Element) -> Writer | Term | Record | Item | None:
    """Return what an element of the channel is, or None for a plain value."""
    if name == "item":
        return _item(element)
    if name == "newsroom:record":
        return Record(element.get("kind") or "", _text(element))
    return _declared(name, element)


def _declared(name: str, element: etree._Element) -> Writer | Term | None:
    """Return the author or term that an element declares."""
    if name not in {"wp:author", "wp:category", "wp:tag", "wp:term"}:
        return None
    fields = _fields(element)
    if name == "wp:author":
        login = fields.get("wp:author_login", "").strip()
        name = fields.get("wp:author_display_name", "").strip() or login
        return Writer(login, name, fields.get("wp:author_id", ""))
    if name == "wp:category":
        return Term(
            "category", fields.get("wp:category_nicename", ""), fields.get("wp:cat_name", ""),
            fields.get("wp:category_parent", ""), fields.get("wp:category_description", ""),
            fields.get("wp:term_id", ""),
        )  # fmt: skip
    if name == "wp:tag":
        return Term("post_tag", fields.get("wp:tag_slug", ""), fields.get("wp:tag_name", ""))
    return Term(
        fields.get("wp:term_taxonomy", ""), fields.get("wp:term_slug", ""),
        fields.get("wp:term_name", ""), fields.get("wp:term_parent", ""),
        fields.get("wp:term_description", ""), fields.get("wp:term_id", ""),
    )  # fmt: skip


def _type(element: etree._Element) -> str:
    """Return the type of an item that is not read yet."""
    types = (_text(child) for child in element if _name(child) == "wp:post_type")
    return next(types, "").strip() or "post"


def _item(element: etree._Element) -> Item:
    item = Item(fields={})
    for child in element:
        name = _name(child)
        if name == "category":
            slug = child.get("nicename") or ""
            item.terms.append(Term(child.get("domain") or "category", slug, child.text or slug))
        elif name == "wp:postmeta":
            _note(item.meta, child)
        elif name == "wp:comment":
            item.comments.append(_comment(child))
        else:
            item.fields.setdefault(name, _text(child))
    return item


def _comment(element: etree._Element) -> WxrComment:
    comment = WxrComment(fields={})
    for child in element:
        name = _name(child)
        if name == "wp:commentmeta":
            _note(comment.meta, child)
        else:
            comment.fields[name] = _text(child)
    return comment


def _note(meta: dict[str, str], element: etree._Element) -> None:
    """Add a pair of key and value; of two with one key, the first stays."""
    pair = _fields(element)
    meta.setdefault(pair.get("wp:meta_key", ""), pair.get("wp:meta_value", ""))


def _fields(element: etree._Element) -> dict[str, str]:
    return {_name(child): _text(child) for child in element}


def _text(element: etree._Element) -> str:
    """Return an element's text, also where a careless program wrote markup without escaping it."""
    return element.text or "" if not len(element) else "".join(map(str, element.itertext()))


def _name(element: etree._Element) -> str:
    """Return the element's name with the usual prefix, whichever namespace stands for it."""
    return _prefixed(str(element.tag))


@lru_cache(maxsize=500)
def _prefixed(tag: str) -> str:
    if not tag.startswith("{"):
        return tag
    namespace, _brace, local = tag[1:].partition("}")
    if match := _NAMESPACE.fullmatch(namespace):
        return f"{'excerpt:' if match[1] else 'wp:'}{local}"
    return _PREFIXES.get(namespace, f"{namespace}:") + local


def _forget(element: etree._Element) -> None:
    """Free an element and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]

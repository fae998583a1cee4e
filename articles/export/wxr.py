"""A WordPress export (WXR 1.2), written as a stream.

What WordPress has no place for stands beside it: of an item in its ``_newsroom_*`` meta, of
anything else in ``newsroom:record`` elements, both as JSON. WordPress reads past them.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, TextIO
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "https://newsroom.example/ns/export/1"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/"
\txmlns:newsroom="{namespace}">
<channel>
"""
# XML holds no control characters, and takes every kind of line end for one.
_UNWRITABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

type Values = Mapping[str, str]


def is_writable(text: str) -> bool:
    """Tell whether XML gives text back as it is."""
    return _UNWRITABLE.search(text) is None


def as_json(facts: Any) -> str:
    """Return facts in letters that XML and any line-wise tool can hold."""
    return json.dumps(facts, ensure_ascii=True, separators=(",", ":"))


class WxrWriter:
    """Writes one export; what WordPress wants to know first has to be written first."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def begin(self, *, title: str, url: str, language: str, description: str) -> None:
        self._stream.write(_HEAD.format(namespace=NAMESPACE))
        for name, value in (
            ("title", title), ("link", url), ("description", description), ("language", language),
            ("wp:wxr_version", "1.2"), ("wp:base_site_url", url), ("wp:base_blog_url", url),
        ):  # fmt: skip
            self._stream.write(element(name, value))

    def record(self, kind: str, facts: Any) -> None:
        """Write a thing of ours that is no item."""
        self._stream.write(
            f"<newsroom:record kind={quoteattr(kind)}>{escape(as_json(facts))}</newsroom:record>\n"
        )

    def group(self, name: str, values: Values) -> None:
        """Write an element that holds elements: an author, a category, a tag."""
        self._stream.write(f"<{name}>{_elements(values)}</{name}>\n")

    def begin_item(
        self, values: Values, *, terms: Iterable[tuple[str, str, str]] = (), meta: Values
    ) -> None:
        """Write an item up to its comments. terms: taxonomy, slug and name of each."""
        write = self._stream.write
        write(f"<item>\n{_elements(values)}")
        for taxonomy, slug, name in terms:
            attributes = f"domain={quoteattr(taxonomy)} nicename={quoteattr(slug)}"
            write(f"<category {attributes}>{_cdata(name)}</category>\n")
        write(_meta("wp:postmeta", meta))

    def comment(self, values: Values, meta: Values) -> None:
        self._stream.write(
            f"<wp:comment>{_elements(values)}{_meta('wp:commentmeta', meta)}</wp:comment>\n"
        )

    def end_item(self) -> None:
        self._stream.write("</item>\n")

    def end(self) -> None:
        self._stream.write("</channel>\n</rss>\n")


def element(name: str, value: str) -> str:
    return f"<{name}>{_cdata(value)}</{name}>\n"


def _elements(values: Values) -> str:
    return "".join(element(name, value) for name, value in values.items())


def _meta(name: str, meta: Values) -> str:
    return "".join(
        f"<{name}>{element('wp:meta_key', key)}{element('wp:meta_value', value)}</{name}>\n"
        for key, value in meta.items()
    )


def _cdata(text: str) -> str:
    """Return text as character data; an end mark within it is parted in two."""
    clean = _UNWRITABLE.sub("", text)
    if not re.search("[<&>]", clean):
        return clean
    return f"<![CDATA[{clean.replace(']]>', ']]]]><![CDATA[>')}]]>"

"""The three formats of a feed. Each takes the same items; ``FORMATS`` names them.

An item brings, besides Django's own fields, ``content`` (HTML with absolute addresses), ``authors``
(names) and ``image`` (an address, or nothing).
"""

import json
import re
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from lxml import html as lxml_html

# XML 1.0 has no place for these; what brought them meant nothing by them.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def storable(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def absolute_html(html: str, base: str) -> str:
    """Return HTML whose links and files have whole addresses, as read far from its page."""
    if not html.strip():
        return ""
    root = lxml_html.fragment_fromstring(storable(html), create_parent="div")
    root.make_links_absolute(base, resolve_base_href=False)
    text: str = lxml_html.tostring(root, encoding="unicode")
    return text.removeprefix("<div>").removesuffix("</div>")


class RssFeed(Rss201rev2Feed):
    """RSS 2.0 with the text in ``content:encoded`` and each name in ``dc:creator``."""

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("content:encoded", item["content"])


class AtomFeed(Atom1Feed):
    """Atom with the text in ``content`` and an ``author`` for each name."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        handler.addQuickElement("content", item["content"], {"type": "html"})


class JsonFeed(SyndicationFeed):
    """JSON Feed 1.1 (jsonfeed.org)."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        feed = self.feed
        data = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed["title"],
            "home_page_url": feed["link"],
            "feed_url": feed["feed_url"],
            "description": feed["description"],
            "language": feed["language"],
            "items": [self._item(item) for item in self.items],
        }
        outfile.write(json.dumps(data, ensure_ascii=False, indent=1).encode(encoding))

    def _item(self, item: dict[str, Any]) -> dict[str, Any]:
        data = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["description"],
            "content_html": item["content"],
            "image": item["image"],
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"] or item["pubdate"]),
            "authors": [{"name": name} for name in item["authors"]],
            "tags": list(item["categories"]),
            "language": item["language"],
        }
        return {name: value for name, value in data.items() if value}


# What stands after "feed/" in the address, and in the name of the URL.
FORMATS: dict[str, type[SyndicationFeed]] = {"": RssFeed, "atom": AtomFeed, "json": JsonFeed}

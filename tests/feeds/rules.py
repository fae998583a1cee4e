"""What a feed has to be, written down from the formats' own texts, as strict as those are.

RSS: the RSS 2.0 specification (RSS Advisory Board) and the rules the W3C's validator adds from it.
Atom: RFC 4287. JSON Feed: jsonfeed.org, version 1.1. Sitemaps: sitemaps.org, and Google's
description of news sitemaps. Each function raises AssertionError naming the rule that is broken.
"""

import re
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import jsonschema
from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"\d{4} \d\d:\d\d:\d\d [+-]\d{4}"
)

# Element of an RSS channel or item, and how often it may stand there.
CHANNEL = {
    "title": (1, 1), "link": (1, 1), "description": (1, 1), "language": (1, 1), "item": (0, 99),
    "lastBuildDate": (0, 1), "pubDate": (0, 1), "category": (0, 99), "ttl": (0, 1),
    "copyright": (0, 1), "generator": (0, 1), "docs": (0, 1), "image": (0, 1),
    f"{{{ATOM}}}link": (1, 1),
}  # fmt: skip
ITEM = {
    "title": (1, 1), "link": (1, 1), "description": (0, 1), "guid": (1, 1), "pubDate": (1, 1),
    "category": (0, 99), "enclosure": (0, 1), "comments": (0, 1), "author": (0, 1),
    f"{{{CONTENT}}}encoded": (1, 1), f"{{{DC}}}creator": (0, 99),
}  # fmt: skip


def is_whole_address(text: str | None) -> bool:
    parts = urlsplit(text or "")
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _check_counts(element: etree._Element, allowed: dict[str, tuple[int, int]]) -> None:
    counts: dict[str, int] = {}
    for child in element:
        assert child.tag in allowed, f"{child.tag} may not stand in {element.tag}"
        counts[child.tag] = counts.get(child.tag, 0) + 1
    for tag, (least, most) in allowed.items():
        assert least <= counts.get(tag, 0) <= most, f"{tag} stands {counts.get(tag, 0)} times"


def check_content(html: str) -> None:
    """Check the HTML a feed carries: whole addresses, and nothing a reader's program refuses."""
    assert not re.search(r"<(script|style|iframe|object|form|input)\b", html), "unsafe element"
    assert not re.search(r"\son\w+=|style=", html), "unsafe attribute"
    for address in re.findall(r'(?:href|src|poster)="([^"]*)"', html):
        assert re.match(r"https?://|mailto:|tel:", address), f"relative address {address}"


def check_rss(content: bytes, address: str) -> list[etree._Element]:
    """Check an RSS 2.0 feed that was got from address; return its items."""
    root = etree.fromstring(content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    assert [child.tag for child in root] == ["channel"]
    (channel,) = root
    _check_counts(channel, CHANNEL)
    assert is_whole_address(channel.findtext("link"))
    assert LANGUAGE.fullmatch(channel.findtext("language") or ""), "no language of RFC 5646"
    own = channel.find(f"{{{ATOM}}}link")
    assert own is not None
    assert own.get("rel") == "self", "atom:link has to be rel=self"
    assert own.get("href") == address, "atom:link names another address"
    if (built := channel.findtext("lastBuildDate")) is not None:
        assert RFC822.fullmatch(built), built
        parsedate_to_datetime(built)
    seen = set()
    items = channel.findall("item")
    for item in items:
        _check_counts(item, ITEM)
        assert (item.findtext("title") or item.findtext("description") or "").strip()
        assert is_whole_address(item.findtext("link"))
        guid = item.find("guid")
        assert guid is not None
        assert guid.text not in seen, "guid stands twice"
        seen.add(guid.text)
        if guid.get("isPermaLink", "true") == "true":
            assert is_whole_address(guid.text), "guid is no permalink"
        assert RFC822.fullmatch(item.findtext("pubDate") or "")
        parsedate_to_datetime(item.findtext("pubDate") or "")
        for enclosure in item.findall("enclosure"):
            assert is_whole_address(enclosure.get("url"))
            assert (enclosure.get("length") or "").isdigit()
            assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", enclosure.get("type") or "")
        check_content(item.findtext(f"{{{CONTENT}}}encoded") or "")
    return items


# RFC 4287 as a RELAX NG grammar of the elements we use; nothing else may stand in the feed.
ATOM_GRAMMAR = etree.RelaxNG(
    etree.fromstring(f"""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{ATOM}"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
 <start><element name="feed">
  <optional><attribute name="xml:lang"><text/></attribute></optional>
  <interleave>
   <ref name="title"/><ref name="id"/><ref name="updated"/>
   <oneOrMore><ref name="link"/></oneOrMore>
   <optional><element name="subtitle"><ref name="plain"/></element></optional>
   <optional><element name="rights"><ref name="plain"/></element></optional>
   <zeroOrMore><ref name="author"/></zeroOrMore>
   <zeroOrMore><ref name="category"/></zeroOrMore>
   <zeroOrMore><ref name="entry"/></zeroOrMore>
  </interleave>
 </element></start>
 <define name="entry"><element name="entry"><interleave>
  <ref name="title"/><ref name="id"/><ref name="updated"/>
  <oneOrMore><ref name="link"/></oneOrMore>
  <optional><element name="published"><data type="dateTime"/></element></optional>
  <optional><element name="summary"><ref name="typed"/></element></optional>
  <element name="content"><ref name="typed"/></element>
  <zeroOrMore><ref name="author"/></zeroOrMore>
  <zeroOrMore><ref name="category"/></zeroOrMore>
 </interleave></element></define>
 <define name="title"><element name="title"><ref name="plain"/></element></define>
 <define name="id"><element name="id"><data type="anyURI"><param name="minLength">1</param></data>
  </element></define>
 <define name="updated"><element name="updated"><data type="dateTime"/></element></define>
 <define name="author"><element name="author"><interleave>
  <element name="name"><data type="string"><param name="minLength">1</param></data></element>
  <optional><element name="uri"><data type="anyURI"/></element></optional>
 </interleave></element></define>
 <define name="category"><element name="category"><attribute name="term"/></element></define>
 <define name="link"><element name="link">
  <attribute name="href"><data type="anyURI"/></attribute>
  <optional><attribute name="rel"/></optional><optional><attribute name="type"/></optional>
  <optional><attribute name="length"><data type="nonNegativeInteger"/></attribute></optional>
  <empty/></element></define>
 <define name="plain"><text/></define>
 <define name="typed"><optional><attribute name="type"><choice><value>text</value>
  <value>html</value></choice></attribute></optional><text/></define>
</grammar>""")
)


def check_atom(content: bytes, address: str) -> list[etree._Element]:
    """Check an Atom feed that was got from address; return its entries."""
    root = etree.fromstring(content)
    ATOM_GRAMMAR.assertValid(root)
    names = {"a": ATOM}
    own = root.xpath("a:link[@rel='self']/@href", namespaces=names)
    assert own == [address], f"rel=self is {own}"
    assert LANGUAGE.fullmatch(root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    entries = root.findall("a:entry", names)
    has_author = root.find("a:author", names) is not None
    ids = [entry.findtext("a:id", namespaces=names) for entry in entries]
    assert len(ids) == len(set(ids)), "an id stands twice"
    for entry in entries:
        # RFC 4287, 4.2.1: every entry has an author, of its own or of the feed.
        assert has_author or entry.find("a:author", names) is not None, "entry without author"
        for time in (*entry.findall("a:updated", names), *entry.findall("a:published", names)):
            assert RFC3339.fullmatch(time.text or ""), time.text
        check_content(entry.findtext("a:content", namespaces=names) or "")
    return entries


JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items", "feed_url", "home_page_url"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": {"type": "string", "pattern": "^https?://"},
        "feed_url": {"type": "string", "pattern": "^https?://"},
        "description": {"type": "string"},
        "language": {"type": "string", "pattern": LANGUAGE.pattern},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_html"],
                "additionalProperties": False,
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": {"type": "string", "pattern": "^https?://"},
                    "title": {"type": "string"},
                    "summary": {"type": "string"},
                    "content_html": {"type": "string", "minLength": 1},
                    "image": {"type": "string", "pattern": "^https?://"},
                    "date_published": {"type": "string", "pattern": f"^{RFC3339.pattern}$"},
                    "date_modified": {"type": "string", "pattern": f"^{RFC3339.pattern}$"},
                    "language": {"type": "string"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "authors": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["name"],
                            "properties": {"name": {"type": "string", "minLength": 1}},
                        },
                    },
                },
            },
        },
    },
}


def check_json_feed(data: dict[str, object], address: str) -> list[dict[str, str]]:
    """Check a JSON Feed that was got from address; return its items."""
    jsonschema.validate(data, JSON_FEED)
    assert data["feed_url"] == address
    items: list[dict[str, str]] = data["items"]  # type: ignore[assignment]
    ids = [item["id"] for item in items]
    assert len(ids) == len(set(ids)), "an id stands twice"
    for item in items:
        check_content(item["content_html"])
    return items


NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS_SITEMAP_GRAMMAR = etree.RelaxNG(
    etree.fromstring(f"""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" xmlns:s="{SITEMAP}" xmlns:n="{NEWS}"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
 <start><element name="s:urlset"><zeroOrMore><element name="s:url">
  <element name="s:loc"><data type="anyURI"><param name="pattern">https?://.+</param>
   <param name="maxLength">2048</param></data></element>
  <element name="n:news">
   <element name="n:publication">
    <element name="n:name"><data type="string"><param name="minLength">1</param></data></element>
    <element name="n:language"><data type="string"><param name="pattern">[a-z]{{2,3}}|zh-cn|zh-tw
</param></data></element>
   </element>
   <element name="n:publication_date"><data type="dateTime"/></element>
   <element name="n:title"><data type="string"><param name="minLength">1</param></data></element>
  </element>
 </element></zeroOrMore></element></start>
</grammar>""")
)
SITEMAP_GRAMMAR = etree.RelaxNG(
    etree.fromstring(f"""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" xmlns:s="{SITEMAP}"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
 <start><choice>
  <element name="s:urlset"><zeroOrMore><element name="s:url"><ref name="place"/></element>
  </zeroOrMore></element>
  <element name="s:sitemapindex"><oneOrMore><element name="s:sitemap"><ref name="place"/></element>
  </oneOrMore></element>
 </choice></start>
 <define name="place">
  <element name="s:loc"><data type="anyURI"><param name="pattern">https?://.+</param></data>
  </element>
  <optional><element name="s:lastmod"><choice><data type="date"/><data type="dateTime"/></choice>
  </element></optional>
 </define>
</grammar>""")
)

# What Google's documentation of articles and schema.org's NewsArticle ask for, or advise.
REQUIRED = {
    "@context": str, "@type": str, "headline": str, "datePublished": str, "dateModified": str,
    "author": list, "publisher": dict, "mainEntityOfPage": dict, "url": str, "inLanguage": str,
    "articleSection": str, "image": list, "isAccessibleForFree": bool,
}  # fmt: skip
TYPES = {
    "NewsArticle", "OpinionNewsArticle", "AnalysisNewsArticle", "ReportageNewsArticle",
}  # fmt: skip


def check_news_article(data: dict[str, object]) -> None:
    """Check the JSON-LD of a report."""
    for name, kind in REQUIRED.items():
        assert isinstance(data.get(name), kind), f"{name} is {data.get(name)!r}"
    assert data["@context"] == "https://schema.org"
    assert data["@type"] in TYPES
    assert 0 < len(str(data["headline"])) <= 110
    for name in ("datePublished", "dateModified"):
        assert RFC3339.fullmatch(str(data[name])), f"{name} has no zone"
    assert str(data["datePublished"]) <= str(data["dateModified"])
    authors: list[dict[str, str]] = data["author"]  # type: ignore[assignment]
    assert authors, "no author"
    for author in authors:
        assert author["@type"] in {"Person", "NewsMediaOrganization"}
        assert author["name"]
        assert is_whole_address(author["url"])
    publisher: dict[str, str] = data["publisher"]  # type: ignore[assignment]
    assert publisher["name"]
    assert is_whole_address(publisher["url"])
    for image in data["image"]:  # type: ignore[attr-defined]
        assert is_whole_address(image)
    page: dict[str, dict[str, list[dict[str, object]]]] = data["mainEntityOfPage"]  # type: ignore[assignment]
    steps = page["breadcrumb"]["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    assert all(step["name"] and is_whole_address(str(step["item"])) for step in steps)
    for correction in data.get("correction", []):  # type: ignore[attr-defined]
        assert correction["@type"] == "CorrectionComment"
        assert correction["text"]
        assert RFC3339.fullmatch(correction["datePublished"])

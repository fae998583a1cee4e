"""Reading an export: every version, and whatever is none refused with line and reason."""

from pathlib import Path

import pytest

from articles.wordpress.wxr import BadExport, Item, Site, Term, Writer, read_export

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="{scheme}://wordpress.org/export/{version}/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="{scheme}://wordpress.org/export/{version}/">
<channel><title>Old</title><link>https://old.example</link>
<wp:wxr_version>{version}</wp:wxr_version>
"""


def export(tmp_path: Path, body: str | bytes, scheme: str = "http", version: str = "1.2") -> Path:
    path = tmp_path / "export.xml"
    head = HEAD.format(scheme=scheme, version=version).encode()
    path.write_bytes(head + (body if isinstance(body, bytes) else body.encode()))
    return path


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_version_and_namespace_reads_the_same(
    tmp_path: Path, scheme: str, version: str
) -> None:
    path = export(
        tmp_path,
        "<wp:author><wp:author_login>ann</wp:author_login>"
        "<wp:author_display_name>Ann</wp:author_display_name></wp:author>"
        "<wp:category><wp:category_nicename>water</wp:category_nicename>"
        "<wp:cat_name>Water</wp:cat_name></wp:category>"
        "<item><title>Wells</title><wp:post_id>7</wp:post_id>"
        "<excerpt:encoded>Short</excerpt:encoded>"
        "<content:encoded><![CDATA[a]]]]><![CDATA[>b]]></content:encoded>"
        '<category domain="category" nicename="water">Water</category>'
        "<wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value>v</wp:meta_value></wp:postmeta>"
        "<wp:comment><wp:comment_id>3</wp:comment_id></wp:comment></item></channel></rss>",
        scheme,
        version,
    )

    site, writer, term, item = read_export(path)

    assert isinstance(site, Site)
    assert site.url == "https://old.example"
    assert writer == Writer("ann", "Ann")
    assert isinstance(term, Term)
    assert (term.taxonomy, term.slug, term.name) == ("category", "water", "Water")
    assert isinstance(item, Item)
    assert item.id == "7"
    assert item["excerpt:encoded"] == "Short"
    assert item["content:encoded"] == "a]]>b"
    assert item.meta == {"k": "v"}
    assert item.comments[0]["id"] == "3"


LOLS = "".join(
    f'<!ENTITY lol{n} "{("&lol" + str(n - 1) + ";") * 10 if n else "lol"}">' for n in range(12)
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"Dear diary", "Line 1"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "Line 1"),
        (b"<html><body/></html>", "no WordPress export"),
        (b"<rss><channel><title>A feed</title></channel></rss>", "no WordPress export"),
        (f"<!DOCTYPE rss [{LOLS}]><rss>&lol11;</rss>".encode(), "Line 1"),
        (f'<!DOCTYPE rss [{LOLS}]><rss version="&lol11;"/>'.encode(), "Line 1"),
        (b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', "document type"),
        (b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>', "document"),
    ],
)
def test_what_is_no_export_is_refused_with_a_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "export.xml"
    path.write_bytes(content)

    with pytest.raises(BadExport, match=reason):
        list(read_export(path))


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("<item><title>A</title>", 8),  # cut off in the middle
        ("<item><title>A</tit></item></channel></rss>", 8),
        ("\n\n<item><title>&nope;</title></item></channel></rss>", 10),
        (b"<item><title>\x00</title></item></channel></rss>", 8),
        (b"<item><title>\x08</title></item></channel></rss>", 8),
        (b"\n<item><title>\xff\xfe</title></item></channel></rss>", 9),
    ],
)
def test_a_broken_export_is_refused_with_its_line(
    tmp_path: Path, body: str | bytes, line: int
) -> None:
    with pytest.raises(BadExport, match=f"Line {line}:"):
        list(read_export(export(tmp_path, body)))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadExport, match="no file"):
        list(read_export(tmp_path / "nothing.xml"))
    with pytest.raises(BadExport, match="not a file"):
        list(read_export(tmp_path))


def test_items_of_some_types_alone_are_read_when_asked_for(tmp_path: Path) -> None:
    kinds = "".join(
        f"<item><title>A</title>{kind}</item>"
        for kind in ("", "<wp:post_type>page</wp:post_type>", "<wp:post_type> post </wp:post_type>")
    )
    path = export(tmp_path, f"{kinds}</channel></rss>")
    shares: list[float] = []

    site, *items = read_export(path, shares.append, {"post"})

    assert isinstance(site, Site)
    assert [item.type for item in items if isinstance(item, Item)] == ["post", "post"]
    assert len(shares) == 4  # the progress goes on meanwhile


def test_items_that_were_read_are_forgotten(tmp_path: Path) -> None:
    """The channel does not grow while a long export is read."""
    import tracemalloc

    items = "".join(
        f"<item><content:encoded>{n}{'x' * 20_000}</content:encoded></item>" for n in range(600)
    )
    path = export(tmp_path, items + "</channel></rss>")
    del items
    tracemalloc.start()

    count = sum(isinstance(thing, Item) for thing in read_export(path))

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 600
    assert peak < 4_000_000

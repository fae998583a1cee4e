"""Answers in every encoding: the one that the client likes best, each with an ETag of its own."""

import gzip

import brotli
import pytest

from pagecache.answers import Answer, preferred_encoding

TEXT = b"<p>Some words of a report.</p>" * 50
HTML = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "public, max-age=0")]


def answer(body: bytes = TEXT, headers: list[tuple[str, str]] | None = None) -> Answer:
    return Answer("200 OK", headers or HTML, body, is_public=True)


def sent(answer: Answer, encoding: str = "", **asked: str) -> tuple[str, dict[str, str], bytes]:
    told: list = []
    environ = {"REQUEST_METHOD": "GET", **asked}
    reply = answer.reply(encoding)
    body = answer.send(reply, environ, lambda *begun: told.extend(begun))
    return told[0], dict(told[1]), b"".join(body)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("BR", "br"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", ""),
        ("gzip;q=0.0", ""),
        ("identity, br;q=0.5", ""),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("deflate", ""),
        ("", ""),
        (None, ""),
        ("gzip;q=none", ""),
        ("br ; q = 1.0", "br"),
        (";q=1", ""),
        ("gzip;level=9", ""),
    ],
)
def test_preferred_encoding_follows_the_weights(accepted: str | None, encoding: str) -> None:
    assert preferred_encoding(accepted) == encoding


def test_each_encoding_holds_the_same_text_under_an_etag_of_its_own() -> None:
    one = answer()
    plain, in_br, in_gzip = (sent(one, encoding) for encoding in ("", "br", "gzip"))
    assert plain[2] == brotli.decompress(in_br[2]) == gzip.decompress(in_gzip[2]) == TEXT
    assert len({headers["ETag"] for _status, headers, _body in (plain, in_br, in_gzip)}) == 3
    assert in_br[1]["Content-Encoding"] == "br"
    assert "Content-Encoding" not in plain[1]
    for _status, headers, body in (plain, in_br, in_gzip):
        assert headers["Content-Length"] == str(len(body))
        assert headers["Vary"] == "Accept-Encoding"
        assert headers["Cache-Control"] == "public, max-age=0"


def test_body_that_nobody_asked_for_as_it_is_is_not_kept() -> None:
    one = answer()
    one.reply("br")
    assert one.size < len(TEXT)
    assert sent(one)[2] == TEXT


def test_vary_that_was_there_stays() -> None:
    headers = sent(answer(headers=[*HTML, ("Vary", "HX-Request")]), "br")[1]
    assert headers["Vary"] == "HX-Request, Accept-Encoding"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"short", HTML),
        (TEXT, [("Content-Type", "image/png")]),
        (TEXT, [*HTML, ("Content-Encoding", "gzip")]),
    ],
)
def test_what_does_not_get_smaller_stays_as_it_is(body: bytes, headers: list) -> None:
    told = sent(answer(body, headers), "br")
    assert told[2] == body
    assert told[1].get("Content-Encoding") != "br"


def test_private_answer_is_neither_compressed_nor_named() -> None:
    _status, headers, body = sent(Answer("200 OK", HTML, TEXT, is_public=False), "br")
    assert body == TEXT
    assert "ETag" not in headers


def test_head_tells_the_length_and_sends_nothing() -> None:
    status, headers, body = sent(answer(), "gzip", REQUEST_METHOD="HEAD")
    assert (status, body) == ("200 OK", b"")
    assert int(headers["Content-Length"]) == len(sent(answer(), "gzip")[2])


def test_known_page_is_not_sent_again() -> None:
    one = answer()
    etag = one.reply("br").etag
    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        status, headers, body = sent(one, "br", HTTP_IF_NONE_MATCH=known)
        assert (status, body) == ("304 Not Modified", b"")
        assert headers["ETag"] == etag
        assert headers["Vary"] == "Accept-Encoding"
        assert "Content-Length" not in headers
        assert "Content-Type" not in headers


@pytest.mark.parametrize("known", ['"other"', "", "nonsense", 'W/"other", "more"'])
def test_other_page_is_sent(known: str) -> None:
    assert sent(answer(), "br", HTTP_IF_NONE_MATCH=known)[0] == "200 OK"


def test_etag_of_another_encoding_is_not_known() -> None:
    one = answer()
    assert sent(one, "br", HTTP_IF_NONE_MATCH=one.reply("gzip").etag)[0] == "200 OK"


def test_time_counts_where_no_etag_is_named() -> None:
    at = "Thu, 26 Nov 2026 10:00:00 GMT"
    later, earlier = at.replace("10:", "11:"), at.replace("10:", "09:")
    one = answer(headers=[*HTML, ("Last-Modified", at)])
    for since, status in ((at, "304"), (later, "304"), (earlier, "200"), ("nonsense", "200")):
        assert sent(one, HTTP_IF_MODIFIED_SINCE=since)[0].startswith(status)
    both = {"HTTP_IF_NONE_MATCH": '"other"', "HTTP_IF_MODIFIED_SINCE": later}
    assert sent(one, **both)[0] == "200 OK"
    assert sent(answer(), HTTP_IF_MODIFIED_SINCE=later)[0] == "200 OK"

"""Links and sites in a text."""

from typing import Any

import pytest

from comments.screening.folding import fold
from comments.screening.links import links_in, site_named, sites_in

LISTED = frozenset({"bad.example", "münchen.example", "shop.co.uk"})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("https://a.example and HTTP://b.example/x?y=1", 2),
        ("[words](https://a.example)", 1),
        ("<https://a.example>", 1),
        ("www.a.example", 1),
        ("[words](//a.example)", 1),
        ("mailto:me@a.example", 1),
        ("ｈｔｔｐ://a.example", 1),
        ("ht\u200btp://a.example", 1),
        ("No link: a.example, 3.5, e.g. this", 0),
        ("https://news.example.org/articles/x/", 0),
        ("https://news.example.org.evil.example/", 1),
        ("https://evil.example/https://news.example.org", 1),
        ("https://news.example.org@evil.example/", 1),
        ("", 0),
    ],
)
def test_links_to_other_sites_are_counted(settings: Any, text: str, number: int) -> None:
    settings.NEWSROOM_URL = "https://news.example.org"
    assert len(links_in(fold(text))) == number


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("See bad.example now", "bad.example"),
        ("https://www.BAD.example/x", "www.BAD.example"),
        ("sub.bad.example", "sub.bad.example"),
        ("bad[.]example", "bad[.]example"),
        ("bad (dot) example", "bad (dot) example"),
        ("bad dot example", "bad dot example"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("munchen.example", "munchen.example"),
        ("bad\u200b.example", "bad\u200b.example"),
        ("me@shop.co.uk", "shop.co.uk"),
    ],
)
def test_listed_sites_are_known_in_disguise(text: str, place: str) -> None:
    listed = frozenset({*LISTED, "munchen.example"})
    [(_site, (begin, end))] = sites_in(fold(text), listed)
    assert text[begin:end] == place


@pytest.mark.parametrize(
    "text", ["notbad.example", "bad.example.org", "bad. Example", "co.uk", "a" * 10_000, "a." * 99]
)
def test_other_sites_are_not(text: str) -> None:
    assert sites_in(fold(text), LISTED) == []


@pytest.mark.parametrize(
    "line",
    ["bad.example", " https://www.Bad.example/path?q ", "www.bad.example", "//bad.example:80"],
)
def test_list_takes_sites_and_addresses(line: str) -> None:
    assert site_named(line) == "bad.example"

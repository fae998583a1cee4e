"""Comments' Markdown: what works, and what never gets through."""

import time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from comments.markup import parsed, render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*em* and **strong**", "<p><em>em</em> and <strong>strong</strong></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("# no heading", "<p># no heading</p>"),
        ("![x](/y.png)", '<p>!<a href="/y.png" rel="nofollow ugc noopener">x</a></p>'),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
    ],
)
def test_light_markdown(text: str, html: str) -> None:
    assert render(text) == html


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](data:text/html,<script>)",
    "[x](vbscript:x)", "<javascript:alert(1)>", "<a href='javascript:alert(1)'>x</a>",
    "```\n</code><script>alert(1)</script>\n```", "`</code><img src=x onerror=alert(1)>`",
    '[x](/a "onmouseover=alert(1)")', '[x](/a"onmouseover="alert(1))', "<iframe src=//evil>",
    "<style>*{display:none}</style>", "<form action=//evil><input name=p>",
    "[x](\x01javascript:alert(1))",
    "> <details open ontoggle=alert(1)>", "<p style=position:fixed>", "<math><mi//xlink:href=x>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_runs_gets_through(text: str) -> None:
    soup = BeautifulSoup(render(text), "html.parser")
    allowed = {"p", "br", "em", "strong", "s", "code", "pre", "a", "ul", "ol", "li", "blockquote"}
    for element in soup.find_all():
        assert element.name in allowed
        assert set(element.attrs) <= {"href", "title", "rel", "start"}
        href = str(element.get("href", ""))
        assert ":" not in href or href.startswith(("http:", "https:", "mailto:"))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000, "*" * 10_000, " " * 100_000 + "a", "*a " * 30_000, "> " * 5000, "`" * 9999,
        "- " * 4000, "[a](" * 2500, "_a" * 5000,
    ],
)  # fmt: skip
def test_hostile_nesting_is_over_soon(text: str) -> None:
    started = time.monotonic()
    render(text)
    assert time.monotonic() - started < 5  # a bound against hanging, not a measurement


@pytest.mark.parametrize(
    "text",
    [
        "", "Words.", " a \n b  \n\n \n c ", 'A & b > c "d"', "\\*a\\_b\\< 1\\. \\&\\\\", "- a",
        "-a", "1. a", "1.a\n12) b", "a\n> b", "Some *stress*, **more** (*here*).\n*a b* c", "2 * 3",
        "a*b*", "*a *b*", "***a***", "*a\\*b*", "**a* b", "*a\nb*", "*a*&*b*", "*R&D* *a&*", "a\\",
        "||a||", "a\u00a0b", "a\tb", "*²* *½*", "*“a”*",
    ],
)  # fmt: skip
def test_plain_words_are_rendered_as_the_parser_does(text: str) -> None:
    assert render(text) == parsed(text, {})


_PIECES = [
    "a", "bc", "ü", "²", "7", " ", "  ", "\n", "\n\n", "\t", "\xa0", "\u2028", "\x0b", ".", "(",
    ")", "-", "- ", "+ ", "#", "1. ", "2)", "*", "**", "*a*", "**b c**", "_", "__x__", "`", "||",
    "[a](b)", "\\", "\\*", "\\<", "\\&", ">", "<", "&", "&amp;", '"', "@ann", "<https://e.org>",
]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_any_words_are_rendered_as_the_parser_does(text: str) -> None:
    assert render(text) == parsed(text, {})

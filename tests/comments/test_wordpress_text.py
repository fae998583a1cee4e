"""Comments written in WordPress's HTML look alike in ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.markup import render
from comments.wordpress_text import markdown_of, markdown_of_tree


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("One\n\nTwo\nlines", "<p>One</p>\n<p>Two<br>\nlines</p>"),
        ("<b>a</b> <em>b</em> <del>c</del>", "<p><strong>a</strong> <em>b</em> <s>c</s></p>"),
        ("<code>a*b</code>", "<p><code>a*b</code></p>"),
        ("2 * 3 * 4 and snake_case_name", "<p>2 * 3 * 4 and snake_case_name</p>"),
        ("[not](a link) &lt;b&gt;", "<p>[not](a link) &lt;b&gt;</p>"),
        ("- no list\n1. nor here", "<p>- no list<br>\n1. nor here</p>"),
        ("<h2>Head</h2>text", "<p><strong>Head</strong></p>\n<p>text</p>"),
        ("<ul><li>a</li><li>b</li></ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("<blockquote>Said</blockquote>", "<blockquote>\n<p>Said</p>\n</blockquote>"),
        ("<script>alert(1)</script>Hi", "<p>Hi</p>"),
        ('<a href="javascript:alert(1)">x</a>', "<p>x</p>"),
        ("", ""),
    ],
)
def test_html_of_a_comment_becomes_markdown_that_looks_alike(html: str, shown: str) -> None:
    assert render(markdown_of(html)) == shown


def test_links_pictures_and_bare_addresses_become_links() -> None:
    html = (
        '<a href="https://e.org/a_b*c">A_b</a> <img src="https://e.org/p.jpg" alt="A mill"> '
        "https://e.org/x?a=1&amp;b=2."
    )

    shown = render(markdown_of(html))

    assert 'href="https://e.org/a_b*c"' in shown
    assert ">A_b</a>" in shown
    assert ">A mill</a>" in shown
    assert 'href="https://e.org/x?a=1&amp;b=2"' in shown
    assert "<img" not in shown


@given(st.text(alphabet="ab*_`[]()<>~#-+1.\\! &;\n", max_size=40))
def test_text_without_markup_is_shown_as_it_is(text: str) -> None:
    import html as library
    import re

    shown = render(markdown_of(library.escape(text, quote=False)))

    seen = library.unescape(re.sub(r"<[^>]*>", " ", shown))
    assert seen.split() == text.split() or "".join(seen.split()) == "".join(text.split())
    assert not re.search(r"<(?:strong|em|a|ul|ol|code|pre|blockquote|s)\b", shown)


def test_a_comment_that_nests_without_end_is_no_crash() -> None:
    assert "x" in render(markdown_of("<blockquote>" * 3_000 + "x"))


@pytest.mark.parametrize(
    "html",
    [
        "Words.", "", " \n ", "Two\r\nlines", "A\n\n\nB\n \n C", "<em>a</em>b <b>c</b>\n<i> d</i>",
        "- a\n1. b <em>- c</em> - d\n<b></b># e <i> </i>", "a &amp; b &lt;i&gt; &#039; &copy; & c",
        "snake_case [x](y) `z` ~~ * \\ https://e.org/a_b. See", "<em>a*b</em>", "<b>c**d</b>",
        "<em>a\nb</em>", "<em>a", "a < b > c", "&am<em>p;</em>", "<em>a</em>\n\n<b>b</b>",
        "a\u00a0b\tc", "7. a", "<i>7. a</i> + b",
    ],
)  # fmt: skip
def test_plain_words_become_what_the_parser_makes_of_them(html: str) -> None:
    assert markdown_of(html) == markdown_of_tree(html)


_PIECES = [
    "a", "bc", "ü", "7", " ", "  ", "\n", "\n\n", "\r\n", "\t", "\xa0", "\u2028", "\x85", "\x7f",
    ".", ",", "(", ")", "-", "+", "#", "1.", "2)", "*", "_", "`", "~", "|", "!", "[", "\\", ">",
    "<", "&", ";", "&amp;", "&lt;", "&#39;", "&nbsp;", "<em>", "</em>", "<b>", "</b>", "<i>x</i>",
    "<strong>y z</strong>", "<br>", "<p>", "https://e.org/x_y", "://", '"', "\ufeff",
]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_any_words_become_what_the_parser_makes_of_them(html: str) -> None:
    assert markdown_of(html) == markdown_of_tree(html)

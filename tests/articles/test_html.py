"""The sanitiser of bodies: what it keeps, what it drops, and that it has one answer."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.html import ATTRIBUTES, CLASSES, TAGS, clean_html


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Water</h2>",
        '<p class="verse">One<br>Two</p>',
        '<p class="has-text-align-center">In the middle</p>',
        '<figure class="alignleft"><img src="/media/a.jpg" alt="" width="3" height="2"></figure>',
        "<figure><figcaption>A mill</figcaption></figure>",
        '<figure class="gallery"><figure class="missing-media"><p>mill.jpg</p></figure></figure>',
        '<figure class="pullquote"><blockquote><p>So</p><cite>She</cite></blockquote></figure>',
        '<figure class="embed" data-embed="https://player.vimeo.com/video/1234?start=5"></figure>',
        '<figure data-embed="https://www.youtube-nocookie.com/embed/ex8fMxXJDJw"></figure>',
        '<audio src="/media/a.mp3" controls="" preload="none"></audio>',
        '<details open=""><summary>More</summary><p>Text</p></details>',
        '<div class="columns"><div class="column"><p>One</p></div></div>',
        '<ol class="footnotes"><li id="fn-1">A</li></ol><a href="#fnref-1" rel="noopener">b</a>',
        '<p><a class="button" href="/donate/" rel="noopener">Give</a></p>',
        '<ol start="4" reversed=""><li>Four</li></ol>',
    ],
)
def test_the_vocabulary_of_bodies_is_kept_as_it_is(html: str) -> None:
    kept = clean_html(html)

    # The order of attributes is the parser's own.
    assert sorted(re.findall(r'[\w-]+(?:="[^"]*")?', kept)) == sorted(
        re.findall(r'[\w-]+(?:="[^"]*")?', html)
    )


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<script>alert(1)</script><p>Text</p>", "<p>Text</p>"),
        ("<p onclick='x()' style='color:red' id='main'>Text</p>", "<p>Text</p>"),
        ('<p class="site-header verse">Text</p>', '<p class="verse">Text</p>'),
        ('<a href="javascript:alert(1)">Text</a>', '<a rel="noopener">Text</a>'),
        ('<a href="JaVa\tScript:alert(1)">Text</a>', '<a rel="noopener">Text</a>'),
        ('<a href="data:text/html,x">Text</a>', '<a rel="noopener">Text</a>'),
        ('<iframe src="https://example.org/"></iframe>', ""),
        ('<form action="/x"><input name="a"><button>Go</button></form>', "Go"),
        ('<img src="https://example.org/a.jpg" alt="A">', ""),
        ('<img src="//example.org/a.jpg" alt="A">', ""),
        ('<img src="/\\example.org/a.jpg" alt="A">', ""),
        ('<img src="/\t/example.org/a.jpg" alt="A">', ""),
        ('<img src="data:image/png;base64,xx">', ""),
        ('<img src="/media/a.jpg" srcset="https://example.org/b.jpg 2x" onerror="x()">',
         '<img src="/media/a.jpg">'),
        ('<video src="https://e.org/a.mp4" autoplay></video>', '<video preload="none"></video>'),
        ('<figure class="embed" data-embed="https://example.org/x">x</figure>',
         '<figure class="embed">x</figure>'),
        ('<figure data-embed="http://player.vimeo.com/video/1">x</figure>', "<figure>x</figure>"),
        ('<li id="comments">x</li>', "<li>x</li>"),
        ("<!-- wp:paragraph --><p>x</p>", "<p>x</p>"),
        ("a\x00b\ud800c\x08", "abc"),
        ("<svg><script>alert(1)</script></svg>x", "x"),
        ("<math><mtext></p><img src=1 onerror=alert(1)></mtext></math>", ""),
    ],
)  # fmt: skip
def test_what_runs_styles_or_loads_from_elsewhere_is_dropped(html: str, left: str) -> None:
    assert clean_html(html) == left


_NAMES = st.sampled_from(
    [*sorted(TAGS), "script", "iframe", "style", "svg", "math", "form", "font"]
)
_VALUES = st.one_of(
    st.sampled_from(
        ["javascript:x", "//h/a", "/media/a.jpg", "#fn-1", "fn-1", "https://e.org/", "verse x"]
    ),
    st.text(max_size=8),
)
_PIECES = st.one_of(
    st.text(max_size=10),
    st.builds("<{}>".format, _NAMES),
    st.builds("</{}>".format, _NAMES),
    st.builds(
        '<{} {}="{}">'.format,
        _NAMES,
        st.sampled_from(["href", "src", "class", "id", "style", "onclick", "data-embed", "title"]),
        _VALUES,
    ),
)


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_cleaning_twice_changes_nothing_and_nothing_foreign_is_left(html: str) -> None:
    once = clean_html(html)

    assert clean_html(once) == once
    for tag, attributes in re.findall(r"<([a-z0-9]+)((?:\s[\w-]+=\"[^\"]*\")*)", once):
        assert tag in TAGS
        for name, value in re.findall(r"\s([\w-]+)=\"([^\"]*)\"", attributes):
            allowed = ATTRIBUTES.get(tag, set()) | ATTRIBUTES["*"] | {"class", "rel", "preload"}
            assert name in allowed
            if name == "class":
                assert set(value.split()) <= CLASSES.get(tag, set())
            assert "javascript:" not in value or name not in {"href", "src"}


def test_a_very_deep_body_is_cleaned_and_not_a_crash() -> None:
    deep = "<div>" * 5_000 + "x" + "</div>" * 5_000

    assert "x" in clean_html(deep)


def test_line_breaks_before_a_preformatted_text_settle() -> None:
    once = clean_html("<pre>" + "\n" * 30 + "x</pre>")
    assert once == "<pre>x</pre>"
    assert clean_html(once) == once

# ruff: noqa: ISC004, E501 (texts of several lines, in tables of texts)
"""Texts of both editors become clean bodies."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from articles.html import clean_html
from articles.wordpress.body import body_of
from articles.wordpress.library import Attachment, Library, uploads_path
from articles.wordpress.report import Report
from articles.wordpress.values import Slugs, moment, plain_text, slug_of


def library() -> Library:
    made = Library(Report())
    for number in ("5", "6"):
        url = f"https://old.example/wp-content/uploads/2020/01/p{number}.jpg"
        made.attachments[number] = Attachment(number, url, f"Alt {number}", f"Cap {number}", "T")
        made.by_path[uploads_path(url)] = number
    made.children["1"] = ["5", "6"]
    return made


def body(text: str, footnotes: str = "") -> str:
    return body_of(text, library(), "1", footnotes).replace("\n", "")


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(body(text), "lxml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\n\nTwo\nlines", "<p>One</p><p>Two<br>lines</p>"),
        ("One\r\n\r\nTwo", "<p>One</p><p>Two</p>"),
        ("<h2>A</h2>\nText\n<ul>\n\t<li>x</li>\n</ul>", "<h2>A</h2><p>Text</p><ul><li>x</li></ul>"),
        ("<blockquote>Said</blockquote>", "<blockquote><p>Said</p></blockquote>"),
        ("a<!--more-->b", "<p>a</p><p>b</p>"),
        ("a\n<!--nextpage-->\nb", "<p>a</p><p>b</p>"),
        ("<h1>Top</h1>", "<h2>Top</h2>"),
        ("<p style='text-align:center'>x</p>", '<p class="has-text-align-center">x</p>'),
        ("A <tt>b</tt> <strike>c</strike> <big>d</big>", "<p>A <code>b</code> <s>c</s> d</p>"),
        ("<acronym title='x'>y</acronym>", '<p><abbr title="x">y</abbr></p>'),
        ("<pre>a\n\n  b [gallery]</pre>", "<pre>a  b [gallery]</pre>"),
        ("Take <code>[gallery]</code>", "<p>Take <code>[gallery]</code></p>"),
        ("<code>a\n\tb</code>", "<pre><code>a\tb</code></pre>"),
        ("<b>x\n\ny</b>", "<p><b>x</b></p><p><b>y</b></p>"),
        ("&nbsp;\n\n<p></p>", ""),
        ("He said [sic] and [...] [1]", "<p>He said [sic] and [...] [1]</p>"),
        ("[[gallery]]", "<p>[gallery]</p>"),
        ("[my_plugin id=3]x[box color='red']In[/box]", "<p>xIn</p>"),
        ("<script>alert(1)</script>Hi", "<p>Hi</p>"),
        ("<a href='javascript:x'>a</a>", '<p><a rel="noopener">a</a></p>'),
        ("https://example.org/x", '<p><a href="https://example.org/x" rel="noopener">'
                                  "https://example.org/x</a></p>"),
    ],
)  # fmt: skip
def test_a_classic_text_becomes_paragraphs(text: str, expected: str) -> None:
    assert body(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!-- wp:paragraph -->\n<p>A</p>\n<!-- /wp:paragraph -->", "<p>A</p>"),
        ('<!-- wp:heading {"level":1} --><h1 class="wp-block-heading">A</h1><!-- /wp:heading -->',
         "<h2>A</h2>"),
        ("<!-- wp:latest-posts /--><!-- wp:paragraph --><p>A</p><!-- /wp:paragraph -->", "<p>A</p>"),
        ("<!-- wp:query --><div><!-- wp:paragraph --><p>No</p><!-- /wp:paragraph --></div>"
         "<!-- /wp:query -->", ""),
        ('<!-- wp:group --><div class="wp-block-group"><!-- wp:paragraph --><p>A</p>'
         "<!-- /wp:paragraph --></div><!-- /wp:group -->", "<p>A</p>"),
        ("<!-- wp:html --><b>Bare</b><!-- /wp:html -->", "<p><b>Bare</b></p>"),
        ('<!-- wp:verse --><pre class="wp-block-verse">A\nB</pre><!-- /wp:verse -->',
         '<p class="verse">AB</p>'),
        ('<!-- wp:pullquote --><figure class="wp-block-pullquote alignleft"><blockquote><p>A</p>'
         "<cite>B</cite></blockquote></figure><!-- /wp:pullquote -->",
         '<figure class="alignleft pullquote"><blockquote><p>A</p><cite>B</cite></blockquote>'
         "</figure>"),
        ('<!-- wp:columns --><div class="wp-block-columns"><!-- wp:column -->'
         '<div class="wp-block-column"><p>A</p></div><!-- /wp:column --></div><!-- /wp:columns -->',
         '<div class="columns"><div class="column"><p>A</p></div></div>'),
        ('<!-- wp:button --><div class="wp-block-button"><a class="wp-block-button__link" '
         'href="/x">Go</a></div><!-- /wp:button -->',
         '<p><a class="button" href="/x" rel="noopener">Go</a></p>'),
        ('<div class="wp-block-button"><a class="wp-block-button__link" href="/x">Go<br>on</a></div>'
         '<div class="wp-block-button"><a class="wp-block-button__link" href="/y">No</a></div>',
         '<p><a class="button" href="/x" rel="noopener">Go on</a></p>'
         '<p><a class="button" href="/y" rel="noopener">No</a></p>'),
        ("<!-- wp:acme/slider --><div><p>Kept</p></div><!-- /wp:acme/slider -->", "<p>Kept</p>"),
        ('<!-- wp:social-links --><ul><!-- wp:social-link {"url":"https://e.org/u",'
         '"service":"mastodon"} /--><!-- wp:social-link {"url":"#"} /--></ul>'
         "<!-- /wp:social-links -->",
         '<ul><li><a href="https://e.org/u" rel="noopener">mastodon</a></li></ul>'),
        ("<!-- wp:spacer --><div style='height:9px'></div><!-- /wp:spacer -->", ""),
        ("<!-- wp:code --><pre><code>&lt;!-- wp:x --> [gallery]</code></pre><!-- /wp:code -->",
         "<pre><code>&lt;!-- wp:x --&gt; [gallery]</code></pre>"),
        ("<!-- wp:paragraph {broken --><p>A</p>", "<p>A</p>"),
        ("<!-- wp:paragraph --><p>Not closed</p>", "<p>Not closed</p>"),
        ("<p>x</p><!-- /wp:group --><!-- wp:separator --><hr/><!-- /wp:separator -->",
         "<p>x</p><hr>"),
    ],
)  # fmt: skip
def test_blocks_become_the_vocabulary(text: str, expected: str) -> None:
    assert body(text) == expected


def test_a_gallery_of_ids_and_of_children_has_its_captions() -> None:
    for text in ('[gallery ids="5,6"]', "[gallery columns='9']"):
        gallery = soup(text).select_one("figure.gallery")

        assert gallery is not None
        figures = gallery.select("figure.missing-media")
        assert [one.figcaption.text for one in figures if one.figcaption] == ["Cap 5", "Cap 6"]
        assert figures[0].p is not None
        assert "p5.jpg" in figures[0].p.text


@pytest.mark.parametrize(
    "text",
    [
        '[caption id="a" align="alignleft" width="9"]<a href="https://old.example/p.jpg">'
        '<img src="https://old.example/files/p.jpg" alt="Mill"></a> A <em>mill</em>[/caption]',
        '<!-- wp:image --><figure class="wp-block-image alignleft"><img alt="Mill" '
        'src="https://old.example/files/p.jpg"/><figcaption>A <em>mill</em></figcaption></figure>'
        "<!-- /wp:image -->",
        '<div class="wp-caption alignleft"><img src="https://old.example/files/p.jpg" alt="Mill">'
        '<p class="wp-caption-text">A <em>mill</em></p></div>',
    ],
)
def test_a_picture_that_was_not_given_leaves_a_captioned_placeholder(text: str) -> None:
    assert body(text) == (
        '<figure class="alignleft missing-media"><p>Missing picture: Mill (p.jpg)</p>'
        "<figcaption>A <em>mill</em></figcaption></figure>"
    )


def test_a_picture_in_the_middle_of_a_list_or_sentence_is_a_word_of_it() -> None:
    assert body("<ul><li>See <img src='https://e.org/a.png' alt='A'> here</li></ul>") == (
        '<ul><li>See <span class="missing-media">Missing picture: A (a.png)</span> here</li></ul>'
    )


@pytest.mark.parametrize(
    ("url", "player"),
    [
        ("https://www.youtube.com/watch?v=SQEQr7c0-dw&t=1m5s", "embed/SQEQr7c0-dw?start=65"),
        ("https://youtu.be/ex8fMxXJDJw", "embed/ex8fMxXJDJw"),
        ("https://www.youtube.com/shorts/ex8fMxXJDJw", "embed/ex8fMxXJDJw"),
        ("https://vimeo.com/22439234", "video/22439234"),
        ("https://twitter.com/nacin/status/319508408669708289", None),
        ("https://www.youtube.com/watch?v=<script>", None),
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "Before\n\n{0}\n\nAfter",
        "Before\n\n[embed width='3']{0}[/embed]\n\nAfter",
        '<p>Before</p><!-- wp:embed {{"url":"{0}","align":"wide"}} --><figure><div>\n{0}\n</div>'
        "</figure><!-- /wp:embed --><p>After</p>",
        '<p>Before</p><!-- wp:core-embed/youtube {{"url":"{0}"}} --><figure></figure>'
        "<!-- /wp:core-embed/youtube --><p>After</p>",
        '<p>Before</p><iframe src="{0}"></iframe><p>After</p>',
    ],
)
def test_every_way_to_embed_becomes_one_figure_that_loads_nothing(
    form: str, url: str, player: str | None
) -> None:
    made = soup(form.format(url))

    assert not made.select("iframe, script, object")
    figure = made.select_one("figure.embed")
    if "<" in url:
        assert figure is None or not figure.get("data-embed")
        return
    assert figure is not None
    assert figure.a is not None
    assert figure.a["href"] == url
    assert str(figure.get("data-embed") or "").endswith(player or "")
    assert bool(figure.get("data-embed")) == bool(player)


def test_footnotes_lead_there_and_back() -> None:
    text = (
        '<!-- wp:paragraph --><p>A<sup data-fn="u-1" class="fn"><a href="#u-1" id="u-1-link">1</a>'
        "</sup></p><!-- /wp:paragraph --><!-- wp:footnotes /-->"
    )

    made = body(text, '[{"id":"u-1","content":"A <em>note</em>"}]')

    assert '<a href="#fn-1" id="fnref-1"' in made
    assert '<li id="fn-1">A <em>note</em> <a href="#fnref-1"' in made
    assert "<p>A" in body(text, "{not json")


@given(
    st.lists(
        st.sampled_from(
            ["<!-- wp:group -->", "<!-- /wp:group -->", "<!-- wp:gallery {} /-->", "[caption]", "]",
             "[/caption]", "[gallery", '"', "<p>", "</div>", "<img src=x>", "<a href=y>", "<ul>",
             "<li>", "<table>", "<td>", "\n\n", "text", "&#1;", "\x01", "https://youtu.be/abcdefg",
             "<iframe src=//a.b>", "<figure>", "<pre>", "<video>", "<div class=wp-block-cover>"]
        ),
        max_size=14,
    ).map("".join)
)  # fmt: skip
def test_any_text_gives_a_clean_body(text: str) -> None:
    made = body_of(text, library(), "1")

    assert clean_html(made) == made
    assert "<!--" not in made
    assert "<img" not in made


def test_a_very_deep_text_is_no_crash() -> None:
    assert "x" in body("<div>" * 3_000 + "x")
    assert "x" in body("<!-- wp:group --><div>" * 3_000 + "x")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Title <em>With</em> <b>Mark<sup>up</sup></b>", "Title With Markup"),
        ("Media &amp; Text", "Media & Text"),
        ("~`!@#$%^&*()-_=+{}[]/\\;:'\"?,.>", "~`!@#$%^&*()-_=+{}[]/\\;:'\"?,.>"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("<script>alert(1)</script>Hi", "Hi"),
        ("&lt;script&gt;", "<script>"),
        ("  two\n lines ", "two lines"),
        ("عنوان 😀", "عنوان 😀"),
        ("a\x00b&#8;c", "abc"),
    ],
)
def test_a_title_is_the_text_a_reader_saw(title: str, text: str) -> None:
    assert plain_text(title) == text


def test_dates_that_are_none_are_passed_over() -> None:
    found = moment("0000-00-00 00:00:00", "Mon, 05 Feb 2024 16:33:52 +0100", "2020-01-01 00:00:00")

    assert found is not None
    assert found.isoformat() == "2024-02-05T15:33:52+00:00"
    assert moment("9999-99-99 00:00:00", "0001-01-01 00:00:00", "", "soon", "-1") is None
    assert moment("2024-02-30 10:00:00", "2024-W06-1 10:00:00", "2024-02-05 10:00:60") is None


def test_slugs_are_decoded_cut_and_free() -> None:
    assert slug_of("%ce%b5%cf%80%ce%af-2") == "επί-2"
    assert slug_of("%f0%9f%98%80", "The Title") == "the-title"
    assert len(slug_of("a" * 500)) == 200
    assert Slugs(["a", "a-2"]).free("a") == "a-3"
    assert Slugs(["a" * 200]).free("a" * 200) == "a" * 198 + "-2"

"""Differences between versions, as a person reads them."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.differences import (
    field_differences,
    html_difference,
    html_sides,
    text_difference,
    text_sides,
)
from articles.html import clean_html
from articles.models import Image
from articles.revisions import keep_revision
from tests.articles.factories import ArticleFactory, AuthorFactory, SectionFactory, TagFactory


def read(html: str, without: str = "") -> str:
    """Return the text of html without an element, white space made one."""
    soup = BeautifulSoup(f"<div>{html}</div>", "html.parser")
    for element in soup.find_all([without, "summary"] if without else ["summary"]):
        element.decompose()
    for block in soup.find_all(["p", "h2", "li", "td", "th", "br", "blockquote", "figcaption"]):
        block.append(" ")
    return " ".join(soup.get_text().split())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


CHANGES = {
    "a word": (
        "<p>It opens in May.</p>",
        "<p>It opens in June.</p>",
        "<p>It opens in <del>May</del><ins>June</ins>.</p>",
    ),
    "a new paragraph": (
        "<p>One.</p>", "<p>One.</p><p>Two.</p>", "<p>One.</p><p><ins>Two.</ins></p>"
    ),
    "a paragraph gone": (
        "<p>One.</p><p>Two.</p>", "<p>Two.</p>", "<p><del>One.</del></p><p>Two.</p>"
    ),
    "a link that leads elsewhere": (
        '<p>See <a href="/a">the plan</a> now.</p>',
        '<p>See <a href="/b">the plan</a> now.</p>',
        ('<p>See <del><a href="/a" rel="noopener">the plan</a></del>'
        '<ins><a href="/b" rel="noopener">the plan</a></ins> now.</p>'),
    ),
    "an item of a list": (
        "<ul><li>Bread</li><li>Salt</li></ul>",
        "<ul><li>Bread</li><li>Oil</li><li>Salt</li></ul>",
        "<ul><li>Bread</li><li><ins>Oil</ins></li><li>Salt</li></ul>",
    ),
    "a cell of a table": (
        "<table><tbody><tr><td>a</td><td>12 boats</td></tr></tbody></table>",
        "<table><tbody><tr><td>a</td><td>13 boats</td></tr></tbody></table>",
        ("<table><tbody><tr><td>a</td><td><del>12</del><ins>13</ins> boats</td></tr>"
        "</tbody></table>"),
    ),
    "a picture": (
        '<figure><img src="/a.jpg" alt="A"></figure>',
        '<figure><img src="/b.jpg" alt="B"></figure>',
        ('<figure><del><img src="/a.jpg" alt="A"></del>'
        '<ins><img src="/b.jpg" alt="B"></ins></figure>'),
    ),
    "emphasis": (
        "<p>It is true.</p>",
        "<p>It is <em>true</em>.</p>",
        "<p>It is <del>true</del><ins><em>true</em></ins>.</p>",
    ),
    "a script without spaces": (
        "<p>大桥五月开放</p>", "<p>大桥六月开放</p>", "<p>大桥<del>五</del><ins>六</ins>月开放</p>"
    ),
    "a script from right to left": (
        '<p dir="rtl">الجسر مفتوح</p>',
        '<p dir="rtl">الجسر مغلق</p>',
        '<p dir="rtl">الجسر <del>مفتوح</del><ins>مغلق</ins></p>',
    ),
    "the first words": ("", "<p>Words.</p>", "<p><ins>Words.</ins></p>"),
    "nothing at all": ("", "", ""),
    "nothing": ("<p>Same.</p>", "<p>Same.</p>", "<p>Same.</p>"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_marked(change: str) -> None:
    old, new, shown = CHANGES[change]
    assert html_difference(old, new) == shown


def test_rewritten_sentence_is_read_as_one_change() -> None:
    shown = html_difference(
        "<p>The mayor said that the bridge would open in the spring.</p>",
        "<p>The builders warned in the winter that a bridge needs a second year.</p>",
    )
    assert shown.count("<ins>") <= 2


def test_paragraph_keeps_its_place_when_another_comes_before_it() -> None:
    shown = html_difference(
        "<p>The council met at nine in the old hall.</p>",
        "<h2>The vote</h2><p>The council met at ten in the old hall.</p>",
    )
    assert shown == (
        "<h2><ins>The vote</ins></h2>"
        "<p>The council met at <del>nine</del><ins>ten</ins> in the old hall.</p>"
    )


def test_sides_hold_their_own_text_only() -> None:
    old, new = html_sides("<p>In May.</p><p>Gone.</p>", "<p>In June.</p>")
    assert old == "<p>In <del>May</del>.</p><p><del>Gone.</del></p>"
    assert new == "<p>In <ins>June</ins>.</p>"


def test_long_unchanged_stretch_is_folded() -> None:
    same = "".join(f"<p>Paragraph {number}.</p>" for number in range(20))
    shown = html_difference(same + "<p>Old.</p>", same + "<p>New.</p>")
    assert "<summary>18 unchanged paragraphs</summary>" in shown
    assert shown.startswith("<p>Paragraph 0.</p><details")
    assert read(shown, "del").endswith("New.")


def test_ids_are_not_doubled_and_nothing_dangerous_passes() -> None:
    shown = html_difference(
        '<p>a<a href="#fn-1" id="fnref-1">1</a></p><script>alert(1)</script>',
        '<p>b<a href="#fn-1" id="fnref-1">1</a></p><p onclick="x()">&lt;img&gt;</p>',
    )
    assert "id=" not in shown
    assert "script" not in shown
    assert "onclick" not in shown
    assert "&lt;img&gt;" in shown


@pytest.mark.slow
def test_enormous_texts_end() -> None:
    one = "<p>" + "a " * 40_000 + "</p>"
    other = "<p>" + "a b " * 30_000 + "</p>"
    assert squeezed(read(html_difference(one, other), "del")) == squeezed(read(other))
    many = "<p>a</p>" * 9_000
    shown = html_difference(many + "<p>x</p>", "<p>y</p>" + many)
    assert "<ins>" in shown


WORD = st.text(st.sampled_from("abc .,大&<é\u0627"), min_size=0, max_size=12)
INLINE = st.builds(
    lambda tag, text: f"<{tag}>{text}</{tag}>" if tag else text,
    st.sampled_from(["", "", "em", "strong", "a"]),
    WORD.map(lambda w: w.replace("&", "&amp;").replace("<", "&lt;")),
)
LEAF = st.builds(
    lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
    st.sampled_from(["p", "h2", "blockquote"]),
    st.lists(INLINE, max_size=5),
)
LIST = st.builds(
    lambda items: "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>",
    st.lists(INLINE, min_size=1, max_size=3),
)
BODY = st.lists(st.one_of(LEAF, LIST), max_size=6).map("".join)


@pytest.mark.slow
@given(old=BODY, new=BODY)
@settings(max_examples=300, deadline=None)
def test_each_text_can_be_read_out_of_the_difference(old: str, new: str) -> None:
    merged = html_difference(old, new)
    assert squeezed(read(merged, "del")) == squeezed(read(clean_html(new)))
    assert squeezed(read(merged, "ins")) == squeezed(read(clean_html(old)))
    left, right = html_sides(old, new)
    assert squeezed(read(left)) == squeezed(read(clean_html(old)))
    assert squeezed(read(right)) == squeezed(read(clean_html(new)))
    # Valid as it stands: the sanitiser, which parses as a browser does, finds nothing to mend.
    plain = re.sub(r'<details class="unchanged"><summary>.*?</summary>|</details>', "", merged)
    assert squeezed(clean_html(plain)) == squeezed(plain)


@given(old=st.text(max_size=60), new=st.text(max_size=60))
def test_plain_texts_can_be_read_out_of_their_difference(old: str, new: str) -> None:
    left, right = text_sides(old, new)
    assert "<script" not in text_difference(old, new)
    assert left == text_sides(old, old)[0] or "<del>" in left or "<ins>" in right


def test_plain_text_is_escaped_and_keeps_its_lines() -> None:
    shown = text_difference("a <b>\nc", "a <i>\nc")
    assert shown == "a &lt;<del>b</del><ins>i</ins>&gt;<br>c"


@pytest.mark.django_db
def test_fields_that_differ_are_named_in_reading_order() -> None:
    author, image = AuthorFactory(name="Ann"), Image.objects.create(alt="A crane")
    section = SectionFactory(name="Harbour")
    article = ArticleFactory(
        headline="Old", body="<p>One.</p>", authors=[author], section=section, lead_image=image
    )
    article.tags.add(TagFactory(name="Ships"))
    keep_revision(article=article, by=None)
    old = article.history.get()
    article.headline, article.body, article.lead_image = "New", "<p>Two.</p>", None
    article.section = SectionFactory(name="City")
    article.kind = "opinion"
    article.save()
    article.bylines.all().delete()
    article.tags.clear()
    keep_revision(article=article, by=None)
    new = article.history.first()
    for one, other in ((old, new), (old, article)):
        differences = {d.name: d for d in field_differences(one, other)}
        assert list(differences) == [
            "headline", "body", "bylines", "lead_image", "kind", "section", "tags",
        ]  # fmt: skip
        assert differences["headline"].merged == "<del>Old</del><ins>New</ins>"
        assert differences["bylines"].old == "<del>Ann</del>"
        assert differences["section"].new == "<ins>City</ins>"
        assert differences["tags"].old == "<del>Ships</del>"
    assert field_differences(new, article) == []


@pytest.mark.django_db
def test_thing_that_is_gone_is_told_by_its_number() -> None:
    image = Image.objects.create(alt="A crane")
    article = ArticleFactory(lead_image=image)
    keep_revision(article=article, by=None)
    number = image.pk
    article.lead_image = None
    article.save()
    image.delete()
    (difference,) = field_differences(article.history.get(), article)
    assert difference.old == f"<del>#{number}</del>"

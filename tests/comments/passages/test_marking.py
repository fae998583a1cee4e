"""Marks change neither the text nor the tags of a body."""

import re

from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.html import clean_html
from comments.passages.marking import BodyText, Placed, marked, parts, questions_in

BODY = (
    "<p>One &amp; two <em>three</em> <a href=\"/x\" title=\"a &gt; b\">four five</a> six</p>\n"
    "<ul>\n<li>seven</li>\n<li>eight</li>\n</ul>"
)  # fmt: skip


def text_of(body: str) -> str:
    return BodyText.of(body).solid


def mark(body: str, *places: tuple[int, int]) -> str:
    passages = [Placed(number, *place) for number, place in enumerate(places, 1)]
    return marked(body, passages, lambda number: f"<a href='#{number}'></a>")


def words_of(html: str) -> str:
    return " ".join(
        "".join(m.text for m in BeautifulSoup(html, "html.parser").select("mark")).split()
    )


def test_text_is_without_tags_entities_and_spaces() -> None:
    assert text_of(BODY) == "One&twothreefourfivesixseveneight"


def test_words_are_told_as_people_read_them() -> None:
    text = BodyText.of(BODY)
    assert text.words(12, 23) == "four five six"
    assert text.selector(20, 28).exact == "six seven"
    assert text.selector(0, 3).prefix == ""


def test_words_are_marked_over_elements() -> None:
    html = mark(BODY, (4, 24))
    assert words_of(html).replace(" ", "") == "twothreefourfivesixs"
    assert html.count('id="passage-1"') == 1
    assert "<ul>\n<li>" in html  # nothing between a list and its items is wrapped


def test_link_to_a_passage_never_stands_in_another_link() -> None:
    html = mark(BODY, (12, 16), (14, 18))
    assert not BeautifulSoup(html, "html.parser").select("a a")
    assert html.index("</a><a href='#1'>") < html.index("<a href='#2'>")


def test_overlapping_passages_are_marked_together() -> None:
    html = mark(BODY, (0, 10), (4, 20))
    assert words_of(html).replace(" ", "") == "One&twothreefourfive"
    assert 'id="passage-2"' in html
    assert not BeautifulSoup(html, "html.parser").select("mark mark")


def test_questions_of_editors_are_read_with_their_place() -> None:
    body = clean_html(
        '<p>Is it <span data-question="Would you &quot;go&quot;?">a <b>good</b> deal</span>?</p>'
    )
    [asked] = questions_in(body)
    assert asked.question == 'Would you "go"?'
    assert text_of(body)[asked.start : asked.end] == "agooddeal"


HTML = st.recursive(
    st.text("ab c&<>é\n", max_size=12).map(lambda t: t.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.tuples(st.sampled_from(["p", "em", "a", "ul", "li", "blockquote", "span"]), inner).map(
            lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(HTML, st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30)), max_size=4))
def test_marking_keeps_the_text_and_the_tags(raw: str, spans: list[tuple[int, int]]) -> None:
    body = clean_html(raw)
    length = len(text_of(body))
    places = [(start, min(start + size, length)) for start, size in spans if start < length]
    html = mark(body, *places)
    assert text_of(html) == text_of(body)
    ours = re.compile(r"</?mark[^>]*>|<span id=\"passage-\d+\"[^>]*></span>|<a href='#\d+'></a>")
    assert ours.sub("", html) == body
    solid = text_of(body)
    expected = {place for start, end in places for place in range(start, end)}
    inside = "".join(solid[place] for place in sorted(expected))
    within = "".join(text for text, is_tag in _with_marks(html) if not is_tag)
    assert "".join(within.split()) == inside
    assert html.count("<a href='#") == len(places)


def _with_marks(html: str) -> list[tuple[str, bool]]:
    """Return the texts that stand in marks."""
    depth, found = 0, []
    for part, is_tag in parts(html):
        if part.startswith("<mark"):
            depth += 1
        elif part == "</mark>":
            depth -= 1
        elif not is_tag and depth:
            found.append(
                (re.sub("&amp;", "&", re.sub("&lt;", "<", re.sub("&gt;", ">", part))), False)
            )
    return found

"""Passages are found again after edits, and never at words they have nothing to do with."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comments.passages.anchoring import CONTEXT, Selector, find, squeezed

TEXT = (
    "The night ferry is back. After eleven winters the gangway came up at 22.40, and the quay was "
    "full of people who had not been asked to come. The company says that the line will pay for "
    "itself in three years; the town's own figures say seven. Nobody on the quay asked. The night "
    "ferry is back, said a child, and was right."
)
GLASS = (
    "A wholly different report about glass, which has been blown in this town for two hundred "
    "years and is now blown by three people, one of them retired."
)
PASSAGE = "the line will pay for itself in three years"
SHORTER = "the line pays for itself in three years"


def selector_at(text: str, start: int, end: int) -> Selector:
    return Selector(
        text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    )


def place_of(words: str, text: str = TEXT) -> tuple[int, int]:
    start = squeezed(text).index(squeezed(words))
    return start, start + len(squeezed(words))


def selector_of(words: str) -> Selector:
    return selector_at(squeezed(TEXT), *place_of(words))


def found(text: str, selector: Selector) -> str | None:
    place = find(squeezed(text), selector)
    return squeezed(text)[slice(*place)] if place else None


def test_words_are_found_as_they_are_whatever_the_spaces() -> None:
    selector = Selector("the  line\nwill pay", "The company says that ", " for itself")
    assert find(squeezed(TEXT), selector) == place_of("the line will pay")


def test_of_the_same_words_twice_the_surroundings_decide() -> None:
    second = Selector("The night ferry is back", "asked. ", ", said a child")
    assert find(squeezed(TEXT), second) == (
        squeezed(TEXT).rindex("Thenightferryisback"),
        squeezed(TEXT).rindex("Thenightferryisback") + 19,
    )
    assert find(squeezed(TEXT), Selector("The night ferry is back", "", " After")) == (0, 19)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("eleven winters", "eleven long winters", PASSAGE),
        ("three years", "four years", "the line will pay for itself in four years"),
        (PASSAGE, SHORTER, SHORTER),
        (PASSAGE, PASSAGE + ", or in four if the winter is hard", PASSAGE),
    ],
)  # fmt: skip
def test_passage_follows_an_edit(old: str, new: str, expected: str) -> None:
    assert found(TEXT.replace(old, new), selector_of(PASSAGE)) == squeezed(expected)


def test_edges_of_a_changed_passage_are_those_of_its_words() -> None:
    text = TEXT.replace("three years", "four years").replace("The company says", "The owner says")
    expected = squeezed("the line will pay for itself in four years")
    assert found(text, Selector(PASSAGE)) == expected
    assert found(text, selector_of(PASSAGE)) == expected


def test_passage_that_was_moved_is_found_by_its_words() -> None:
    moved = TEXT.replace(PASSAGE, "so it goes") + " At the end they added: " + PASSAGE + "."
    assert found(moved, selector_of(PASSAGE)) == squeezed(PASSAGE)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "x", TEXT.replace(PASSAGE, "it"),
        GLASS,
    ],
)  # fmt: skip
def test_passage_that_is_gone_is_lost(text: str) -> None:
    assert find(squeezed(text), selector_of(PASSAGE)) is None


def test_nothing_is_found_nowhere() -> None:
    assert find("text", Selector("")) is None
    assert find("text", Selector(" \n")) is None


WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=9),
    min_size=30,
    max_size=80,
    unique=True,
)


@given(WORDS, st.data())
def test_edits_elsewhere_leave_a_passage_where_it_is(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(10, len(words) - 15))
    length = data.draw(st.integers(3, 10))
    passage = words[start : start + length]
    text = squeezed(" ".join(words))
    place = text.index("".join(passage))
    selector = selector_at(text, place, place + len("".join(passage)))
    before, after = list(words[:start]), list(words[start + length :])
    for part in (before, after):
        for _ in range(data.draw(st.integers(0, 5))):
            at = data.draw(st.integers(0, max(0, len(part) - 1)))
            if data.draw(st.booleans()) and part:
                del part[at]
            else:
                part.insert(at, data.draw(st.text("xyz", min_size=1, max_size=5)))
    changed = squeezed(" ".join([*before, *passage, *after]))
    assume(changed.count("".join(passage)) == 1)
    found_at = find(changed, selector)
    assert found_at
    assert changed[slice(*found_at)] == "".join(passage)


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=40), st.text(max_size=40))
def test_any_place_lies_within_the_text(text: str, exact: str, prefix: str, suffix: str) -> None:
    place = find(squeezed(text), Selector(exact, prefix, suffix))
    if place is not None:
        assert 0 <= place[0] < place[1] <= len(squeezed(text))

"""Trees: each comment once under its parent, within the budget, and nothing left out in silence."""

import random

from hypothesis import given
from hypothesis import strategies as st

from comments.tree import Line, Node, outline


@st.composite
def forests(draw: st.DrawFn) -> list[Node]:
    """Nodes in any order, some of them placeholders; the first stand at the top."""
    size = draw(st.integers(0, 50))
    nodes = []
    for number in range(1, size + 1):
        parent = draw(st.integers(0, number - 1))
        nodes.append(Node(number, parent or None, is_approved=draw(st.booleans())))
    draw(st.randoms()).shuffle(nodes)
    return nodes


def descendants(number: int, nodes: list[Node]) -> set[int]:
    below = {node.pk for node in nodes if node.parent_id == number}
    return below.union(*(descendants(child, nodes) for child in below))


def comments_of(lines: list[Line]) -> list[int]:
    return [line.pk for line in lines if not line.more]


@given(forests())
def test_with_room_for_all_every_approved_one_stands_once_under_its_parent(
    nodes: list[Node],
) -> None:
    by_number = {node.pk: node for node in nodes}
    shown = comments_of(outline(nodes, 100))
    assert len(shown) == len(set(shown))
    assert {node.pk for node in nodes if node.is_approved} <= set(shown)
    for place, number in enumerate(shown):
        parent = by_number[number].parent_id
        if parent:
            above = shown.index(parent)
            assert above < place
            # Between a comment and its parent stand only other descendants of the parent.
            assert set(shown[above + 1 : place]) <= descendants(parent, nodes)


@given(forests())
def test_placeholders_stand_only_above_something_approved(nodes: list[Node]) -> None:
    by_number = {node.pk: node for node in nodes}
    for number in comments_of(outline(nodes, 100)):
        below = {number} | descendants(number, nodes)
        assert any(by_number[other].is_approved for other in below)


@given(forests(), st.integers(1, 20))
def test_budget_is_kept_and_what_is_left_out_below_a_comment_is_told(
    nodes: list[Node], budget: int
) -> None:
    by_number = {node.pk: node for node in nodes}
    lines = outline(nodes, budget)
    shown = set(comments_of(lines))
    assert len(shown) <= budget
    for number in shown:
        assert by_number[number].parent_id in {None, *shown}
    told = sum(line.more for line in lines)
    tops = {node.pk for node in nodes if node.parent_id is None}
    unseen = {node.pk for node in nodes if node.is_approved} - shown
    below_shown = {
        n for n in unseen if not any(n in {t} | descendants(t, nodes) for t in tops - shown)
    }
    assert told == len(below_shown)


@given(forests(), st.integers(1, 20))
def test_first_ones_stay(nodes: list[Node], budget: int) -> None:
    """Of comments that are all at the top, the budget keeps the first in the order given."""
    flat = [Node(node.pk, None) for node in nodes]
    assert comments_of(outline(flat, budget)) == [node.pk for node in flat[:budget]]


def test_note_follows_what_is_shown_below_the_comment_it_is_about() -> None:
    nodes = [Node(1, None), Node(2, 1), Node(3, None), Node(4, 1), Node(5, 4), Node(6, 2)]
    assert outline(nodes, 3) == [Line(1), Line(2), Line(2, more=1), Line(1, more=2), Line(3)]


def test_very_deep_and_very_wide_threads_are_no_recursion() -> None:
    deep = [Node(n, n - 1 or None) for n in range(1, 20_001)]
    random.Random(1).shuffle(deep)
    assert comments_of(outline(deep, 20_000)) == list(range(1, 20_001))
    wide = [Node(1, None), *(Node(n, 1) for n in range(2, 20_001))]
    assert outline(wide, 2) == [Line(1), Line(2), Line(1, more=19_998)]


def test_one_whose_parent_is_elsewhere_stands_at_the_top() -> None:
    assert outline([Node(7, 3), Node(8, 7)], 10) == [Line(7), Line(8)]

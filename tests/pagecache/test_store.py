"""What is kept stays within its bounds, and goes the moment it is not true any more."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecache.store import EVERYTHING, OVERHEAD, Store

FOR_LONG = time.monotonic() + 10_000


def keep(store: Store[str, str], key: str, *tags: str, size: int = 0, **options: float) -> bool:
    making = store.begin()
    try:
        return store.keep(
            key, f"page {key}", making=making, tags=frozenset(tags),
            fresh_until=options.get("fresh_until", FOR_LONG), size=size,
        )  # fmt: skip
    finally:
        store.end(making)


def test_change_drops_what_shows_it_and_nothing_else() -> None:
    store: Store[str, str] = Store(1_000_000)
    keep(store, "report", "article:1", "discussion:1")
    keep(store, "list", "articles")
    store.invalidate(["discussion:1", "discussion:2"])
    assert list(store.entries) == ["list"]
    store.invalidate([EVERYTHING])
    assert not store.entries
    assert store.size == 0


def test_page_made_while_something_of_it_changed_is_not_kept() -> None:
    store: Store[str, str] = Store(1_000_000)
    for change, kept in (("article:1", False), (EVERYTHING, False), ("article:2", True)):
        making = store.begin()
        store.invalidate([change])
        assert kept is store.keep(
            "page", "text", making=making, tags=frozenset({"article:1"}), fresh_until=FOR_LONG,
            size=0,
        )  # fmt: skip
        store.end(making)
        assert ("page" in store.entries) is kept


def test_soft_change_lets_a_page_be_until_it_is_a_second_old() -> None:
    store: Store[str, str] = Store(1_000_000)
    keep(store, "page", "discussion:1")
    made_at = store.entries["page"].made_at
    store.invalidate(["~discussion:1"])
    assert store.entries["page"].fresh_until == made_at + 1
    making = store.begin()
    store.invalidate(["~discussion:1"])
    store.keep(
        "page", "text", making=making, tags=frozenset({"discussion:1"}), fresh_until=FOR_LONG,
        size=0,
    )  # fmt: skip
    assert store.entries["page"].fresh_until == making.began_at + 1


def test_page_without_time_left_is_true_but_not_kept() -> None:
    store: Store[str, str] = Store(1_000_000)
    assert keep(store, "page", "articles", fresh_until=time.monotonic() - 1)
    assert not store.entries


def test_page_that_would_fill_the_memory_alone_is_not_kept() -> None:
    store: Store[str, str] = Store(1_000_000)
    assert keep(store, "page", "articles", size=400_000)
    assert not store.entries


def test_pages_that_are_taken_outlast_those_that_are_not() -> None:
    """A robot that walks through everything does not drive out what readers read."""
    store: Store[str, str] = Store(20 * (OVERHEAD + 100))
    for number in range(10):
        keep(store, f"read {number}", "articles", size=100)
    for number in range(1_000):
        for wanted in range(10):
            store.entries[f"read {wanted}"].used = True
        keep(store, f"walked {number}", "articles", size=100)
    assert {f"read {number}" for number in range(10)} <= store.entries.keys()


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("keep"),
            st.sampled_from("abcdefgh"),
            st.sets(st.sampled_from(["x", "y", "z"])),
            st.integers(0, 60_000),
        ),
        st.tuples(st.just("change"), st.sampled_from(["x", "y", "z", "~x", EVERYTHING])),
        st.tuples(st.just("use"), st.sampled_from("abcdefgh")),
        st.tuples(st.just("grow"), st.sampled_from("abcdefgh"), st.integers(0, 30_000)),
        st.tuples(st.just("drop"), st.sampled_from("abcdefgh")),
    )
)


@given(steps)
def test_bounds_and_books_hold_whatever_happens(steps: list[tuple]) -> None:
    store: Store[str, str] = Store(200_000)
    for what, *rest in steps:
        match what:
            case "keep":
                keep(store, rest[0], *rest[1], size=rest[2])
            case "change":
                store.invalidate(rest)
            case "use":
                if rest[0] in store.entries:
                    store.entries[rest[0]].used = True
            case "grow":
                store.grow(rest[0], f"page {rest[0]}", rest[1])
            case "drop":
                store.drop(rest[0])
        assert store.size == sum(entry.size for entry in store.entries.values()) <= store.limit
        by_tag = {(tag, key) for tag, keys in store._keys.items() for key in keys}
        assert by_tag == {(tag, key) for key, one in store.entries.items() for tag in one.tags}


def test_value_that_was_replaced_does_not_grow() -> None:
    store: Store[str, str] = Store(1_000_000)
    keep(store, "page", "articles", size=10)
    before = store.size
    store.grow("page", "an older one", 500)
    assert store.size == before
    store.grow("page", store.entries["page"].value, 500)
    assert store.size == before + 500


@pytest.mark.parametrize("limit", [0, 1])
def test_nothing_is_kept_without_room(limit: int) -> None:
    store: Store[str, str] = Store(limit)
    assert keep(store, "page", "articles")
    assert not store.entries

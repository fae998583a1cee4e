"""What is read ahead comes in its order, within its bound, and ends when nobody takes it."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from articles.wordpress.read_ahead import ReadAhead


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


class Numbers:
    """Numbers, and which were asked for."""

    def __init__(self, most: int, error: Exception | None = None) -> None:
        self.most, self.error = most, error
        self.read: list[int] = []
        self.thread = ""

    def __iter__(self) -> Iterator[int]:
        self.thread = threading.current_thread().name
        for number in range(self.most):
            self.read.append(number)
            yield number
        if self.error is not None:
            raise self.error


def test_all_come_in_their_order_from_another_thread() -> None:
    numbers = Numbers(1_000)
    with ReadAhead(iter(numbers), size_of=lambda _number: 7, most=30) as ahead:
        assert list(ahead) == list(range(1_000))
    assert numbers.thread == "read-ahead"


def test_no_more_is_read_than_there_is_room_for() -> None:
    numbers = Numbers(1_000)
    with ReadAhead(iter(numbers), size_of=lambda _number: 10, most=50) as ahead:
        things = iter(ahead)
        until(lambda: len(numbers.read) == 6)  # the last has no room yet
        assert [next(things), next(things)] == [0, 1]
        until(lambda: len(numbers.read) == 8)
        time.sleep(0.05)
        assert len(numbers.read) == 8


def test_what_is_larger_than_the_room_comes_alone() -> None:
    with ReadAhead(iter(Numbers(5)), size_of=lambda _number: 100, most=50) as ahead:
        assert list(ahead) == [0, 1, 2, 3, 4]


def test_error_is_raised_after_what_came_before_it() -> None:
    taken: list[int] = []
    with (
        pytest.raises(ValueError, match="broken"),
        ReadAhead(
            iter(Numbers(3, ValueError("broken"))), size_of=lambda _number: 1, most=50
        ) as ahead,
    ):
        taken.extend(ahead)
    assert taken == [0, 1, 2]


def test_reading_ends_with_who_takes() -> None:
    numbers = Numbers(1_000)
    with ReadAhead(iter(numbers), size_of=lambda _number: 1, most=5) as ahead:
        assert next(iter(ahead)) == 0
    assert len(numbers.read) < 10
    assert "read-ahead" not in {thread.name for thread in threading.enumerate()}

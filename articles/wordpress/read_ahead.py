"""Things that a thread fetches ahead while whoever takes them is busy with earlier ones."""

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from types import TracebackType
from typing import Self


class ReadAhead[Thing]:
    """A context in which things come as from their generator, whose errors are raised in turn.

    size_of: what a thing takes of ``most``, which bounds what is read and not taken yet; one thing
    may be larger. The generator runs in a thread of its own, and is closed with the context.
    """

    def __init__(
        self, things: Generator[Thing], *, size_of: Callable[[Thing], int], most: int
    ) -> None:
        self._things, self._size_of, self._most = things, size_of, most
        self._read: deque[tuple[Thing, int]] = deque()
        self._size = 0
        self._changed = threading.Condition()
        self._is_over = self._is_stopped = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="read-ahead", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        self._thread.join()

    def __iter__(self) -> Iterator[Thing]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._read or self._is_over)
                if not self._read:
                    break
                thing, size = self._read.popleft()
                self._size -= size
                self._changed.notify_all()
            yield thing
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            with closing(self._things) as things:
                for thing in things:
                    self._put(thing, self._size_of(thing))
                    if self._is_stopped:
                        break
        except BaseException as error:  # noqa: BLE001 (it is raised where the things are taken)
            self._error = error
        finally:
            with self._changed:
                self._is_over = True
                self._changed.notify_all()

    def _put(self, thing: Thing, size: int) -> None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_stopped or not self._read or self._size + size <= self._most
            )
            self._read.append((thing, size))
            self._size += size
            self._changed.notify_all()

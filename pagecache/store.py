"""What a worker keeps: values by key, each with its tags, within a number of bytes."""

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

EVERYTHING = "*"  # the tag that all values carry
SOFT = "~"  # before a tag: what has changed may be shown as it was for a moment
SOFT_SECONDS = 1.0  # that moment, counted from when a page was begun
# What a value costs besides its own bytes: the objects around it, its key, its tags.
OVERHEAD = 2_500  # bytes, reckoned generously


class Entry[Value]:
    """A value that is kept. ``now < fresh_until`` (``time.monotonic``) says whether it is true."""

    __slots__ = ("fresh_until", "made_at", "size", "tags", "used", "value")

    def __init__(
        self, value: Value, tags: frozenset[str], made_at: float, fresh_until: float, size: int
    ) -> None:
        self.value = value
        self.tags = tags
        self.made_at = made_at
        self.fresh_until = fresh_until
        self.size = size
        self.used = False  # set by whoever takes the value: it is not the next to go


@dataclass(eq=False, slots=True)
class Making:
    """The making of a value, and what was said to have changed since it was begun."""

    began_at: float
    changed: set[str] = field(default_factory=set)

    def is_outdated(self, tags: frozenset[str]) -> bool:
        """Tell whether something of what the value shows has changed meanwhile."""
        return EVERYTHING in self.changed or not self.changed.isdisjoint(tags)

    def is_soon_outdated(self, tags: frozenset[str]) -> bool:
        return any(SOFT + tag in self.changed for tag in tags)


class Store[Key: Hashable, Value]:
    """Values in memory, at most ``limit`` bytes of them; those that nobody takes go first.

    Reading takes no lock: look into ``entries``, and set ``used``. What is thrown out is chosen by
    the clock algorithm (second chance), which comes close to "least recently used" and lets a walk
    through thousands of pages, each asked for once, pass by those that are wanted.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.entries: OrderedDict[Key, Entry[Value]] = OrderedDict()
        self.size = 0  # bytes
        self.generation = object()  # another one each time that everything has changed
        self._keys: dict[str, set[Key]] = {}  # by tag
        self._makings: set[Making] = set()
        self._lock = threading.Lock()

    def begin(self) -> Making:
        """Note that a value is being made from now on. End it with ``end``, whatever happens."""
        making = Making(time.monotonic())
        with self._lock:
            self._makings.add(making)
        return making

    def end(self, making: Making) -> None:
        with self._lock:
            self._makings.discard(making)

    def keep(
        self,
        key: Key,
        value: Value,
        *,
        making: Making,
        tags: frozenset[str],
        fresh_until: float,
        size: int,
    ) -> bool:
        """Keep a value; return False where something of what it shows has changed meanwhile.

        One that is too large, or has no time left, is true all the same, but not kept.
        """
        size += OVERHEAD
        with self._lock:
            self._drop(key)
            if making.is_outdated(tags):
                return False
            if making.is_soon_outdated(tags):
                fresh_until = min(fresh_until, making.began_at + SOFT_SECONDS)
            if size > self.limit // 4 or fresh_until <= time.monotonic():
                return True
            self.entries[key] = Entry(value, tags, making.began_at, fresh_until, size)
            self.size += size
            for tag in tags:
                self._keys.setdefault(tag, set()).add(key)
            self._make_room()
        return True

    def drop(self, key: Key) -> None:
        """Keep nothing under the key any more."""
        with self._lock:
            self._drop(key)

    def grow(self, key: Key, value: Value, size: int) -> None:
        """Note that a value has become larger by so many bytes, if it is the one that is kept."""
        with self._lock:
            entry = self.entries.get(key)
            if entry is not None and entry.value is value:
                entry.size += size
                self.size += size
                self._make_room()

    def invalidate(self, tags: Iterable[str]) -> None:
        """Drop all values that show what has changed.

        A tag that begins with ``SOFT`` lets them be until ``SOFT_SECONDS`` after they were begun.
        """
        tags = set(tags)
        with self._lock:
            for making in self._makings:
                making.changed |= tags
            if EVERYTHING in tags:
                self.generation = object()
                self.entries.clear()
                self._keys.clear()
                self.size = 0
                return
            for tag in tags:
                if tag.startswith(SOFT):
                    self._age(tag.removeprefix(SOFT))
                else:
                    for key in list(self._keys.get(tag, ())):
                        self._drop(key)

    def _age(self, tag: str) -> None:
        for key in self._keys.get(tag, ()):
            entry = self.entries[key]
            entry.fresh_until = min(entry.fresh_until, entry.made_at + SOFT_SECONDS)

    def _make_room(self) -> None:
        while self.size > self.limit:
            key, entry = next(iter(self.entries.items()))
            if entry.used:
                entry.used = False
                self.entries.move_to_end(key)
            else:
                self._drop(key)

    def _drop(self, key: Key) -> None:
        entry = self.entries.pop(key, None)
        if entry is None:
            return
        self.size -= entry.size
        for tag in entry.tags:
            keys = self._keys[tag]
            keys.discard(key)
            if not keys:
                del self._keys[tag]

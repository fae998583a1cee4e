"""Each app's part in what is kept of an account. The project registers them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from accounts.models import User

type Section = tuple[str, Iterable[Mapping[str, object]]]


@dataclass(frozen=True)
class Part:
    """What one app keeps of an account.

    sections: yields names and rows, each row as plain values; read once, row by row. erase: does
    away with it, in as many transactions as it takes; called again after a kill it goes on.
    keep_comments: whether what they wrote in public may stay, without them.
    """

    sections: Callable[[User], Iterator[Section]]
    erase: Callable[[User, bool], None]


_parts: list[Part] = []


def register(part: Part) -> None:
    """Add an app's part."""
    if part not in _parts:
        _parts.append(part)


def registered() -> list[Part]:
    """Return the parts of all apps."""
    return list(_parts)

"""Threads as trees. Pure: knows no database and no HTML, and recurses nowhere."""

from collections.abc import Hashable, Iterable
from typing import Protocol


class Node(Protocol):
    """What a comment must tell to be placed."""

    @property
    def pk(self) -> Hashable: ...

    @property
    def parent_id(self) -> Hashable | None: ...


def arrange[N: Node](nodes: Iterable[N]) -> list[N]:
    """Return the nodes so that each stands under its parent, siblings in the order given.

    One whose parent is not among them stands at the top, in its own place in that order.
    """
    rows = list(nodes)
    known = {node.pk for node in rows}
    children: dict[Hashable, list[N]] = {}
    tops: list[N] = []
    for node in rows:
        if node.parent_id in known:
            children.setdefault(node.parent_id, []).append(node)
        else:
            tops.append(node)
    arranged: list[N] = []
    pending = tops[::-1]
    while pending:
        node = pending.pop()
        arranged.append(node)
        pending.extend(reversed(children.get(node.pk, ())))
    return arranged

"""Threads as trees. Pure: knows no database and no HTML, and recurses nowhere."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """What must be known of a comment to place it. Not approved, it may stand as a placeholder."""

    pk: int
    parent_id: int | None
    is_approved: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an outline: the comment ``pk``; or, where ``more`` is not 0, the note that so many
    replies below the comment ``pk`` are left out here.
    """

    pk: int
    more: int = 0


def outline(nodes: Iterable[Node], budget: int) -> list[Line]:
    """Return at most budget of the nodes, each under its parent, siblings in the order given.

    Placeholders without an approved node below them are dropped. Of more than budget, the first in
    the order given stay, so far as their parents do. One whose parent is not among the nodes stands
    at the top. Where replies were left out, a note follows their parent and what is shown below it.
    """
    rows = list(nodes)
    order = {node.pk: place for place, node in enumerate(rows)}
    children: dict[int, list[Node]] = {}
    tops: list[Node] = []
    for node in rows:
        if node.parent_id in order and node.parent_id != node.pk:
            children.setdefault(node.parent_id, []).append(node)
        else:
            tops.append(node)
    weights = _weights(tops, children)
    chosen = _chosen(tops, children, order, weights, budget)
    lines: list[Line] = []
    pending = [Line(node.pk) for node in reversed(tops) if node.pk in chosen]
    while pending:
        line = pending.pop()
        lines.append(line)
        if line.more:
            continue
        below = children.get(line.pk, [])
        left_out = sum(weights[child.pk] for child in below if child.pk not in chosen)
        if left_out:
            pending.append(Line(line.pk, more=left_out))
        pending.extend(Line(child.pk) for child in reversed(below) if child.pk in chosen)
    return lines


def _weights(tops: list[Node], children: dict[int, list[Node]]) -> dict[int, int]:
    """Return how many approved nodes there are from each one downwards, itself included."""
    downwards = list(tops)
    for node in downwards:  # grows while it is walked: parents before their children
        downwards.extend(children.get(node.pk, ()))
    weights: dict[int, int] = {}
    for node in reversed(downwards):
        below = sum(weights[child.pk] for child in children.get(node.pk, ()))
        weights[node.pk] = below + node.is_approved
    return weights


def _chosen(
    tops: list[Node],
    children: dict[int, list[Node]],
    order: dict[int, int],
    weights: dict[int, int],
    budget: int,
) -> set[int]:
    """Return the first nodes in the order given whose parents are chosen too."""
    chosen: set[int] = set()
    waiting = [(order[node.pk], node.pk) for node in tops if weights[node.pk]]
    heapq.heapify(waiting)
    while waiting and len(chosen) < budget:
        _place, number = heapq.heappop(waiting)
        chosen.add(number)
        for child in children.get(number, ()):
            if weights[child.pk]:
                heapq.heappush(waiting, (order[child.pk], child.pk))
    return chosen

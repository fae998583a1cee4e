"""Differences of bodies: words marked within their paragraph, paragraphs that are new or gone
shown whole, everything else as it stands, and valid HTML throughout.

Marks stand inside the innermost blocks, around words: an ``<ins>`` in a list item or a cell is
valid where one around it would not be.
"""

from collections import Counter
from collections.abc import Callable
from html import escape
from itertools import groupby
from typing import Literal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext
from rapidfuzz.distance import Indel

from articles.differences.blocks import VOID, Block, blocks_of
from articles.differences.words import Kind, Run, Word, aligned

type Mode = Literal["merged", "old", "new"]
type Pair = tuple[Block | None, Block | None]

ALIKE = 0.4  # the share of words that two paragraphs have in common when one became the other
MOST_BLOCKS = 4_000  # beyond it, a changed stretch is shown as replaced
MOST_PAIRS = 40_000
FOLDED = 4  # unchanged blocks in a row, at the top level, that are folded away
MARKS: dict[Kind, str] = {"gone": "del", "new": "ins"}
TEXTS = {"p", "h2", "h3", "h4", "h5", "h6", "blockquote", ""}


def html_difference(old: str, new: str) -> SafeString:
    """Return both bodies as one, with what changed in ``<del>`` and ``<ins>``.

    Long unchanged stretches are folded into ``<details>``. The bodies are sanitised first.
    """
    return mark_safe(_folded(_pairs(blocks_of(old), blocks_of(new))))


def html_sides(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Return the old body with what is gone marked, and the new one with what is new."""
    pairs = _pairs(blocks_of(old), blocks_of(new))
    return mark_safe(_drawn(pairs, "old")), mark_safe(_drawn(pairs, "new"))


def _pairs(old: list[Block], new: list[Block]) -> list[Pair]:
    """Return the blocks in reading order, each with the one it was or became, if there is one."""
    start = 0
    shortest = min(len(old), len(new))
    while start < shortest and old[start].key == new[start].key:
        start += 1
    end = 0
    while end < shortest - start and old[-1 - end].key == new[-1 - end].key:
        end += 1
    pairs: list[Pair] = list(zip(old[:start], new[:start], strict=True))
    pairs += _aligned_blocks(old[start : len(old) - end], new[start : len(new) - end])
    pairs += zip(old[len(old) - end :], new[len(new) - end :], strict=True)
    return pairs


def _aligned_blocks(old: list[Block], new: list[Block]) -> list[Pair]:
    if max(len(old), len(new)) > MOST_BLOCKS:
        return [*((block, None) for block in old), *((None, block) for block in new)]
    pairs: list[Pair] = []
    changed: tuple[list[Block], list[Block]] = ([], [])
    for step in Indel.opcodes([hash(b.key) for b in old], [hash(b.key) for b in new]):
        if step.tag == "equal":
            pairs += _alike(*changed)
            changed = ([], [])
            both = zip(
                old[step.src_start : step.src_end], new[step.dest_start : step.dest_end],
                strict=True,
            )  # fmt: skip
            pairs += both
        else:
            changed[0].extend(old[step.src_start : step.src_end])
            changed[1].extend(new[step.dest_start : step.dest_end])
    return pairs + _alike(*changed)


def _alike(old: list[Block], new: list[Block]) -> list[Pair]:
    """Pair the blocks of a changed stretch that say much the same, keeping both orders."""
    if not old or not new or len(old) * len(new) > MOST_PAIRS:
        return [*((block, None) for block in old), *((None, block) for block in new)]
    # The best total of likeness over all pairings that keep the order (Needleman and Wunsch).
    best = [[0.0] * (len(new) + 1) for _row in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            likeness = _likeness(old[i], new[j])
            paired = best[i + 1][j + 1] + likeness if likeness >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    pairs: list[Pair] = []
    i = j = 0
    while i < len(old) and j < len(new):
        likeness = _likeness(old[i], new[j])
        if likeness >= ALIKE and best[i][j] == best[i + 1][j + 1] + likeness:
            pairs.append((old[i], new[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((old[i], None))
            i += 1
        else:
            pairs.append((None, new[j]))
            j += 1
    return [*pairs, *((block, None) for block in old[i:]), *((None, block) for block in new[j:])]


def _likeness(old: Block, new: Block) -> float:
    """Return the share of words in common (Dice's coefficient); 0 for different kinds of block."""
    if old.tag != new.tag and not {old.tag, new.tag} <= TEXTS:
        return 0.0
    if bool(old.children) != bool(new.children):
        return 0.0
    total = old.counted.total() + new.counted.total()
    if not total:
        return 1.0 if old.tag == new.tag else 0.0
    both: Counter[str] = old.counted & new.counted
    return 2 * both.total() / total


def _folded(pairs: list[Pair]) -> str:
    """Return the merged body with long unchanged stretches folded away."""
    parts = []
    for is_same, group in groupby(pairs, lambda p: bool(p[0] and p[1] and p[0].key == p[1].key)):
        stretch = list(group)
        if not is_same or len(stretch) <= FOLDED + 2:
            parts.append(_drawn(stretch, "merged"))
            continue
        inside = stretch[1:-1]  # a paragraph on either side shows where the reader is
        text = ngettext("%d unchanged paragraph", "%d unchanged paragraphs", len(inside))
        parts += [
            _drawn(stretch[:1], "merged"),
            f'<details class="unchanged"><summary>{escape(text % len(inside))}</summary>',
            _drawn(inside, "merged"),
            "</details>",
            _drawn(stretch[-1:], "merged"),
        ]
    return "".join(parts)


def _drawn(pairs: list[Pair], mode: Mode) -> str:
    return "".join(_drawn_pair(old, new, mode) for old, new in pairs)


def _drawn_pair(old: Block | None, new: Block | None, mode: Mode) -> str:
    if old is not None and new is not None:
        shown = old if mode == "old" else new
        if shown.children:
            return _around(shown, _drawn(_pairs(old.children, new.children), mode))
        return _around(shown, _marked(aligned(old.words, new.words), mode))
    if new is None and old is not None and mode != "new":
        return _whole(old, lambda words: _marked([("gone", words)], mode))
    if old is None and new is not None and mode != "old":
        return _whole(new, lambda words: _marked([("new", words)], mode))
    return ""


def _whole(block: Block, draw: Callable[[list[Word]], str]) -> str:
    if block.children:
        return _around(block, "".join(_whole(child, draw) for child in block.children))
    return _around(block, draw(block.words))


def _around(block: Block, inside: str) -> str:
    if not block.tag:
        return inside
    return block.start + inside + ("" if block.tag in VOID else f"</{block.tag}>")


def _marked(runs: list[Run], mode: Mode) -> str:
    parts = []
    for kind, words in runs:
        if (kind == "gone" and mode == "new") or (kind == "new" and mode == "old") or not words:
            continue
        text = _written(words)
        mark = MARKS.get(kind)
        parts.append(f"<{mark}>{text}</{mark}>" if mark else text)
    return "".join(parts)


def _written(words: list[Word]) -> str:
    """Return words with the inline elements around them, each opened and closed in its turn."""
    parts: list[str] = []
    open_tags: list[str] = []
    for word in words:
        shared = 0
        for one, other in zip(open_tags, word.context, strict=False):
            if one != other:
                break
            shared += 1
        parts += [_end_tag(tag) for tag in reversed(open_tags[shared:])]
        parts += word.context[shared:]
        open_tags = list(word.context)
        parts.append(word.markup or escape(word.text, quote=False))
    parts += [_end_tag(tag) for tag in reversed(open_tags)]
    return "".join(parts)


def _end_tag(start: str) -> str:
    return f"</{start[1:-1].split(' ', 1)[0]}>"

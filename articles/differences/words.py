"""The words of two texts aligned: which stayed, which went, which came.

The alignment is a longest common subsequence (rapidfuzz, bit-parallel, so a long text costs no more
than its length times a sixty-fourth of the other's). Taken alone it would keep every stray "the"
between two rewritten sentences; so short islands between changes are given up, as in Neil Fraser's
"Diff Strategies" (semantic clean-up), and a change is read as one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

type Kind = Literal["same", "gone", "new"]
# One sign of the scripts that put no space between words, a word, a space, or any other sign.
WORDS = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\u0e00-\u0e7f]|[^\W_]+|\s+|.", re.DOTALL
)
# Words on either side, what begins and ends alike left out. Beyond it a text is shown as replaced.
MOST = 6_000
ISLAND = 3  # words: what stays between two changes has to be longer to be told apart


@dataclass(frozen=True)
class Word:
    """A word, a space or a sign, with the inline elements around it, outermost first.

    ``context`` holds their start tags. A picture or a line break has its tag as ``markup``.
    """

    text: str
    context: tuple[str, ...] = ()
    markup: str = ""

    @property
    def is_space(self) -> bool:
        return not self.markup and self.text.isspace()

    @property
    def counts(self) -> bool:
        """Whether it is more than a space or a sign."""
        return bool(self.markup) or self.text[:1].isalnum()


type Run = tuple[Kind, list[Word]]


def split(text: str) -> list[Word]:
    """Return the words of a plain text."""
    return [Word(word) for word in WORDS.findall(text)]


def aligned(old: Sequence[Word], new: Sequence[Word]) -> list[Run]:
    """Return the runs of words that stayed, went or came, in reading order.

    Without what is new the runs read as old, without what is gone as new.
    """
    start = 0
    shortest = min(len(old), len(new))
    while start < shortest and old[start] == new[start]:
        start += 1
    end = 0
    while end < shortest - start and old[-1 - end] == new[-1 - end]:
        end += 1
    head, tail = list(new[:start]), list(new[len(new) - end :])
    runs: list[Run] = [("same", head)]
    runs += _middle(list(old[start : len(old) - end]), list(new[start : len(new) - end]))
    runs.append(("same", tail))
    return _joined(_without_islands(_joined(runs)))


def _middle(old: list[Word], new: list[Word]) -> list[Run]:
    if max(len(old), len(new)) > MOST or not old or not new:
        return [("gone", old), ("new", new)]
    runs: list[Run] = []
    for step in Indel.opcodes(old, new):
        if step.tag == "equal":
            runs.append(("same", new[step.dest_start : step.dest_end]))
        else:
            runs.append(("gone", old[step.src_start : step.src_end]))
            runs.append(("new", new[step.dest_start : step.dest_end]))
    return runs


def _without_islands(runs: list[Run]) -> list[Run]:
    """Give up what stayed between two changes where it is too short to be read as unchanged."""
    result: list[Run] = []
    for place, (kind, words) in enumerate(runs):
        is_between = 0 < place < len(runs) - 1
        if kind == "same" and is_between and sum(word.counts for word in words) < ISLAND:
            result += [("gone", words), ("new", words)]
        else:
            result.append((kind, words))
    return result


def _joined(runs: list[Run]) -> list[Run]:
    """Return the runs with each stretch of changes as one that is gone and one that is new."""
    result: list[Run] = []
    gone: list[Word] = []
    new: list[Word] = []

    def close() -> None:
        if gone:
            result.append(("gone", list(gone)))
        if new:
            result.append(("new", list(new)))
        gone.clear()
        new.clear()

    for kind, words in runs:
        if not words:
            continue
        if kind == "gone":
            gone += words
        elif kind == "new":
            new += words
        else:
            close()
            if result and result[-1][0] == "same":
                result[-1] = ("same", result[-1][1] + words)
            else:
                result.append(("same", words))
    close()
    return result

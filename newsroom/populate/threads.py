"""Who answers whom in a made-up discussion. Pure: knows no database."""

from array import array
from dataclasses import dataclass
from random import Random

from comments.models import CommentStatus

NONE = -1  # instead of a place: no such comment
STATUSES = (
    CommentStatus.APPROVED, CommentStatus.HELD, CommentStatus.SPAM, CommentStatus.DELETED,
    CommentStatus.REJECTED,
)  # fmt: skip
_APPROVED, _DELETED = STATUSES.index(CommentStatus.APPROVED), STATUSES.index(CommentStatus.DELETED)
_UP_TO = (0.96, 0.975, 0.985, 0.995, 1.0)  # shares, added up
REPLIES = 0.6  # of all comments
LATEST = 40  # whoever answers something new answers one of so many
# Large discussions have quarrels of two in which each answers the other, as deep as this.
QUARREL_FROM = 1_000  # comments
QUARREL_REPLIES = 250
DEEPEST = 200  # levels


@dataclass
class Threads:
    """A discussion's comments in the order they were written, each by its place in it.

    Arrays, because the largest discussion is as large as all others together.
    """

    parents: "array[int]"
    roots: "array[int]"
    depths: "array[int]"
    statuses: "array[int]"  # places in STATUSES
    reply_counts: "array[int]"  # of the opening comments: approved replies at any depth

    def __len__(self) -> int:
        return len(self.parents)

    @property
    def approved(self) -> int:
        return self.statuses.count(_APPROVED)


def threads(number: int, random: Random) -> Threads:
    """Return a discussion of so many comments: many short threads, some long, a few very deep."""
    made = Threads(array("l"), array("l"), array("h"), array("b"), array("l", bytes(8) * number))
    quarrel_share = max(QUARREL_REPLIES / number, 0.01) if number >= QUARREL_FROM else 0.0
    last_word = NONE
    for place in range(number):
        chance = random.random()
        is_quarrel = chance < quarrel_share
        if is_quarrel:
            parent = last_word
        elif chance < quarrel_share + (1 - quarrel_share) * REPLIES and place:
            parent = _answered(place, random)
        else:
            parent = NONE
        while parent != NONE and not _takes_replies(made, parent):
            parent = made.parents[parent]
        status = _status(random)
        if is_quarrel:
            status = _APPROVED
            last_word = place if parent == NONE or made.depths[parent] + 1 < DEEPEST else NONE
        _add(made, parent, status)
    return made


def _answered(place: int, random: Random) -> int:
    """Return which earlier comment is answered: one of the latest, or one of those on top."""
    if random.random() < 0.6:
        return max(0, place - 1 - int(random.random() * LATEST))
    return int(place * random.random() ** 3)


def _takes_replies(made: Threads, place: int) -> bool:
    """Tell whether a comment was ever shown, and is not as deep as any is here."""
    return made.statuses[place] in {_APPROVED, _DELETED} and made.depths[place] < DEEPEST


def _status(random: Random) -> int:
    chance = random.random()
    return next(place for place, share in enumerate(_UP_TO) if chance < share)


def _add(made: Threads, parent: int, status: int) -> None:
    made.parents.append(parent)
    made.statuses.append(status)
    if parent == NONE:
        made.roots.append(NONE)
        made.depths.append(0)
        return
    root = parent if made.roots[parent] == NONE else made.roots[parent]
    made.roots.append(root)
    made.depths.append(made.depths[parent] + 1)
    made.reply_counts[root] += status == _APPROVED

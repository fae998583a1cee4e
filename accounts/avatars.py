"""Pictures beside names, made here: five by five cells, the same for the same person.

They come from a keyed hash, so nobody finds an address by trying which one gives the picture; and
no other server is asked for one.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

HUES = 12
# By what the left half and the middle of a row hold, beginning with the lowest bit: where each run
# of cells begins, and its length. The right half mirrors the left.
STROKES = (
    (), ((0, 1), (4, 1)), ((1, 1), (3, 1)), ((0, 2), (3, 2)),
    ((2, 1),), ((0, 1), (2, 1), (4, 1)), ((1, 3),), ((0, 5),),
)  # fmt: skip
FEWEST = 5  # cells of the left half and the middle, of fifteen


@dataclass(frozen=True)
class Avatar:
    """hue: a number below ``HUES``, a class in the stylesheet. path: of an SVG, to be stroked."""

    hue: int
    path: str


@lru_cache(maxsize=4_096)
def avatar_of(who: str) -> Avatar:
    """Return the picture of whom the text names, however it does."""
    digest = hashlib.blake2b(who.encode(), key=_key(settings.SECRET_KEY), digest_size=4).digest()
    number = int.from_bytes(digest)
    cells = number & 0x7FFF
    if cells.bit_count() < FEWEST:
        cells ^= 0x7FFF
    return Avatar(hue=(number >> 15) % HUES, path=_path(cells))


def avatar_of_account(number: int) -> Avatar:
    """Return the picture of the account of that number."""
    return avatar_of(f"account {number}")


@lru_cache(maxsize=1)
def _key(secret: str) -> bytes:
    return hashlib.sha256(f"accounts.avatars {secret}".encode()).digest()


def _path(cells: int) -> str:
    """Return the strokes of the rows, one for each run of cells: ``M1 0h3``."""
    rows = ((row, STROKES[cells >> 3 * row & 7]) for row in range(5))
    return "".join(f"M{begin} {row}h{cells}" for row, runs in rows for begin, cells in runs)

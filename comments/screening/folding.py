"""Text as rules read it: without case, accents and signs that nobody sees.

Pure: it knows neither rules nor comments. What is folded:

- letters' case, and compatible forms (full width, mathematical, ligatures; Unicode's NFKD);
- accents and other marks on letters of Latin, Greek and Cyrillic, strokes through them (ø, đ, ł),
  vowel points of Hebrew and Arabic. Vowel signs of Indic scripts stay: they are what is written;
- signs that draw nothing: zero-width spaces and joiners, soft hyphens, direction controls,
  variation selectors, blank letters;
- letters in circles, squares and flags.
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from comments.text import BLANK_LETTERS

# Marks that decorate a letter, as first and last: without them it is read as the same letter.
DECORATION = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05BD), (0x05BF, 0x05C7), (0x064B, 0x065F),
    (0x0670, 0x0670), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F), (0xE0100, 0xE01EF),
)  # fmt: skip
TATWEEL = "\u0640"  # it lengthens Arabic words
STROKED = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "ȷ": "j", "æ": "ae",
     "œ": "oe", "þ": "th"}
)  # fmt: skip
# The first of 26 signs that are drawn as the letters A to Z.
ALPHABETS = (0x1F150, 0x1F170, 0x1F1E6)
ASCII_KINDS = {n: "w" if chr(n).isalnum() else " " if chr(n).isspace() else "-" for n in range(128)}
# Fewer letters and digits say little: many write "Thank you" without having copied it.
DIGEST_FROM = 20


@dataclass(frozen=True)
class Folded:
    """A folded text.

    kinds: for each of its characters ``w`` (letter, digit, or a mark that belongs to one), a space,
    or ``-`` (anything else). origins: for each, its place in the text as it was written.
    """

    text: str
    kinds: str
    origins: Sequence[int]

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Return where the characters from begin to end, at least one, stand in the original."""
        return self.origins[begin], self.origins[end - 1] + 1


def fold(text: str) -> Folded:
    """Return the folded text; the same, folded again, stays the same."""
    if text.isascii():
        lower = text.lower()
        return Folded(lower, lower.translate(ASCII_KINDS), range(len(text)))
    letters: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        for letter in _folded(character):
            letters.append(letter)
            origins.append(place)
    return Folded("".join(letters), "".join(map(_kind, letters)), origins)


def digest(text: str) -> int | None:
    """Return a number that texts of the same letters and digits share; None for short ones.

    It fits a signed 64-bit column.
    """
    folded = fold(text)
    said = "".join(c for c, kind in zip(folded.text, folded.kinds, strict=True) if kind == "w")
    if len(said) < DIGEST_FROM:
        return None
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], signed=True)


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """Return what is left of one character: nothing, itself, or several."""
    for first in ALPHABETS:
        if 0 <= ord(character) - first < 26:
            return chr(ord("a") + ord(character) - first)
    decomposed = unicodedata.normalize("NFKD", character).casefold().translate(STROKED)
    decomposed = unicodedata.normalize("NFKD", decomposed)
    return "".join(letter for letter in decomposed if not _is_unseen(letter))


def _is_unseen(letter: str) -> bool:
    if letter in BLANK_LETTERS or letter == TATWEEL or unicodedata.category(letter) == "Cf":
        return True
    return any(first <= ord(letter) <= last for first, last in DECORATION)


@lru_cache(maxsize=4096)
def _kind(letter: str) -> str:
    if letter.isspace():
        return " "
    return "w" if unicodedata.category(letter)[0] in "LMN" else "-"

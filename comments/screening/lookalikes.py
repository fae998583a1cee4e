"""Letters, digits and signs that are read as one another.

For each Latin letter what is typed in its place: digits and signs, and letters of other scripts
that are drawn alike (a choice of Unicode's confusables, UTS 39, with what forums see). All folded.
"""

import unicodedata
from functools import lru_cache

LOOKALIKES = {
    "a": "4@аαɑᴀ", "b": "8вβʙ", "c": "(сϲᴄ¢©", "d": "ԁᴅ", "e": "3еεєэᴇ€ə", "f": "ƒꜰ",
    "g": "96ɡɢ", "h": "һнʜ", "i": "1!|іιɪ¡", "j": "јᴊ", "k": "кκᴋ", "l": "1!|ӏʟ£", "m": "мᴍ",
    "n": "ոηɴ", "o": "0оοσօᴏ", "p": "рρᴘ", "q": "ԛ", "r": "яʀ®", "s": "5$ѕꜱ§", "t": "7+тτᴛ†",
    "u": "υսᴜμ", "v": "νѵᴠ", "w": "ωшԝѡᴡ", "x": "хχ×", "y": "уγүʏ¥", "z": "2ᴢ",
}  # fmt: skip
SIGNS = frozenset(
    sign
    for signs in LOOKALIKES.values()
    for sign in signs
    if unicodedata.category(sign)[0] not in "LMN"
)
# Letters that share a sign are one to the index, and told apart when a word is looked at.
_MERGED = {"l": "i"}
_REPRESENTED = {
    other: _MERGED.get(letter, letter)
    for letter, others in LOOKALIKES.items()
    for other in (letter, *others)
}


def representative(character: str) -> str:
    """Return the one character that stands for all that may be read as this one."""
    return _REPRESENTED.get(character, character)


def passes_for(character: str, letter: str) -> bool:
    """Tell whether a character may have been typed in the place of a letter of a word."""
    return character == letter or character in _stand_ins(letter)


@lru_cache(maxsize=1024)
def script_of(character: str) -> str:
    """Return the script of a letter by its name in Unicode, like ``LATIN``; empty for others."""
    if unicodedata.category(character)[0] != "L":
        return ""
    return unicodedata.name(character, "").partition(" ")[0]


@lru_cache(maxsize=1024)
def _stand_ins(letter: str) -> frozenset[str]:
    """Return what passes for a letter: for one that is not Latin, no other of its own script."""
    if letter in LOOKALIKES:
        return frozenset(LOOKALIKES[letter])
    if not script_of(letter):
        return frozenset()
    sets = ({latin, *others} for latin, others in LOOKALIKES.items() if letter in others)
    return frozenset(c for one in sets for c in one if script_of(c) != script_of(letter))

"""Lists of words, found in a text however they are dressed up.

A word is found whole; with ``*`` at its end also as the beginning of a longer one; and where words
are written without spaces between them (Chinese, Japanese, Thai …) anywhere. Beyond what
``folding`` does away with, it is found with look-alikes in place of letters (``sp@m``, ``ѕраm`` in
Cyrillic), with up to two signs between letters (``s.p.a.m``, ``sp**am``), with each letter by
itself (``s p a m``), and with a letter drawn out (``spaaam``). A word of another script that is
spelled the same by chance is left alone in a text of that script. So are two words that together
spell one of the list ("the rapist" is no therapist): only a dictionary of every language would tell
them from one that was cut in two.

Each candidate of the text is looked up under a key that all its disguises share, so that the time
depends on the text's length alone, not on how many words are listed
(``docs/decisions/0008-words-are-looked-up.md``).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby, pairwise

from comments.screening.folding import Folded, fold
from comments.screening.lookalikes import SIGNS, passes_for, representative, script_of

type Span = tuple[int, int]

RUN = re.compile("w+")
CHUNK = re.compile("[w-]+")
# Letters by themselves, with at most four other characters from one to the next.
SPELLED = re.compile("(?<!w)w(?!w)(?:[ -]{1,4}w(?!w))+")
MAX_SIGNS = 2  # between the letters of one word
SHORTEST_SPELLED = 3
DRAWN_OUT = 3  # so many of the same letter or more stand for one or two
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


@dataclass(frozen=True)
class Token:
    """Some characters that may be read as one word, and their places in the folded text."""

    letters: str
    places: Sequence[int]
    key: str


class Text:
    """A text to look words up in."""

    def __init__(self, written: str) -> None:
        self.folded: Folded = fold(written)

    def span(self, first: int, last: int) -> Span:
        """Return where two characters of the folded text, and all between, stand as written."""
        return self.folded.span(first, last + 1)

    @cached_property
    def runs(self) -> list[Token]:
        """Letters and digits that stand together."""
        return [self._token(range(*run.span())) for run in RUN.finditer(self.folded.kinds)]

    @cached_property
    def tokens(self) -> list[Token]:
        """All that may be read as one word."""
        return [*self.runs, *self._dressed(), *self._joined()]

    @cached_property
    def spelled(self) -> list[Token]:
        """Letters that stand by themselves in a row."""
        kinds = self.folded.kinds
        rows = (range(*row.span()) for row in SPELLED.finditer(kinds))
        return [self._token([n for n in row if kinds[n] == "w"]) for row in rows]

    @cached_property
    def script(self) -> str:
        """The script that most of its letters are of."""
        found = Counter(filter(None, map(script_of, self.folded.text)))
        return found.most_common(1)[0][0] if found else ""

    def _token(self, places: Sequence[int]) -> Token:
        letters = "".join(self.folded.text[n] for n in places)
        return Token(letters, places, _key(letters))

    def _chunks(self) -> Iterator[range]:
        """Yield what stands between spaces and holds both letters and signs."""
        for chunk in CHUNK.finditer(self.folded.kinds):
            if len(set(chunk[0])) == 2:
                yield range(*chunk.span())

    def _dressed(self) -> Iterator[Token]:
        """Yield the words that have signs for letters: ``$pam!`` with and without its ends."""
        text, kinds = self.folded.text, self.folded.kinds
        for chunk in self._chunks():
            for is_word, group in groupby(chunk, lambda n: kinds[n] == "w" or text[n] in SIGNS):
                places = list(group)
                signs = [n for n, place in enumerate(places) if kinds[place] == "-"]
                if not is_word or not signs or len(signs) == len(places):
                    continue
                letters = [n for n, place in enumerate(places) if kinds[place] == "w"]
                first, last = letters[0], letters[-1] + 1
                for begin, end in {
                    (0, len(places)),
                    (0, last),
                    (first, len(places)),
                    (first, last),
                }:
                    yield self._token(places[begin:end])

    def _joined(self) -> Iterator[Token]:
        """Yield the words that have signs between their letters: ``sp.am``, ``s-p-a-m``."""
        kinds = self.folded.kinds
        for chunk in self._chunks():
            words: list[list[int]] = [[]]
            for n in chunk:
                if kinds[n] != "w":
                    continue
                if words[-1] and n - words[-1][-1] > MAX_SIGNS + 1:
                    words.append([])
                words[-1].append(n)
            for places in words:
                if any(after - before > 1 for before, after in pairwise(places)):
                    yield self._token(places)


@dataclass(frozen=True)
class Entry:
    """A word or phrase of a list: as it is listed, and its words folded.

    is_beginning: whether the last of them may go on.
    """

    written: str
    words: tuple[str, ...]
    is_beginning: bool = False


class WordList:
    """The words of a rule, ready to be looked up."""

    def __init__(self, lines: str) -> None:
        self._whole: dict[str, list[Entry]] = defaultdict(list)
        self._beginnings: dict[str, list[Entry]] = defaultdict(list)
        self._spelled: dict[str, list[Entry]] = defaultdict(list)
        self._unspaced: list[Entry] = []
        for entry in filter(None, map(_entry, lines.splitlines())):
            [first, *others] = entry.words
            if _is_unspaced(first):
                self._unspaced.append(entry)
                continue
            if entry.is_beginning and not others:
                self._beginnings[_key(first)].append(entry)
            else:
                self._whole[_key(first)].append(entry)
            if not others and len(first) >= SHORTEST_SPELLED:
                self._spelled[_represented(first)].append(entry)
        self._begun = {len(key) for key in self._beginnings}
        self._lengths = {len(key) for key in self._spelled}

    def find(self, text: Text) -> list[tuple[str, Span]]:
        """Return what of the list is in the text, as it is listed, and where in the text."""
        found = {*self._whole_in(text), *self._begun_in(text), *self._spelled_in(text)}
        return sorted({*found, *self._unspaced_in(text)}, key=lambda one: (one[1], one[0]))

    def _whole_in(self, text: Text) -> Iterator[tuple[str, Span]]:
        for number, token in enumerate(text.tokens):
            for entry in self._whole.get(token.key, ()):
                # Those that stand together come first, in the order of the text.
                tokens = [token, *text.runs[number + 1 : number + len(entry.words)]]
                letters = [one.letters for one in tokens]
                if entry.is_beginning:
                    letters[-1] = _first_groups(letters[-1], len(_key(entry.words[-1])))
                if len(letters) == len(entry.words) and all(
                    _is_meant(word, typed, text.script)
                    for word, typed in zip(entry.words, letters, strict=True)
                ):
                    yield entry.written, text.span(token.places[0], tokens[-1].places[-1])

    def _begun_in(self, text: Text) -> Iterator[tuple[str, Span]]:
        for token in text.tokens:
            for length in self._begun:
                for entry in self._beginnings.get(token.key[:length], ()):
                    letters = _first_groups(token.letters, length)
                    if _is_meant(entry.words[0], letters, text.script):
                        yield entry.written, text.span(token.places[0], token.places[-1])

    def _spelled_in(self, text: Text) -> Iterator[tuple[str, Span]]:
        for row in text.spelled:
            represented = _represented(row.letters)
            for length in self._lengths:
                for begin in range(len(represented) - length + 1):
                    end = begin + length
                    for entry in self._spelled.get(represented[begin:end], ()):
                        if _is_meant(entry.words[0], row.letters[begin:end], text.script):
                            yield entry.written, text.span(row.places[begin], row.places[end - 1])

    def _unspaced_in(self, text: Text) -> Iterator[tuple[str, Span]]:
        for entry in self._unspaced:
            word = " ".join(entry.words)
            begin = text.folded.text.find(word)
            while begin >= 0:
                end = begin + len(word)
                yield entry.written, text.span(begin, end - 1)
                begin = text.folded.text.find(word, end)


@lru_cache(maxsize=64)
def word_list(lines: str) -> WordList:
    """Return the list of the words and phrases that stand one in a line."""
    return WordList(lines)


def _entry(line: str) -> Entry | None:
    written = " ".join(line.split())
    folded = fold(written.removesuffix("*"))
    words = tuple(folded.text[slice(*run.span())] for run in RUN.finditer(folded.kinds))
    if not words:
        return None
    return Entry(written, words, is_beginning=written.endswith("*"))


def _is_unspaced(word: str) -> bool:
    return script_of(word[0]) in UNSPACED


def _represented(letters: str) -> str:
    return "".join(map(representative, letters))


def _key(letters: str) -> str:
    """Return what all disguises of a word have in common."""
    return "".join(letter for letter, _group in groupby(_represented(letters)))


def _groups(letters: str) -> list[str]:
    return ["".join(group) for _letter, group in groupby(letters, representative)]


def _first_groups(letters: str, number: int) -> str:
    return "".join(_groups(letters)[:number])


def _is_meant(word: str, letters: str, script: str) -> bool:
    """Tell whether letters whose key is that of a word are that word in disguise.

    script: the one that most of the text is written in.
    """
    ours, theirs = _groups(word), _groups(letters)
    if len(ours) != len(theirs) or not all(map(_passes, ours, theirs)):
        return False
    scripts = {script_of(letter) for letter in word} - {""}
    typed = {script_of(letter) for letter in letters} - {""}
    # Digits alone are a number; a word wholly of another script is one of that language.
    return not scripts or bool(scripts & typed) or bool(typed and script in scripts)


def _passes(ours: str, theirs: str) -> bool:
    if len(ours) == len(theirs):
        return all(map(passes_for, theirs, ours))
    is_drawn_out = len(theirs) >= max(DRAWN_OUT, len(ours))
    return is_drawn_out and all(any(passes_for(c, letter) for letter in ours) for c in theirs)

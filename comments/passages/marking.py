"""The text of a body, and its passages marked in it: tags stay as they are, text is wrapped.

A body comes out of the sanitiser, so its tags are whole and its attributes quoted. Places count the
characters of the text that are no white space.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from comments.passages.anchoring import CONTEXT, Selector

INLINE = re.compile(
    r"</?(?:a|abbr|b|cite|code|del|em|i|ins|kbd|mark|q|s|small|span|strong|su[bp]|u)\b"
)
PART = re.compile(r'(<(?:[^">]|"[^"]*")*>)')
UNIT = re.compile(r"&#?\w+;|.", re.DOTALL)
QUESTION = re.compile(r'<span(?=[^>]*\sdata-question="(?P<question>[^"]*)")[^>]*>')


@dataclass(frozen=True)
class Placed:
    """A passage where it stands."""

    number: int
    start: int
    end: int


@dataclass
class Asked:
    """A question that an editor put to a passage, and where that stands."""

    question: str
    start: int
    end: int


def parts(body: str) -> Iterator[tuple[str, bool]]:
    """Yield the tags and the texts of a body in their order; of each whether it is a tag."""
    for place, part in enumerate(PART.split(body)):
        if part:
            yield part, bool(place % 2)


@dataclass
class BodyText:
    """The text of a body: without white space, as passages are counted; and as people read it."""

    solid: str
    readable: str
    offsets: list[int]  # of each solid character in the readable text

    @classmethod
    def of(cls, body: str) -> "BodyText":
        """Return the text of a body, without tags and entities."""
        solid: list[str] = []
        readable: list[str] = []
        offsets: list[int] = []
        for part, is_tag in parts(body):
            if is_tag:
                if not INLINE.match(part):
                    readable.append(" ")
                continue
            for character in html.unescape(part):
                if not character.isspace():
                    solid.append(character)
                    offsets.append(len(readable))
                readable.append(character)
        return cls("".join(solid), "".join(readable), offsets)

    def words(self, start: int, end: int) -> str:
        """Return what stands between two places, as people read it."""
        if start >= end:
            return ""
        text = self.readable[self.offsets[start] : self.offsets[end - 1] + 1]
        return " ".join(text.split())

    def selector(self, start: int, end: int) -> Selector:
        """Return the selector of a place."""
        before, after = max(0, start - CONTEXT), min(len(self.solid), end + CONTEXT)
        return Selector(self.words(start, end), self.words(before, start), self.words(end, after))


def questions_in(body: str) -> list[Asked]:
    """Return what editors ask in a body."""
    place, found, opened = 0, [], []
    for part, is_tag in parts(body):
        if not is_tag:
            place += sum(len(unit) for unit in _units(part))
        elif part.startswith("<span"):
            match = QUESTION.match(part)
            question = html.unescape(match["question"]).strip() if match else ""
            opened.append((question, place))
        elif part == "</span>" and opened:
            question, start = opened.pop()
            if question and place > start:
                found.append(Asked(question, start, place))
    return found


def _units(text: str) -> list[str]:
    """Return what each unit of a text (a character, an entity) is without white space."""
    return ["".join(html.unescape(unit).split()) for unit in UNIT.findall(text)]


@dataclass
class _Writer:
    """Writes a body anew, with the marks of passages around its text."""

    passages: list[Placed]
    end_of: Callable[[int], str]
    out: list[str] = field(default_factory=list)
    place: int = 0
    links: int = 0  # that are open: none may hold another
    waiting: list[int] = field(default_factory=list)  # ends that come once the link is closed

    def tag(self, tag: str) -> None:
        self.out.append(tag)
        if tag.startswith(("<a ", "<a>")):
            self.links += 1
        elif tag == "</a>":
            self.links -= 1
            if not self.links:
                self._write_ends()

    def text(self, text: str) -> None:
        piece: list[str] = []
        for unit, solid in zip(UNIT.findall(text), _units(text), strict=True):
            if not solid:
                piece.append(unit)
                continue
            if any(self.place in {one.start, one.end} for one in self.passages):
                piece = self._flush(piece)
            self._begin()
            piece.append(unit)
            self.place += len(solid)
            if ended := [one.number for one in self.passages if one.end == self.place]:
                piece = self._flush(piece, before_end=True)
                self.waiting += ended
                if not self.links:
                    self._write_ends()
        self._flush(piece)

    def _begin(self) -> None:
        for one in self.passages:
            if one.start == self.place:
                self.out.append(f'<span id="passage-{one.number}" class="passage__start"></span>')

    def _flush(self, piece: list[str], *, before_end: bool = False) -> list[str]:
        text = "".join(piece)
        at = self.place - 1 if before_end else self.place - bool(text.strip())
        is_marked = text.strip() and any(one.start <= at < one.end for one in self.passages)
        self.out.append(f'<mark class="passage">{text}</mark>' if is_marked else text)
        return []

    def _write_ends(self) -> None:
        self.out += [self.end_of(number) for number in self.waiting]
        self.waiting = []


def marked(body: str, passages: list[Placed], end_of: Callable[[int], str]) -> str:
    """Return the body with its passages marked.

    end_of: returns the HTML that follows a passage, by its number; phrasing content.
    """
    writer = _Writer(passages, end_of)
    for part, is_tag in parts(body):
        if is_tag:
            writer.tag(part)
        else:
            writer.text(part)
    return "".join(writer.out)

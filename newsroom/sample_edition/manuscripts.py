"""Reads the edition's manuscripts: a head, a body in Markdown, and the discussion.

A comment is a line ``- Name | votes | «quoted passage» text``; each dash is a level of reply, and
``¶`` begins a new line of its text. In place of votes, ``held`` and ``spam`` are states.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent
COMMENT = re.compile(
    r"(?P<dashes>-*) ?(?P<name>[^|]+?) \| (?P<votes>-?\d+|held|spam) \| "
    r"(?:«(?P<quote>[^»]+)» )?(?P<text>.+)"
)

KEPT = re.compile(r"(<[^>]+>|^!\[.*$)", re.MULTILINE)
# A quotation mark opens at the beginning, and after a space, a bracket or a dash.
OPENING = re.compile(r'(?:(?<=[\s(\[—*>])|^)"(?=\S)', re.MULTILINE)


@dataclass
class Line:
    """One comment of a manuscript."""

    depth: int
    name: str
    votes: int
    status: str
    quote: str
    text: str


@dataclass
class Manuscript:
    """One report, or standing page, as it was written."""

    slug: str
    head: dict[str, str]
    body: str
    comments: list[Line] = field(default_factory=list)

    def values(self, name: str, separator: str = ",") -> list[str]:
        """Return the parts of a head's line, in order."""
        parts = self.head.get(name, "").split(separator)
        return [part.strip() for part in parts if part.strip()]

    @property
    def hours(self) -> float:
        """How long ago it was published, in hours."""
        return float(self.head["hours"])


def typeset(text: str) -> str:
    """Return text with printers' quotation marks; HTML and a picture's line keep their own."""
    parts = KEPT.split(text)  # what is kept stands at the odd places
    for place in range(0, len(parts), 2):
        part = OPENING.sub("“", parts[place]).replace('"', "”")
        parts[place] = part.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
    return "".join(parts)


def read_manuscripts(folder: str) -> list[Manuscript]:
    """Return all of a folder. Raises ValueError for a line of a discussion that cannot be read."""
    return [_read(path) for path in sorted((FOLDER / folder).glob("*.md"))]


def _read(path: Path) -> Manuscript:
    text, _mark, discussion = path.read_text(encoding="utf-8").partition("--- comments\n")
    head, _blank, body = typeset(text).partition("\n\n")
    pairs = (line.partition(": ") for line in head.splitlines())
    manuscript = Manuscript(path.stem, {name: value for name, _colon, value in pairs}, body)
    deepest = -1  # a reply stands one level below a comment before it
    for row in filter(None, map(str.strip, discussion.splitlines())):
        match = COMMENT.fullmatch(row)
        if match is None or len(match["dashes"]) > deepest + 1:
            raise ValueError(f"{path.name}: not a comment, or a reply to none: {row}")
        deepest = len(match["dashes"])
        is_state = match["votes"] in {"held", "spam"}
        manuscript.comments.append(
            Line(
                depth=deepest,
                name=match["name"],
                votes=0 if is_state else int(match["votes"]),
                status=match["votes"] if is_state else "approved",
                quote=typeset(match["quote"] or ""),
                text=match["text"].replace("¶", "\n"),
            )
        )
    return manuscript

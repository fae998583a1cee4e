"""Reads the edition's manuscripts: a head, a body in Markdown, and the discussion.

A comment is a line ``- Name | votes | «quoted passage» text``; each dash is a level of reply.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "reports"
COMMENT = re.compile(
    r"(?P<dashes>-*) ?(?P<name>[^|]+?) \| (?P<votes>-?\d+) \| (?:«(?P<quote>[^»]+)» )?(?P<text>.+)"
)


@dataclass
class Line:
    """One comment of a manuscript."""

    depth: int
    name: str
    votes: int
    quote: str
    text: str


@dataclass
class Manuscript:
    """One report as it was written."""

    slug: str
    head: dict[str, str]
    body: str
    comments: list[Line] = field(default_factory=list)

    def values(self, name: str, separator: str = ",") -> list[str]:
        """Return the parts of a head's line, in order."""
        parts = self.head.get(name, "").split(separator)
        return [part.strip() for part in parts if part.strip()]


def read_manuscripts() -> list[Manuscript]:
    """Return all reports. Raises ValueError for a line of a discussion that cannot be read."""
    return [_read(path) for path in sorted(FOLDER.glob("*.md"))]


def _read(path: Path) -> Manuscript:
    text, _mark, discussion = path.read_text(encoding="utf-8").partition("--- comments\n")
    head, _blank, body = text.partition("\n\n")
    pairs = (line.partition(": ") for line in head.splitlines())
    manuscript = Manuscript(path.stem, {name: value for name, _colon, value in pairs}, body)
    for row in filter(None, map(str.strip, discussion.splitlines())):
        match = COMMENT.fullmatch(row)
        if match is None:
            raise ValueError(f"{path.name}: not a comment: {row}")
        manuscript.comments.append(
            Line(
                depth=len(match["dashes"]),
                name=match["name"],
                votes=int(match["votes"]),
                quote=match["quote"] or "",
                text=match["text"],
            )
        )
    return manuscript

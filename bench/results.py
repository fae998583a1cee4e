"""What a part of the bench has found: kept until it is measured again."""

import json
from dataclasses import asdict, dataclass, field

from bench.machine import KEPT


@dataclass
class Goal:
    """One of the numbered goals, and how near we are."""

    number: str
    work: str
    goal: str
    figure: str
    is_met: bool


@dataclass
class Bar:
    """Pages a second, for the picture. group: "ours", "files" (nginx's) or "others"."""

    label: str
    rate: float
    group: str


@dataclass
class Part:
    """A part's section for docs/performance.md, its goals, and its bars."""

    section: str
    goals: list[Goal] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)


def keep(name: str, part: Part) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{name}.json").write_text(json.dumps(asdict(part), indent=1), encoding="utf-8")


def kept(name: str) -> Part | None:
    """Return what a part found when it was measured last, None where it never was."""
    path = KEPT / f"{name}.json"
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    return Part(
        found["section"],
        [Goal(**goal) for goal in found["goals"]],
        [Bar(**bar) for bar in found["bars"]],
    )

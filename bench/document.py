"""docs/performance.md out of what all parts have found."""

from bench.machine import PROJECT, shape
from bench.picture import picture
from bench.reasons import REASONS
from bench.results import Part, kept

DOCUMENT = PROJECT / "docs" / "performance.md"
PICTURE = PROJECT / "docs" / "performance.svg"


def write(names: list[str], failed: dict[str, str]) -> None:
    """Write document and picture. failed: why a part was not measured this time, by its name."""
    found: dict[str, Part] = {name: part for name in names if (part := kept(name))}
    goals = sorted(
        (goal for part in found.values() for goal in part.goals),
        key=lambda goal: int(goal.number.removeprefix("P")),
    )
    rows = [
        f"| {goal.number} | {goal.work} | {goal.goal} | {goal.figure} "
        f"| {'met' if goal.is_met else '**not met**'} |"
        for goal in goals
    ]
    rows += [
        f"| | {name} | | | not measured{': ' + failed[name] if name in failed else ''} |"
        for name in names
        if name not in found
    ]
    late = [name for name in failed if name in found]
    note = (
        f"\nNot measured in the last run, so what stands below is of an earlier one: "
        f"{', '.join(f'{name} ({failed[name]})' for name in late)}.\n"
        if late
        else ""
    )
    PICTURE.write_text(
        picture([bar for part in found.values() for bar in part.bars]), encoding="utf-8"
    )
    table = "\n".join(rows)
    missed = [goal.number for goal in goals if not goal.is_met]
    reasons = "\n".join(f"- {name}. {REASONS[name]}" for name in missed if name in REASONS)
    why = f"\nWhere the time goes that a goal was missed by:\n\n{reasons}\n" if reasons else ""
    sections = "".join(part.section for part in found.values())
    DOCUMENT.write_text(
        f"""# Performance

Measured by `make bench` on a machine of {shape()}. Unless a section says otherwise, the server
and its database have one core for themselves and the load generator (`wrk`) the other, so a figure
counts as the ratio to something measured in the same run; requests a second differ from machine to
machine. Of each answer status, length and content are looked at. `.venv/bin/python -m bench PART`
measures a part alone.

![Pages a second of Newsroom, of nginx and of others, on a logarithmic scale](performance.svg)

## Goals

| | what | goal | measured | |
| --- | --- | --- | --- | --- |
{table}
{note}{why}{sections}""",
        encoding="utf-8",
    )

"""What an import did: counted by kind, with every reason and everything that could not come."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

LISTED = 200  # of one kind of notice, at most; the count is always whole


@dataclass
class Report:
    """Collects during an import; ``lines`` tells it at the end."""

    imported: Counter[str] = field(default_factory=Counter)
    present: Counter[str] = field(default_factory=Counter)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    notices: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def note(self, kind: str, what: str) -> None:
        """Remember something the owner should know; the same thing again only counts."""
        seen = self.notices[kind]
        if what in seen or len(seen) < LISTED:
            seen[what] += 1
        else:
            seen["… and more"] += 1

    def skip(self, kind: str, reason: str) -> None:
        self.skipped[kind, reason] += 1

    def as_json(self) -> dict[str, Any]:
        """Return the report for programs."""
        return {
            "imported": dict(self.imported),
            "present": dict(self.present),
            "skipped": [
                {"kind": kind, "reason": reason, "count": count}
                for (kind, reason), count in sorted(self.skipped.items())
            ],
            "notices": {kind: dict(seen) for kind, seen in sorted(self.notices.items())},
        }

    def lines(self) -> list[str]:
        """Return the report, a line each."""
        told: list[str] = []
        for heading, counts in (
            ("Imported", self.imported),
            ("Already there, left as they are", self.present),
        ):
            told.append(f"{heading}:")
            told += [f"  {count:>7} {kind}" for kind, count in sorted(counts.items())] or [
                "  nothing"
            ]
        if self.skipped:
            told.append("Skipped:")
            told += [
                f"  {count:>7} {kind}: {reason}"
                for (kind, reason), count in sorted(self.skipped.items())
            ]
        for kind in sorted(self.notices):
            seen = self.notices[kind]
            told.append(f"{kind} ({sum(seen.values())}):")
            told += [
                f"  {what}{f' ({count} times)' if count > 1 else ''}"
                for what, count in seen.items()
            ]
        return told

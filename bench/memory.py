"""P10: what a worker takes of memory when it is asked for ten thousand different pages."""

import tempfile
from itertools import islice
from pathlib import Path

from bench.results import Goal, Part
from tests.newsroom.freshness import site_of
from tests.newsroom.many_pages import addresses, resident
from tests.newsroom.workers import served

PAGES = 10_000
BOUND, GOAL = 16, 140  # megabytes


def measure() -> Part:
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as name:
        folder = Path(name) / "site"
        folder.mkdir()
        with (
            site_of(folder) as site,
            served({**site, "PAGE_CACHE_MB": str(BOUND)}, servers=1, workers=1) as [line],
        ):
            begun, size, taken = resident(line), 0, {}
            for number, address in enumerate(islice(addresses(line), PAGES), start=1):
                seen = line.get(address)
                if (seen.status, seen.made) != (200, number):
                    raise SystemExit(f"{address} answered {seen.status}, or was not made anew.")
                size += len(seen.content)
                if number in {100, PAGES // 10, PAGES // 2, PAGES}:
                    taken[number] = resident(line)
    rows = "\n".join(f"| {number:,} | {megabytes:.0f} |" for number, megabytes in taken.items())
    section = f"""
## Memory of a worker

One worker whose page cache may keep {BOUND} MB (`PAGE_CACHE_MB`) is asked for
{PAGES:,} different pages, {size / 1e6:.0f} MB in all. Resident memory, shared libraries included;
{begun:.0f} MB before the first page.

| pages | MB |
| --- | --- |
{rows}
"""
    most = max(taken.values())
    goal = Goal(
        "P10", f"memory of a worker that made {PAGES:,} pages",
        f"< {GOAL} MB + the cache's {BOUND} MB", f"{most:.0f} MB", most < GOAL + BOUND,
    )  # fmt: skip
    return Part(section, [goal])

"""What a worker takes of the machine's memory when it is asked for ten thousand different pages."""

import sys
import tempfile
from itertools import islice
from pathlib import Path

from tests.newsroom.freshness import site_of
from tests.newsroom.many_pages import addresses, resident
from tests.newsroom.workers import served

PAGES = 10_000
BOUND = 16  # megabytes


def measure() -> str:
    """Return the section for docs/performance.md."""
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
    return f"""
## Memory of a worker

One worker of four threads whose page cache may keep {BOUND} MB (`PAGE_CACHE_MB`) is asked for
{PAGES:,} different pages, {size / 1e6:.0f} MB in all. Resident memory, shared libraries included;
{begun:.0f} MB before the first page.

| pages | MB |
| --- | --- |
{rows}
"""


if __name__ == "__main__":
    sys.stdout.write(measure())

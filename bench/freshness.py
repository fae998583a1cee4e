"""P5: how long after a write's answer the last worker on the last server still gives an older page.

Two servers of two workers each over one database; three writers change things in eight ways. The
moment a write is answered each worker is asked for the page, and again until it is the new one,
while a reader at each worker asks for other pages, all on this machine.
"""

import os
import statistics
import tempfile
from collections import Counter
from pathlib import Path

from bench.results import Goal, Part
from tests.newsroom.freshness import Told, observe, site_of

SECONDS = 60
GOAL, LONGEST = 50, 250  # ms
PAUSE = 0.5  # seconds between two writes of each writer


def measure() -> Part:
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as name:
        folder = Path(name) / "site"
        folder.mkdir()
        with site_of(folder) as site:
            told = observe(site, SECONDS, pause=PAUSE)
    kinds = Counter(write.kind for write in told.writes)
    if len(kinds) < 8 or len({seen.worker for seen in told.seen}) < 4:
        raise SystemExit(f"Not everything was written, or not all workers were asked: {kinds}")
    delays = told.delays()
    p99, longest = percentile(delays, 99), 1000 * max(delays)
    goal = Goal(
        "P5", "an older page given after a write was answered, two servers of two workers",
        f"p99 ≤ {GOAL} ms, longest ≤ {LONGEST} ms", f"{p99:.0f} ms, {longest:.0f} ms",
        p99 <= GOAL and longest <= LONGEST,
    )  # fmt: skip
    return Part(section(told, kinds), [goal])


def section(told: Told, kinds: Counter[str]) -> str:
    delays, sights = told.delays(), told.first_sights()
    late = sum(delay > 0 for delay in delays)
    said = ", ".join(f"{kind}: {number}" for kind, number in sorted(kinds.items()))
    rows = "\n".join(
        f"| {what} | {percentile(times, 50):.0f} | {percentile(times, 99):.0f} "
        f"| {1000 * max(times):.0f} |"
        for what, times in (
            ("an older page was still given (0: none was)", delays),
            ("the last worker had given the new page", sights),
        )
    )
    return f"""
## How soon a write is seen everywhere

{len(told.writes)} writes in {SECONDS} s ({said}) at two
servers of two workers each. The moment each was answered all workers were asked for the page, and
again until it was the new one; a reader at each worker asked for others meanwhile,
{len(told.seen):,} pages in all, everything on this machine's
{os.cpu_count()} cores. After {late} of the writes any worker gave an older page at all.
The second line counts the making of the page, by four workers at the same time.

| ms after the write's answer until | median | p99 | longest |
| --- | --- | --- | --- |
{rows}
"""


def percentile(times: list[float], share: int) -> float:
    return 1000 * statistics.quantiles(times, n=100)[share - 1]

"""More pages than a worker may keep, and what it takes of the machine's memory."""

import re
from collections.abc import Iterator
from itertools import combinations

import psutil

from tests.newsroom.workers import Line

TALK = "/articles/one/comments/"
AT_ONCE = (6, 7, 8, 9)  # comments on a page: of fourteen there are 11,440 such choices


def addresses(line: Line) -> Iterator[str]:
    """Yield addresses of different pages that are kept, of some ten kilobytes each."""
    found = {int(number) for number in re.findall(rb'id="comment-(\d+)"', line.get(TALK).content)}
    for size in AT_ONCE:
        for chosen in combinations(sorted(found), size):
            yield f"{TALK}new/?ids={','.join(map(str, chosen))}"


def resident(line: Line) -> float:
    """Return the megabytes of a worker that are in memory, shared libraries included."""
    return float(psutil.Process(line.worker).memory_info().rss) / 1e6

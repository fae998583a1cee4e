"""P9, P10 and P6: a million comments are made up, and the site that holds them is read."""

import os
import time

import psutil

from bench import mixed
from bench.load import Target, run
from bench.results import Goal, Part
from bench.site import THREADS, Site, site

REPORTS, COMMENTS = 10_000, 1_000_000
GOAL = 300  # seconds
MOST_MEMORY = 140  # MB beside the cache's bound
COUNT = """
from articles.models import Article
from comments.models import Comment
print("answer", Article.objects.count(), Comment.objects.approved().count(),
      Comment.objects.filter(discussion__article__slug="load-1").count())
"""
# Each report once, and then the most read ones again until the time is over.
EACH_ONCE = f"""
local number = 0
request = function()
  number = number % {REPORTS} + 1
  return wrk.format("GET", "/articles/load-" .. number .. "/", {{["Accept-Encoding"] = "gzip"}})
end
"""
PATIENCE = 600  # seconds for asking for all reports


def measure() -> Part:
    with site(COMMENT_LIMITS="off", PAGE_CACHE_MB=str(mixed.CACHE)) as made:
        populated = _populated(made)
        with made.served() as server:
            remembered = _remembered(made, server)
            day = mixed.measure(made, REPORTS)
    parts = (populated, remembered, day)
    return Part(
        "".join(part.section for part in parts), [goal for part in parts for goal in part.goals]
    )


def _populated(made: Site) -> Part:
    began = time.monotonic()
    made.manage("populate", "--articles", str(REPORTS), "--comments", str(COMMENTS))
    took = time.monotonic() - began
    found = made.run(COUNT)
    reports, comments, first = map(int, found.split())
    if (reports, first) != (REPORTS, COMMENTS // 2) or comments < COMMENTS * 0.9:
        raise SystemExit(f"populate made {found}")
    section = f"""
## A million comments made up

`populate --articles {REPORTS} --comments {COMMENTS}` on all {os.cpu_count()} cores: {took:.0f} s,
{COMMENTS / took:,.0f} comments a second, counts and search included.
"""
    goal = Goal(
        "P9", "`populate` of a million comments", f"< {GOAL} s", f"{took:.0f} s", took < GOAL
    )
    return Part(section, [goal])


def _remembered(made: Site, server: int) -> Part:
    """Have each report made and kept; return what the worker's memory is then."""
    target = Target(made.address, b"", script=EACH_ONCE, connections=4)
    began, asked = time.monotonic(), 0
    before = _memory(server)
    while asked < REPORTS:
        if time.monotonic() - began > PATIENCE:
            raise SystemExit(f"{asked} reports in {PATIENCE} s")
        script = EACH_ONCE.replace("local number = 0", f"local number = {asked}")
        target.script = script
        asked += run(target, 10).requests
    after = _memory(server)
    section = f"""
## A worker's memory

One worker of {THREADS} threads has {before:.0f} MB before its first page, and {after:.0f} MB once
each of {REPORTS:,} reports was asked for, with a page cache of {mixed.CACHE} MB.
"""
    bound = MOST_MEMORY + mixed.CACHE
    goal = Goal(
        "P10", f"memory of a worker that served {REPORTS:,} pages",
        f"< {MOST_MEMORY} MB + the cache's {mixed.CACHE}", f"{after:.0f} MB", after < bound,
    )  # fmt: skip
    return Part(section, [goal])


def _memory(server: int) -> float:
    """Return the resident memory of the server's one worker, in megabytes."""
    workers = psutil.Process(server).children(recursive=True)
    return max(worker.memory_info().rss for worker in workers) / 1e6

"""P9 and P6: a million comments are made up, and the site that holds them is read."""

import os
import time

from bench import mixed
from bench.load import Target, run
from bench.results import Goal, Part
from bench.site import Site, site

REPORTS, COMMENTS = 10_000, 1_000_000
GOAL = 300  # seconds
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
PATIENCE = 600  # seconds for asking for reports
# So that what Postgres does after so many rows is not measured along with the day.
SETTLE = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE")
    cursor.execute("CHECKPOINT")
"""


def measure() -> Part:
    with site(COMMENT_LIMITS="off", PAGE_CACHE_MB=str(mixed.CACHE)) as made:
        populated = _populated(made)
        session = mixed.log_in(made)
        made.run(SETTLE)
        with made.served(threads=mixed.THREADS):
            day = mixed.measure(made, REPORTS, session=session, kept=_warm(made))
    return Part(populated.section + day.section, [*populated.goals, *day.goals])


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


def _warm(made: Site) -> int:
    """Have reports made and kept, the most read first, each once, or as many as time allows.

    Return how many.
    """
    began, asked = time.monotonic(), 0
    while asked < REPORTS and time.monotonic() - began < PATIENCE:
        script = EACH_ONCE.replace("local number = 0", f"local number = {asked}")
        asked += run(Target(made.address, b"", script=script, connections=4), 10).requests
    return min(asked, REPORTS)

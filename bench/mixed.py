"""P6: a mixed day: readers of many reports, their personal requests and polls, and writers."""

import re
import tempfile
from pathlib import Path

from bench.load import RUNS, SECONDS, Load, Target, compared, get, opened, proved
from bench.log_in import LOG_IN
from bench.nginx import nginx
from bench.results import Goal, Part
from bench.site import Site

GOAL, LONGEST_READ = 0.35, 5  # ms
CONNECTIONS = 16
THREADS = (
    24  # so that all connections may write at once: a quarter of the threads takes no part in it
)
CACHE = 160  # megabytes: what so many pages need
SESSION = """
from accounts.models import User
from articles.models import CommentPolicy, Publication
publication = Publication.current()
publication.comment_policy = CommentPolicy.OPEN
publication.save()
user = User.objects.create_user("mixed@example.org", "bench")
"""
WRITTEN = """
from comments.models import Comment
written = Comment.objects.filter(body__startswith="Written on a mixed day")
print("answer", written.count(), written.approved().count())
"""
# Each thread of wrk has one connection, so it knows which request an answer is for. Report r is
# asked for in proportion to 1/r.
SCRIPT = """
local ffi = require("ffi")
ffi.cdef[[ typedef struct {{ long s; long ns; }} moment; int clock_gettime(int, moment *); ]]
local moment = ffi.new("moment")
local function now()
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.s) * 1e3 + tonumber(moment.ns) / 1e6
end
local threads = {{}}
local kind, began
function setup(thread)
  thread:set("seed", #threads + 1)
  table.insert(threads, thread)
end
function init()
  day = os.time()  -- what was sent before would be taken for the same comment sent twice
  math.randomseed(day * 100 + seed)
  times, wrong, number = {{}}, 0, 0
end
function request()
  local report = math.floor(math.exp(math.random() * math.log({reports} + 1)))
  local dice, path = math.random(), "/articles/load-" .. report .. "/"
  began, number = now(), number + 1
  if dice < 0.95 then
    kind = "read"
    return wrk.format("GET", path, {{["Accept-Encoding"] = "gzip"}})
  elseif dice < 0.97 then
    kind = "personal"
    return wrk.format("GET", "/personal/", {{["Cookie"] = "sessionid={session}"}})
  elseif dice < 0.99 then
    kind = "poll"
    return wrk.format("GET", path .. "comments/news/", {{["Accept-Encoding"] = "gzip"}})
  end
  kind = "write"
  local body = string.format("body=Written+on+a+mixed+day+%d+%d+%d&name=Reader"
    .. "&email=r%d%%40example.org", day, seed, number, seed)
  return wrk.format("POST", path .. "comments/",
    {{["Content-Type"] = "application/x-www-form-urlencoded"}}, body)
end
"""
# In a run of its own, as looking at each answer takes the client's time.
TIMED = """
function response(status, headers, body)
  local expected = kind == "write" and 303 or 200
  if status ~= expected or (kind == "read" and #body < 1000) then wrong = wrong + 1 end
  if kind == "read" then
    local tenths = math.floor((now() - began) * 10)
    times[tenths] = (times[tenths] or 0) + 1
  end
end
function report()
  local all = 0
  for _, thread in ipairs(threads) do
    all = all + thread:get("wrong")
    for tenths, count in pairs(thread:get("times")) do
      io.write(string.format("time %d %d\\n", tenths, count))
    end
  end
  io.write(string.format("wrong %d\\n", all))
end
"""


def log_in(made: Site) -> str:
    """Return the session of an account, with comments open to all; it makes all pages untrue."""
    return made.run(SESSION + LOG_IN)


def measure(made: Site, reports: int, *, session: str, kept: int) -> Part:
    """made: populated with so many reports, and served. kept: how many of them are, beforehand."""
    one = Target(f"{made.address}/articles/load-2/", b"<article", {"Accept-Encoding": "gzip"})
    gzipped = proved(one)
    page = opened(gzipped, "gzip")
    if get(f"{made.address}/personal/", {"Cookie": f"sessionid={session}"})[2].count(b"null") > 1:
        raise SystemExit("The personal request is nobody's.")

    def day(*, timed: bool = False) -> Target:
        script = SCRIPT.format(reports=reports, session=session)
        return Target(
            made.address, b"", script=script + (TIMED if timed else ""),
            connections=CONNECTIONS, threads=CONNECTIONS,
        )  # fmt: skip

    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        with nginx(Path(name), page=page, gzipped=gzipped, brotli=gzipped) as files:
            static = Target(f"{files}/page.html", b"<article", one.headers)
            still, mixed = compared([static, day()], seconds=2 * SECONDS)
            [timed] = compared([day(timed=True)], seconds=2 * SECONDS, runs=1)
    p50, p99, p999 = reading_times(timed)
    written, approved = map(int, made.run(WRITTEN).split())
    if not written or written != approved:
        raise SystemExit(f"{written} comments written, {approved} approved")
    ratio = mixed.rate / still.rate
    section = f"""
## A mixed day

95 % reads of {reports:,} reports by a power law, 2 % personal requests of an account, 2 % polls for
new comments, 1 % comments written, at once and without a pause over {CONNECTIONS} connections. One
worker of {THREADS} threads, the {kept:,} most read kept at first; medians of {RUNS} runs of
{2 * SECONDS} s by turns with a page of the same size as a file from nginx. The reads' times are of
a run of their own, in which each answer is looked at.

| what | requests/s | ratio |
| --- | --- | --- |
| nginx, one page as a file | {still.rate:,.0f} | 1 |
| the mixed day | {mixed.rate:,.0f} | {ratio:.3f} |

Reads under this load: median {p50:.1f} ms, 99th percentile {p99:.1f} ms, 99.9th {p999:.1f} ms.
{written:,} comments were written meanwhile; each drops the page it stands on.
"""
    goal = Goal(
        "P6", f"mixed day over {reports:,} reports, against nginx serving one page",
        f"≥ {GOAL}; p99 of reads ≤ {LONGEST_READ} ms", f"{ratio:.3f}; p99 {p99:.1f} ms",
        ratio >= GOAL and p99 <= LONGEST_READ,
    )  # fmt: skip
    return Part(section, [goal])


def reading_times(load: Load) -> tuple[float, float, float]:
    """Return median, 99th and 99.9th percentile in milliseconds."""
    if re.search(r"^wrong 0$", load.output, re.MULTILINE) is None:
        raise SystemExit("Answers were wrong on the mixed day.")
    counts: dict[int, int] = {}
    for tenths, count in re.findall(r"^time (\d+) (\d+)$", load.output, re.MULTILINE):
        counts[int(tenths)] = counts.get(int(tenths), 0) + int(count)
    total, passed, found = sum(counts.values()), 0, []
    shares = [0.5, 0.99, 0.999]
    for tenths in sorted(counts):
        passed += counts[tenths]
        while shares and passed >= shares[0] * total:
            shares.pop(0)
            found.append((tenths + 1) / 10)
    median, p99, p999 = found
    return median, p99, p999

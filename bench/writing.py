"""P4: comments a second into one discussion, through HTTP, with all that a comment sets off."""

import re

from bench import articles
from bench.bare import bare_view
from bench.load import RUNS, SECONDS, WARM_UP, Load, Target, middle, run
from bench.results import Goal, Part
from bench.site import THREADS, Site, site

CONNECTIONS = 8
GOAL, LONGEST_WAIT = 0.06, 50  # ms
SIZE = 100
POSTGRES = f"-c log_lock_waits=on -c deadlock_timeout={LONGEST_WAIT}ms"
# Somebody follows the discussion, so that each comment is a notification to be queued.
FOLLOWED = """
from accounts.models import User
from articles.models import Article
from comments.models import Subscription
from comments.notifications.following import follow
reader = User.objects.create_user("follower@example.org", "bench")
discussion = Article.objects.get(slug="load-{size}").discussion
follow(discussion=discussion, kind=Subscription.Kind.ALL, user=reader, email="")
"""
COUNT = """
from django_tasks_db.models import DBTaskResult
from comments.models import Comment, Discussion
written = Comment.objects.filter(body__startswith="Written under load, ")
[discussion] = Discussion.objects.filter(article__slug="load-{size}")
print("answer", written.count(), written.filter(status="approved").count(),
      discussion.comment_count - {size}, DBTaskResult.objects.count())
"""
# Each comment is another's, with a key of its own. The thread's number keeps runs apart.
POST = """
local number = 0
request = function()
  number = number + 1
  local body = string.format(
    "body=Written+under+load,+*{run}*+and+%d.+It+has+a+link%%3A+https%%3A%%2F%%2Fexample.org%%2F%d"
    .. "+and+some+words+more,+as+readers+write+them.&name=Reader+%d&email=r%d%%40example.org"
    .. "&key=00000000-0000-4000-8000-{run:04d}%08d", number, number, number, number, number)
  return wrk.format("POST", "{path}", {{["Content-Type"] = "application/x-www-form-urlencoded"}},
    body)
end
"""


def measure() -> Part:
    with site(articles.CODE, postgres=POSTGRES, COMMENT_LIMITS="off") as made:
        made.run(FOLLOWED.format(size=SIZE))
        log = made.folder / "postgres" / "server.log"
        with made.served(), bare_view(made, connections=CONNECTIONS) as bare_target:
            run(bare_target, WARM_UP)
            run(_posts(made, 0), WARM_UP)
            bare, posts = [], []
            for number in range(1, RUNS + 1):
                bare.append(run(bare_target, SECONDS))
                posts.append(run(_posts(made, number), SECONDS))
        written, approved, counted, queued = map(int, made.run(COUNT.format(size=SIZE)).split())
        waits = [
            float(wait)
            for wait in re.findall(r"still waiting .* after ([\d.]+) ms", log.read_text())
        ]
    answered = sum(load.requests for load in posts)
    # What the last moment of a run sent, wrk does not wait for.
    if not answered <= written == approved == counted:
        raise SystemExit(f"{answered} answered, {written} written, {approved} approved, {counted}")
    if queued < written:
        raise SystemExit(f"{queued} tasks queued for {written} comments")
    return _part(middle(bare), middle(posts), written, waits)


def _posts(made: Site, number: int) -> Target:
    path = f"{articles.path(SIZE)}comments/"
    return Target(
        f"{made.address}{path}", b"", connections=CONNECTIONS,
        script=POST.format(run=number, path=path),
    )  # fmt: skip


def _part(bare: Load, posts: Load, written: int, waits: list[float]) -> Part:
    ratio = posts.rate / bare.rate
    said = f"{len(waits)} times somebody waited longer" if waits else "nobody waited longer"
    section = f"""
## Comments written

{CONNECTIONS} connections post into one discussion that somebody follows: validation, Markdown,
sanitiser, screening, insert, counts, the queued notification and the news for page caches, with
nothing left out but the limits (`COMMENT_LIMITS=off`). One worker of {THREADS} threads; medians of
{RUNS} runs of {SECONDS} s by turns with a bare view. All {written:,} comments are in the database,
approved, counted, with their tasks queued. Postgres logs who waits longer than {LONGEST_WAIT} ms
for a lock: {said}.

| what | requests/s | p99, ms | ratio to the bare view |
| --- | --- | --- | --- |
| a bare view | {bare.rate:,.0f} | {bare.p99:.0f} | 1 |
| comments accepted | {posts.rate:,.0f} | {posts.p99:.0f} | {ratio:.3f} |
"""
    goal = Goal(
        "P4", f"comments accepted, {CONNECTIONS} connections, one article, against a bare view",
        f"≥ {GOAL}; no lock waited for over {LONGEST_WAIT} ms",
        f"{ratio:.3f} ({posts.rate:,.0f} a second); {len(waits)} longer waits",
        ratio >= GOAL and not waits,
    )  # fmt: skip
    return Part(section, [goal])

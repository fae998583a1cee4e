"""``make bench``: the article page against a bare Django view of the same server, as a ratio.

One worker on one core, the client on another where there is one; each figure is the median of
three runs after a warm-up, and each answer is checked for what it must hold.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import discussion, flood, moderation, search

PROJECT = Path(__file__).resolve().parent.parent
PORT = 8765
SECONDS = 3.0
RUNS = 3
SIZES = (0, 100, 1_000, 5_000)
LOAD = """
import datetime, sys
from django.utils import timezone
from articles.models import Article, Section
from comments.counts import recount
from comments.markup import render
from comments.models import Comment, Discussion
section = Section.objects.create(name="Load", slug="load")
now = timezone.now()
for size in {sizes}:
    article = Article.objects.create(
        headline="Load", slug=f"load-{{size}}", section=section, status="published",
        published_at=now, body="<p>" + "Some words of a report. " * 300 + "</p>")
    discussion = Discussion.objects.create(article=article)
    body = "A comment of an ordinary length, with *some* emphasis in it. " * 3
    fields = dict(discussion=discussion, guest_name="Load", body=body, body_html=render(body),
                  status="approved")
    moments = (now + datetime.timedelta(seconds=n) for n in range(size))
    roots = Comment.objects.bulk_create(
        Comment(**fields, created_at=next(moments)) for _ in range(size // 2))
    Comment.objects.bulk_create(
        Comment(**fields, created_at=next(moments), parent=root, root=root, depth=1)
        for root in roots)
recount()
"""


@contextmanager
def site(folder: Path) -> Iterator[None]:
    """Serve a site with an article of each size, from a data folder of its own."""
    environment = {
        **os.environ,
        "NEWSROOM_DATA": str(folder),
        "NEWSROOM_URL": f"http://127.0.0.1:{PORT}",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    }
    environment.pop("DATABASE_URL", None)
    (folder / "static").mkdir()
    for command in (
        ["migrate", "-v0"],
        ["collectstatic", "--noinput", "-v0"],
        ["shell", "--no-imports", "-v0", "-c", LOAD.format(sizes=SIZES)],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=PROJECT, env=environment, check=True
        )
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(PORT),
         "--workers", "1", "--blocking-threads", "1", "--log-level", "error",
         "newsroom.wsgi:application"],
        cwd=PROJECT, env=environment,
    )  # fmt: skip
    try:
        pin(server.pid, 0)
        yield
    finally:
        server.terminate()
        server.wait()


def pin(process: int, core: int) -> None:
    """Keep a process to a core, where the system can and there is another one."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(process, {core})


def fetch(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path, headers={"Host": f"127.0.0.1:{PORT}"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    return body


def rate(path: str, comments: int) -> float:
    """Return requests a second: the median of the runs."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    shown = fetch(connection, path).count(b'class="comment-body"')
    if (shown > 0) != (comments > 0):
        raise SystemExit(f"{path} shows {shown} comments")
    figures = []
    for _ in range(RUNS):
        end, done = time.perf_counter() + SECONDS, 0
        while time.perf_counter() < end:
            fetch(connection, path)
            done += 1
        figures.append(done / SECONDS)
    return statistics.median(figures)


def wait() -> None:
    for _ in range(200):
        try:
            fetch(http.client.HTTPConnection("127.0.0.1", PORT, timeout=5), "/healthz")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not start.")


def main() -> None:
    """Measure, print the table, and write it to docs/performance.md."""
    pin(0, 1)
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with site(folder):
            wait()
            bare = rate("/healthz", 0)
            rows = [("a bare Django view behind all middleware", bare)]
            for size in SIZES:
                rate_of_page = rate(f"/articles/load-{size}/", size)
                rows.append((f"article page, cold, {size:,} comments", rate_of_page))
    table = "\n".join(
        f"| {what} | {figure:,.0f} | {1000 / figure:.1f} | {figure / bare:.3f} |"
        for what, figure in rows
    )
    text = f"""# Performance

Measured by `make bench`: one granian worker with one thread on one core, the client on the other,
one connection, the median of {RUNS} runs of {SECONDS:.0f} s after a warm-up. No page is cached.
Machines differ: compare the ratios, not the rates.

| what | requests/s | ms each | ratio to the bare view |
| --- | --- | --- | --- |
{table}

The number of queries is the same with five comments and with five thousand: twelve at most (the
suite asserts it).
{discussion.measure()}{search.measure()}{flood.measure()}{moderation.measure()}"""
    sys.stdout.write(text)
    (PROJECT / "docs" / "performance.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

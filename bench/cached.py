"""P1: a kept page from the app alone, against nginx serving the same bytes from files."""

import tempfile
from pathlib import Path

from bench import articles
from bench.bare import kept_bytes
from bench.load import RUNS, SECONDS, Target, compared, get, opened, proved
from bench.nginx import nginx
from bench.results import Bar, Goal, Part
from bench.site import THREADS, Site, site

GOAL = 0.85
SIZE = 5_000


def measure() -> Part:
    rows: list[str] = []
    ratios: list[float] = []
    bars: list[Bar] = []
    with site(articles.CODE) as made, tempfile.TemporaryDirectory() as name:
        url = f"{made.address}{articles.path(SIZE)}"
        ours = {
            encoding: Target(url, articles.holds(SIZE), {"Accept-Encoding": encoding})
            for encoding in ("br", "gzip")
        }
        for threads in (1, THREADS):
            with made.served(threads=threads):
                bodies = {encoding: proved(target) for encoding, target in ours.items()}
                headers = get(url, ours["gzip"].headers)[1]
                folder = Path(name) / str(threads)
                folder.mkdir()
                Path(name).chmod(0o755)
                page = opened(bodies["br"], "br")
                with nginx(folder, page=page, gzipped=bodies["gzip"], brotli=bodies["br"]) as files:
                    for encoding, target in ours.items():
                        file = "page.br" if encoding == "br" else "page.html"
                        static = Target(f"{files}/{file}", target.holds, target.headers)
                        app, still = compared([target, static])
                        ratios.append(app.rate / still.rate)
                        rows.append(
                            f"| {encoding}, {len(bodies[encoding]):,} bytes | {threads} "
                            f"| {app.rate:,.0f} | {app.p99:.1f} | {still.rate:,.0f} "
                            f"| {still.p99:.1f} | {ratios[-1]:.2f} |"
                        )
                        if encoding == "gzip" and threads == THREADS:
                            bars.append(Bar("nginx, the page as a file", still.rate, "files"))
                            bars.append(Bar("Newsroom, kept page", app.rate, "ours"))
        places = _places(made, headers, bodies["gzip"])
    table = "\n".join(rows)
    section = f"""
## A kept page against a file

The article page with a discussion of {SIZE:,} comments ({len(page):,} bytes of HTML) out of the
page cache of one worker, and the very same bytes as a file from nginx (`gzip_static`; Brotli as a
plain file). 16 connections, medians of {RUNS} runs of {SECONDS} s by turns. {THREADS} threads are
how `docs/operators.md` serves; one shows what passing the interpreter from thread to thread costs.

| bytes served | threads | ours, requests/s | p99, ms | nginx, requests/s | p99, ms | ratio |
| --- | --- | --- | --- | --- | --- | --- |
{table}

Where a page is kept decides how often it can be given out. The same answer, {len(headers)} headers
and gzipped bytes, from an application that does nothing but return it, which is the most that this
server can do, and from a Django middleware before all others, which has Django make a request and
an answer around it:

| the same {len(bodies["gzip"]):,} bytes | threads | requests/s | p99, ms |
| --- | --- | --- | --- |
{places}
"""
    served = min(ratios[2:])
    alone = min(ratios[:2])
    goal = Goal(
        "P1", f"kept page, {SIZE:,} comments, against nginx serving the same bytes",
        f"≥ {GOAL}", f"{alone:.2f} with one thread, {served:.2f} with {THREADS}",
        min(served, alone) >= GOAL,
    )  # fmt: skip
    return Part(section, [goal], bars)


def _places(made: Site, headers: dict[str, str], gzipped: bytes) -> str:
    """Return the rows of the table that compares where bytes are kept."""
    rows = []
    for threads in (1, THREADS):
        for in_middleware, name in ((False, "a WSGI application alone"), (True, "a middleware")):
            with kept_bytes(
                made, headers, gzipped, holds=articles.holds(SIZE),
                in_middleware=in_middleware, threads=threads,
            ) as target:  # fmt: skip
                [load] = compared([target])
            rows.append(f"| {name} | {threads} | {load.rate:,.0f} | {load.p99:.1f} |")
    return "\n".join(rows)

"""P2: the page that is not kept, against a bare Django view, and where its time goes."""

from bench import articles, steps
from bench.bare import bare_view
from bench.load import RUNS, SECONDS, Target, compared
from bench.results import Bar, Goal, Part
from bench.site import site

GOAL = 0.05
SIZE = 5_000


def measure() -> Part:
    with site(articles.CODE, PAGE_CACHE_MB="0") as made:
        targets = [Target(f"{made.address}/healthz", b"alive", connections=4)]
        targets += [
            Target(
                f"{made.address}{articles.path(size)}", articles.holds(size),
                {"Accept-Encoding": "gzip"}, connections=4,
            )
            for size in articles.SIZES
        ]  # fmt: skip
        bare_served = bare_view(made, connections=4, threads=1)
        with made.served(threads=1), bare_served as bare_target:
            bare, alive, *pages = compared([bare_target, *targets])
        profile = steps.measure(made, articles.path(SIZE))
    rows = [
        f"| a bare view | {bare.rate:,.0f} | {1000 / bare.rate:.2f} | 1 |",
        (
            f"| `/healthz` | {alive.rate:,.0f} | {1000 / alive.rate:.2f} "
            f"| {alive.rate / bare.rate:.3f} |"
        ),
    ]
    for size, page in zip(articles.SIZES, pages, strict=True):
        rows.append(
            f"| article, {size:,} comments | {page.rate:,.0f} | {1000 / page.rate:.1f} "
            f"| {page.rate / bare.rate:.3f} |"
        )
    ratio = pages[-1].rate / bare.rate
    section = f"""
## A page that is not kept

`PAGE_CACHE_MB=0`, one worker with one thread; 4 connections; medians of {RUNS} runs of {SECONDS} s
by turns. The bare view is no part of the site: a Django project of its own in the same server,
whose one view says a word behind Django's usual eight middlewares. `/healthz` does as little behind
all of the site's middleware, which reads who the publication is.

| page | requests/s | ms each | ratio to the bare view |
| --- | --- | --- | --- |
{chr(10).join(rows)}

{profile}"""
    goal = Goal(
        "P2", f"the same page cold ({SIZE:,} comments) against a bare view",
        f"≥ {GOAL}", f"{ratio:.3f}", ratio >= GOAL,
    )  # fmt: skip
    return Part(
        section, [goal], [Bar("Newsroom, not kept, 5,000 comments", pages[-1].rate, "ours")]
    )

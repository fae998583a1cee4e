"""P11: what Lighthouse says of three pages of the sample edition, on a slow phone."""

import json
import subprocess
import sys
import time
from pathlib import Path

from bench.load import get
from bench.machine import PROJECT, NotMeasuredError, program
from bench.results import Goal, Part
from bench.site import Site, site

LIGHTHOUSE = PROJECT / ".tools" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
RUNS, SPARE = 3, 2
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PERFORMANCE, MOST_BYTES = 99, 100_000
COMMENTS = 50
# The report without pictures that is discussed most gets as many comments as the goal says.
PREPARE = f"""
from articles.models import Article
from comments.counts import recount
from comments.markup import render
from comments.models import Comment, Discussion
report = Article.objects.published().filter(lead_image=None, language="en").order_by("pk").first()
discussion, _created = Discussion.objects.get_or_create(article=report)
body = "A comment of an ordinary length, with *some* emphasis in it. " * 3
for number in range(discussion.comments.count(), {COMMENTS}):
    Comment.objects.create(discussion=discussion, guest_name="Load", body=body,
                           body_html=render(body), status="approved")
recount()
print("answer", report.get_absolute_url())
"""
QUEUED = """
from django_tasks_db.models import DBTaskResult
waiting = DBTaskResult.objects.filter(status__in=["READY", "RUNNING"], queue_name="pictures")
print("answer", waiting.count())
"""
PATIENCE = 400  # seconds for making the pictures' sizes


class LostRunError(Exception):
    """Lighthouse could not say anything of a page this time."""


def measure() -> Part:
    if not LIGHTHOUSE.exists():
        raise NotMeasuredError("Lighthouse is missing; make bench installs it where there is npm")
    program("chromium", "chromium")
    with site(COMMENT_LIMITS="off", STAFF_SECOND_FACTOR="off") as made:
        made.manage("load_sample_edition")
        report = made.run(PREPARE)
        _make_pictures(made)
        pages = {
            "front page": "/",
            f"report, {COMMENTS} comments": report,
            "discussion": f"{report}comments/",
        }
        found = {}
        with made.served():
            for name, path in pages.items():
                status, _headers, body = get(f"{made.address}{path}")
                if status != 200 or (path != "/" and b'class="comment-body"' not in body):
                    raise SystemExit(f"{path} answered {status}")
                found[name] = _median(f"{made.address}{path}", made.folder / "lighthouse.json")
    return _part(found)


def _make_pictures(made: Site) -> None:
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker", "--queue-name", "*", "--interval", "1",
         "--verbosity", "0"],
        cwd=PROJECT, env=made.environment,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + PATIENCE
        while made.run(QUEUED) != "0":
            if time.monotonic() > deadline:
                raise SystemExit(f"The pictures' sizes were not made in {PATIENCE} s.")
            time.sleep(2)
    finally:
        worker.terminate()
        worker.wait()


def _median(url: str, report: Path) -> dict[str, float]:
    """Return the run whose performance is the median; Lighthouse now and then loses one."""
    runs = []
    for _ in range(RUNS + SPARE):
        try:
            runs.append(lighthouse(url, report))
        except LostRunError as error:
            sys.stderr.write(f"{error}\n")
        if len(runs) == RUNS:
            return sorted(runs, key=lambda run: run["performance"])[RUNS // 2]
    raise SystemExit(f"Lighthouse did not see {url} {RUNS} times.")


def lighthouse(url: str, report: Path) -> dict[str, float]:
    """Return the scores (of 100), the bytes that travelled and the layout shift of a page."""
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}",
         f"--only-categories={','.join(CATEGORIES)}",
         "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"],
        check=False, timeout=300, capture_output=True, text=True,
    )  # fmt: skip
    told = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    if done.returncode or not told or told.get("runtimeError"):
        raise LostRunError(f"Lighthouse: {done.stderr.strip()[-300:]}")
    for category in CATEGORIES:
        for audit in told["categories"][category]["auditRefs"]:
            result = told["audits"][audit["id"]]
            if audit["weight"] and result["score"] is not None and result["score"] < 0.9:
                sys.stderr.write(f"{url}: {result['title']} {result.get('displayValue', '')}\n")
    return {
        **{name: round(100 * told["categories"][name]["score"]) for name in CATEGORIES},
        "bytes": told["audits"]["total-byte-weight"]["numericValue"],
        "requests": len(told["audits"]["network-requests"]["details"]["items"]),
        "shift": told["audits"]["cumulative-layout-shift"]["numericValue"],
        "paint": told["audits"]["largest-contentful-paint"]["numericValue"],
    }


def _part(found: dict[str, dict[str, float]]) -> Part:
    rows = "\n".join(
        f"| {name} | {' | '.join(f'{page[category]:.0f}' for category in CATEGORIES)} "
        f"| {page['bytes'] / 1000:.0f} | {page['requests']:.0f} | {page['paint'] / 1000:.1f} "
        f"| {page['shift']:.3f} |"
        for name, page in found.items()
    )
    section = f"""
## A slow phone

Lighthouse on a simulated slow phone (its default: a CPU four times slower, 1.6 Mbit/s, 150 ms; the
median of {RUNS} runs of each), the pages of the sample edition as they are served, without a proxy.
The report has no picture of its own and {COMMENTS} comments; what a page weighs is all that travels
for it, compressed.

| page | {" | ".join(CATEGORIES)} | kB | requests | largest paint, s | layout shift |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
{rows}
"""
    performance = min(page["performance"] for page in found.values())
    others = min(page[name] for page in found.values() for name in CATEGORIES[1:])
    weight = next(page["bytes"] for name, page in found.items() if name.startswith("report"))
    shift = max(page["shift"] for page in found.values())
    goal = Goal(
        "P11", "Lighthouse, slow phone: front page, report, discussion",
        f"performance ≥ {PERFORMANCE}, the others 100; a report ≤ {MOST_BYTES / 1000:.0f} kB; "
        "layout shift 0",
        f"{performance:.0f}; {others:.0f}; {weight / 1000:.0f} kB; {shift:.3f}",
        performance >= PERFORMANCE and others == 100 and weight <= MOST_BYTES and shift < 0.0005,
    )  # fmt: skip
    return Part(section, [goal])

"""The moderation desk in a browser: from a key to the next comment on the screen."""

import os
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import expect, sync_playwright

from bench.results import Part
from tests.own_site import STATIC, free_port, manage, own_site, serve

CLEARED = 200
LEFT = 10
GOAL = 100  # ms
FILL = """
from django.utils import timezone
from accounts.models import User
from allauth.account.models import EmailAddress
from articles.models import Article, Section
from comments.markup import render
from comments.models import Comment, Discussion
from django.contrib.auth.models import Group
user = User.objects.create_user("moderator@example.org", "bench", display_name="Mo", is_staff=True)
user.groups.add(Group.objects.get(name="Moderator"))
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
section = Section.objects.create(name="Load", slug="load")
article = Article.objects.create(
    headline="Load", slug="load", section=section, status="published",
    published_at=timezone.now(), body="<p>Words.</p>")
discussion = Discussion.objects.create(article=article)
body = "A comment of an ordinary length, with *some* emphasis in it. " * 3
Comment.objects.bulk_create(
    Comment(discussion=discussion, guest_name=f"Guest {{n}}", guest_email=f"g{{n}}@example.org",
            body=body, body_html=render(body), status="held")
    for n in range({number}))
"""
# The second frame begins once the first, which shows what the key changed, has been drawn.
PRESS = """
async (key) => {
  const before = document.activeElement.closest("[data-case]");
  const begin = performance.now();
  document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const time = performance.now() - begin;
  const after = document.activeElement.closest?.("[data-case]");
  const box = after?.getBoundingClientRect();
  const isShown = after && after !== before && box.top < innerHeight && box.bottom > 0;
  return { time, isShown: Boolean(isShown), left: document.querySelectorAll("[data-case]").length };
}
"""


def measure() -> Part:
    """Clear two hundred waiting comments by single keys; return the table."""
    with tempfile.TemporaryDirectory(prefix="newsroom-desk-") as name:
        folder, port = Path(name) / "site", free_port()
        folder.mkdir()
        site = own_site(
            folder, FILL.format(number=CLEARED + LEFT), STAFF_SECOND_FACTOR="off",
            NEWSROOM_URL=f"http://127.0.0.1:{port}",
        )  # fmt: skip
        with site as environment:
            if manage(environment, *STATIC).wait(300):
                raise SystemExit("The static files could not be collected.")
            server = serve(environment, port)
            try:
                with sync_playwright() as playwright:
                    times = _clear(playwright, f"http://127.0.0.1:{port}")
            finally:
                server.terminate()
                server.wait()
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    within = sum(time < GOAL for time in times)
    section = f"""
## A decision on the moderation desk

{CLEARED} waiting comments cleared by one key each (`A`, `R`, `S` by turns) in Chromium, without
drawing by a graphics card, on {os.cpu_count()} cores that the server shares. The time goes from the
key until the next comment has the focus and the browser has drawn it; the decision is sent
meanwhile. Each time it is checked that another comment is on the screen, and at the end that the
server has decided all.

| from the key to the next comment on the screen | ms |
| --- | --- |
| median | {statistics.median(times):.0f} |
| 95th percentile | {p95:.0f} |
| longest | {times[-1]:.0f} |

{within} of {len(times)} were under the {GOAL} ms that are the goal.
"""
    return Part(section)


def _clear(playwright: Any, address: str) -> list[float]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    browser = playwright.chromium.launch(
        executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
    )
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/accounts/login/?next=/admin/moderation/")
    page.fill("[name=login]", "moderator@example.org")
    page.fill("[name=password]", "bench")
    page.locator("main form button").first.click()
    page.wait_for_url("**/admin/moderation/")
    page.wait_for_selector("[data-case]:focus")
    times = []
    for number in range(CLEARED):
        found = page.evaluate(PRESS, "ars"[number % 3])
        if not found["isShown"]:
            raise SystemExit(f"After {number + 1} decisions no other comment was on the screen.")
        times.append(found["time"])
        if found["left"] < 5:  # nobody decides faster than the next ones come
            page.locator("[data-case]").nth(LEFT - 1).wait_for(timeout=120_000)
    waiting = page.locator("[data-count=waiting]")
    expect(waiting).to_have_text(str(LEFT), timeout=120_000)
    browser.close()
    return times

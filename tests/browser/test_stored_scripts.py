"""What people write runs nowhere: well-known attacks in every field that is shown.

The content security policy is switched off, so that the sanitiser and the templates hold alone.
"""

from collections.abc import Callable
from itertools import batched, cycle
from pathlib import Path

from django.test import Client
from playwright.sync_api import Page

from articles.models import Publication
from comments.models import Comment, Report
from comments.posting import post_comment
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory, AuthorFactory, SectionFactory, TagFactory
from tests.comments.factories import DiscussionFactory

PAYLOADS = (Path(__file__).parent.parent / "data/xss_payloads.txt").read_text().splitlines()
TOLD = "window.alert = () => { window.ran = (window.ran || 0) + 1; };"
# What must not be in the page at all, whether a browser runs it today or not.
LIVE = """() => [...document.querySelectorAll('main *')].filter(e =>
  e.type !== 'application/ld+json' && (
  [...e.attributes].some(a => a.name.startsWith('on') || a.name.startsWith('x-')
    || a.name.includes('hx-on') || /^\\s*(javascript|vbscript|data):/i.test(a.value))
  || ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'BASE', 'META', 'LINK', 'STYLE'].includes(e.tagName)
  && e.textContent.includes('alert'))).map(e => e.outerHTML.slice(0, 200))"""


def fill() -> dict[str, str]:
    """Put payloads everywhere; return the addresses of the pages that show them, by name."""
    words = cycle(PAYLOADS)
    assert len(PAYLOADS) >= 150
    Publication.objects.create(
        pk=1, tagline=next(words)[:200], footer_text="\n".join(PAYLOADS[:40])
    )
    author = AuthorFactory(name=next(words)[:200], role=next(words)[:120], bio=next(words))
    article = ArticleFactory(
        headline=PAYLOADS[40], lede=PAYLOADS[41], dateline=PAYLOADS[42][:120],
        key_points="\n".join(PAYLOADS[40:80]), body="".join(f"<p>{one}</p>" for one in PAYLOADS),
        section=SectionFactory(name=PAYLOADS[43][:100]), authors=[author],
    )  # fmt: skip
    article.tags.add(TagFactory(name=PAYLOADS[44][:100]))
    discussion = DiscussionFactory(article=article, policy="open")
    for number, some in enumerate(batched(PAYLOADS, 12, strict=False)):
        comment = post_comment(
            discussion=discussion, body="\n\n".join(some), guest_name=some[0][:80],
            guest_email=f"x{number}@example.org", quote_exact=some[1], quote_prefix=some[2][:200],
        )  # fmt: skip
        Report.objects.create(
            comment=comment, user=UserFactory(), reason="rules", text=" ".join(some)[:500]
        )
    user = UserFactory(display_name=PAYLOADS[46][:80])
    held = post_comment(discussion=discussion, body=PAYLOADS[47], user=user)
    Comment.objects.filter(pk=held.pk).update(status="held")
    return {
        "article": article.get_absolute_url(),
        "discussion": f"{article.get_absolute_url()}comments/?sort=oldest",
        "author": author.get_absolute_url(),
        "front": "/",
        "section": article.section.get_absolute_url(),
        "search": "/search/?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
        "desk": "/admin/moderation/?queue=reported",
        "comments in the admin": "/admin/comments/comment/?status=all",
    }  # fmt: skip


def test_no_script_of_anybody_runs(
    visitor: Callable[..., Page], client: Client, live_server: object
) -> None:
    pages = fill()
    page = visitor(bypass_csp=True)
    page.context.add_init_script(TOLD)
    client.force_login(UserFactory(role="Chief"))
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": cookie, "url": live_server.url}]  # type: ignore[attr-defined]
    )
    found = {}
    for name, address in pages.items():
        answer = page.goto(address, wait_until="load")
        assert answer is not None
        assert answer.status == 200, name
        page.evaluate("document.querySelectorAll('main details').forEach(e => { e.open = true; })")
        page.wait_for_timeout(200)  # a failed picture's handler would have run by now
        ran = page.evaluate("window.ran || 0")
        live = [] if address.startswith("/admin/") else page.evaluate(LIVE)
        if ran or live:
            found[name] = (ran, live[:5])
        assert "alert(1)" in page.content(), f"{name} shows nothing of it"
    assert found == {}

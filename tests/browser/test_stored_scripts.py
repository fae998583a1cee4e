"""What people write runs nowhere: well-known attacks in every field that is shown.

The content security policy is switched off, so that the sanitiser and the templates hold alone.
"""

from collections.abc import Callable
from datetime import timedelta
from html import escape
from io import StringIO
from itertools import batched, cycle
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Profile
from articles.models import Article, Publication
from comments.models import Comment, Report
from comments.posting import post_comment
from donations.ledger.recording import Donor
from donations.models import SupportText, WallName, WebhookEvent
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory, AuthorFactory, SectionFactory, TagFactory
from tests.comments.factories import DiscussionFactory
from tests.donations.factories import CampaignFactory, GiftFactory, MethodFactory

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


def fill_gifts() -> dict[str, str]:
    """Put payloads into what donors and accounts tell of themselves, and staff of gifts."""
    today = timezone.localdate()
    CampaignFactory(label=PAYLOADS[0][:80], purpose="\n".join(PAYLOADS))
    ended = today - timedelta(days=40)
    CampaignFactory(label=PAYLOADS[1][:80], starts_on=ended - timedelta(days=9), ends_on=ended)
    method = MethodFactory(label=PAYLOADS[2][:60], details="\n".join(PAYLOADS))
    MethodFactory(
        kind="bank", label=PAYLOADS[3][:60], account_holder=PAYLOADS[4][:70], url="",
        iban="XX84EXAMPLE0000000000000", transfer_text=PAYLOADS[5][:140],
    )  # fmt: skip
    for placement, heading in zip(SupportText.Placement, PAYLOADS, strict=False):
        SupportText.objects.create(
            placement=placement, heading=heading[:120], text="\n".join(PAYLOADS)
        )
    for payload in PAYLOADS:
        donor = Donor(name=payload[:100], note=payload, method=method)
        gift = GiftFactory(donor=donor)
        WallName.objects.create(gift=gift, name=payload[:60], state=WallName.State.SHOWN)
    for number, payload in enumerate(PAYLOADS):
        WebhookEvent.objects.create(
            provider="kofi", event_id=f"{number} {payload}", kind=payload[:100],
            status="failed", error=payload,
        )  # fmt: skip
    for number, payload in enumerate(PAYLOADS[:90]):
        reader = UserFactory(email=f"payload{number}@example.org", display_name=payload[:80])
    Profile.objects.create(user=reader, bio="\n".join(PAYLOADS[10:25])[:500])
    article = ArticleFactory()
    post_comment(
        discussion=DiscussionFactory(article=article, policy="open"), body=PAYLOADS[6], user=reader
    )
    return {
        "donate": "/donate/",
        "past drives": "/donate/past/",
        "article": article.get_absolute_url(),
        "front": "/",
        "reader": f"/readers/{reader.pk}/",
        "gifts in the admin": "/admin/donations/gift/",
        "one gift": f"/admin/donations/gift/{gift.pk}/change/",
        "names on the wall": "/admin/donations/wallname/",
        "ways to give": "/admin/donations/donationmethod/",
        "texts of boxes": "/admin/donations/supporttext/",
        "drives": "/admin/donations/campaign/",
        "what came in": "/admin/donations/gift/overview/",
        "reconciliation": "/admin/donations/gift/reconciliation/",
        "events": "/admin/donations/webhookevent/",
        "members": "/admin/accounts/user/",
    }  # fmt: skip


def export_of(payloads: list[str]) -> str:
    """Return a WordPress export of one report, whose every text is made of payloads.

    Tags are taken out of names and titles; so there they stand as entities, which are decoded.
    """

    def text(value: str) -> str:
        return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"

    def at(second: int) -> str:
        return f"00:{second // 60:02}:{second % 60:02}"

    comments = "".join(
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id>"
        f"<wp:comment_author>{text(some[-1])}</wp:comment_author>"
        f"<wp:comment_date_gmt>2020-01-03 {at(number)}</wp:comment_date_gmt>"
        "<wp:comment_approved>1</wp:comment_approved>"
        f"<wp:comment_content>{text(chr(10).join(some))}</wp:comment_content></wp:comment>"
        for number, some in enumerate(batched(payloads, 8, strict=False), 1)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.1/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.1/"><channel>
<title>{text(escape(payloads[0]))}</title><link>https://old.example</link>
<wp:wxr_version>1.1</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_login>ann</wp:author_login>
<wp:author_display_name>{text(escape(payloads[1]))}</wp:author_display_name></wp:author>
<item><title>{text(escape(payloads[2]))}</title><link>https://old.example/a/</link>
<dc:creator>ann</dc:creator><guid>https://old.example/?p=10</guid>
<content:encoded>{text(chr(10).join(payloads))}</content:encoded>
<excerpt:encoded>{text(payloads[3])}</excerpt:encoded>
<wp:post_id>10</wp:post_id><wp:post_date_gmt>2020-01-02 03:04:05</wp:post_date_gmt>
<wp:comment_status>open</wp:comment_status><wp:post_name>imported</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="c">{text(escape(payloads[4]))}</category>
<category domain="post_tag" nicename="t">{text(escape(payloads[5]))}</category>
{comments}</item></channel></rss>"""


def fill_by_import(folder: Path) -> dict[str, str]:
    """Bring payloads in from another site."""
    file = folder / "export.xml"
    file.write_text(export_of(PAYLOADS), encoding="utf-8")
    call_command("import_wordpress", str(file), stdout=StringIO(), stderr=StringIO())
    [article] = Article.objects.all()
    return {
        "article": article.get_absolute_url(),
        "discussion": f"{article.get_absolute_url()}comments/?sort=oldest",
        "author": article.authors.get().get_absolute_url(),
        "front": "/",
    }


def look(page: Page, pages: dict[str, str]) -> None:
    """Open the pages; fail if a script ran, or stands in one where readers look."""
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


@pytest.fixture
def chief(visitor: Callable[..., Page], client: Client, live_server: Any) -> Page:
    """The page of somebody who sees all there is, without the policy."""
    page = visitor(bypass_csp=True)
    page.context.add_init_script(TOLD)
    client.force_login(UserFactory(role="Chief"))
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return page


def test_no_script_of_anybody_runs(chief: Page) -> None:
    look(chief, fill())


def test_no_script_of_donors_readers_and_staff_runs(chief: Page) -> None:
    look(chief, fill_gifts())


def test_no_script_from_another_site_runs(chief: Page, tmp_path: Path) -> None:
    look(chief, fill_by_import(tmp_path))

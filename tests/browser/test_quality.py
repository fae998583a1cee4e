"""Accessibility by axe, markup by the Nu HTML checker, and pages that fit the window."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import MenuItem
from articles.models import Page as StandingPage
from comments.models import OwnDataRequest
from comments.personal_data.links import token_of
from donations.donors.links import gift_path, pledge_path
from donations.ledger.recording import Donor
from donations.models import Pledge, WallName
from tests.articles.factories import ArticleFactory, AuthorFactory, SeriesFactory, TagFactory
from tests.browser.conftest import DESK, PHONE
from tests.comments.factories import CommentFactory, DiscussionFactory
from tests.conftest import missing
from tests.donations.factories import CampaignFactory, GiftFactory, MethodFactory

VNU = (
    Path(__file__).resolve().parent.parent.parent / ".tools/node_modules/vnu-jar/build/dist/vnu.jar"
)
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
BODY = f"""<p>First, with <a href="/">a link</a> and <code>code</code>.</p><h2>A subhead</h2>
<blockquote><p>Quoted.</p></blockquote><table><thead><tr><th>{LONG}</th><th>B</th><th>C</th></tr></thead>
<tbody><tr><td>1</td><td>2</td><td>3</td></tr></tbody></table><ul><li>One</li></ul>
<figure class="embed" data-embed="https://www.youtube-nocookie.com/embed/exampleVid"><a
href="https://video.example.org/x">A film</a></figure><pre><code>{"x" * 400}</code></pre>"""


@pytest.fixture
def site() -> dict[str, str]:
    """A site with every kind of thing on it; returns addresses by name."""
    MethodFactory()
    MethodFactory(label="Bank transfer", url="", details="XX00 EXAMPLE")
    CampaignFactory()
    gift = GiftFactory(donor=Donor(name=LONG, email="donor@example.org"))
    gift.pledge = Pledge.objects.create(
        provider="stripe", reference=f"sub_{'x' * 60}", started_at=timezone.now(),
        told_at=timezone.now(), amount_minor=1_500, currency="USD", donor_email="donor@example.org",
    )  # fmt: skip
    gift.save()
    WallName.objects.create(gift=gift, name=LONG[:60])
    StandingPage.objects.create(title="About", slug="about", body="<p>Us.</p>")
    MenuItem.objects.create(label="About", url="/pages/about/", menu="footer")
    author, series = AuthorFactory(), SeriesFactory()
    article = ArticleFactory(
        body=BODY, authors=[author], series=series, series_part=1, key_points="One\nTwo",
        kind="opinion", headline=f"A headline with {LONG} in it",
    )  # fmt: skip
    article.tags.add(TagFactory())
    article.related.add(ArticleFactory(series=series, series_part=2))
    arabic = ArticleFactory(language="ar", headline="العبّارة الليلية تعود", body="<p>نص</p>")
    comment = CommentFactory(
        discussion=DiscussionFactory(article=article), quote_exact="First", body=f"> q\n\n{LONG}"
    )
    for _ in range(8):
        comment = CommentFactory(parent=comment)
    for _ in range(25):
        CommentFactory(discussion=article.discussion)
    own = token_of(OwnDataRequest.objects.create(address=comment.guest_email).pk)
    return {
        "front": "/",
        "article": article.get_absolute_url(),
        "right-to-left": arabic.get_absolute_url(),
        "section": article.section.get_absolute_url(),
        "author": author.get_absolute_url(),
        "search": "/search/?q=headline",
        "no result": "/search/?q=nothingatall",
        "discussion": f"{article.get_absolute_url()}comments/",
        "permalink": comment.get_absolute_url(),
        "donate": "/donate/",
        "log-in": "/accounts/login/",
        "sign-up": "/accounts/signup/",
        "page": "/pages/about/",
        "archive": "/archive/",
        "your data": "/your-data/",
        "your data by link": f"/your-data/{own}/",
        "erase your data": f"/your-data/{own}/erase/",
        "link used up": "/your-data/used/",
        "gift": gift_path(gift),
        "monthly gift": pledge_path(gift.pledge),
        "links to monthly gifts": "/donate/monthly/",
        "not found": "/nowhere/",
    }  # fmt: skip


def problems(page: Page) -> list[str]:
    """Return what axe finds, a line each: its rule and the elements."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {[n['target'] for n in v['nodes']][:4]}" for v in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site: dict[str, str], visitor: Callable[..., Page], scheme: str) -> None:
    page = visitor(color_scheme=scheme, bypass_csp=True)  # axe writes styles
    found = {}
    for name, address in site.items():
        page.goto(address)
        if lines := problems(page):
            found[name] = lines
    assert found == {}


def test_axe_finds_nothing_in_a_form_with_errors_and_an_open_reply(
    site: dict[str, str], visitor: Callable[..., Page]
) -> None:
    page = visitor(viewport=PHONE, bypass_csp=True)
    page.goto(site["article"])
    page.locator("form[data-comment-form]").first.get_by_role("button", name="Post").click()
    page.locator(".is-invalid").first.wait_for()
    page.get_by_role("link", name="Reply").first.click()
    page.locator("form[data-reply-to]").wait_for()
    assert problems(page) == []
    page.goto(site["erase your data"])
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("group", name="Your comments")).to_have_accessible_description(
        "Choose what becomes of your comments."
    )
    assert problems(page) == []
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("nobody@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_load_state()
    assert problems(page) == []


@pytest.mark.parametrize("width", [320, PHONE["width"], 768, DESK["width"], 2560])
def test_no_page_is_wider_than_the_window(
    site: dict[str, str], visitor: Callable[..., Page], width: int
) -> None:
    page = visitor(viewport={"width": width, "height": 900})
    wide = {}
    for name, address in site.items():
        page.goto(address)
        excess = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if excess > 0:
            wide[name] = excess
    assert wide == {}


def markup_errors(folder: Path) -> list[str]:
    """Return what the Nu checker says of the HTML files in the folder, a line each."""
    if shutil.which("java") is None:
        missing("Java")
    if not VNU.exists():
        missing("The Nu HTML checker (make test installs it with npm)")
    result = subprocess.run(
        ["java", "-Xss4m", "-jar", VNU, "--format", "json", "--exit-zero-always", folder],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [
        f"{Path(m['url']).stem}: {m['message']} …{m.get('extract', '')[:120]}"
        for m in json.loads(result.stderr)["messages"]
        if m["type"] == "error"
    ]


def test_nu_checker_finds_no_error(
    site: dict[str, str], client: object, tmp_path: Path, visitor: Callable[..., Page]
) -> None:
    page = visitor(java_script_enabled=False)
    for name, address in site.items():
        answer = page.request.get(address)
        (tmp_path / f"{name}.html").write_bytes(answer.body())
    assert markup_errors(tmp_path) == []


def test_video_loads_nothing_before_a_click(
    site: dict[str, str], visitor: Callable[..., Page]
) -> None:
    page = visitor()
    elsewhere: list[str] = []
    own = site["article"]
    page.route("https://**", lambda route: (elsewhere.append(route.request.url), route.abort()))
    page.goto(own, wait_until="networkidle")
    assert elsewhere == []
    with page.expect_request("https://www.youtube-nocookie.com/embed/exampleVid*"):
        page.get_by_role("button", name="A film").click()

"""Every public page: answers, says the same to everyone, and costs a constant number of queries."""

import re

import pytest
from django.test import Client

from accounts.models import User
from articles.models import MenuItem, Page
from donations.models import Campaign, DonationMethod, SupportText
from tests.articles.factories import ArticleFactory, AuthorFactory, SeriesFactory, TagFactory
from tests.comments.factories import CommentFactory, DiscussionFactory
from tests.donations.factories import CampaignFactory, GiftFactory, MethodFactory
from tests.served import Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> dict[str, str]:
    """A site with something on every page; returns addresses by name."""
    author, tag, series = AuthorFactory(), TagFactory(), SeriesFactory()
    article = ArticleFactory(authors=[author], series=series, series_part=1)
    article.tags.add(tag)
    other = ArticleFactory(authors=[author], series=series, series_part=2)
    article.related.add(other)
    comment = CommentFactory(discussion=DiscussionFactory(article=article))
    CommentFactory(parent=comment)
    page = Page.objects.create(title="About", slug="about", body="<p>Us.</p>")
    MenuItem.objects.create(label="About", url="/pages/about/", menu="footer")
    MethodFactory()
    CampaignFactory()
    GiftFactory()
    SupportText.objects.create(placement="above", heading="Support us")
    when = article.published_at
    return {
        "front": "/",
        "article": article.get_absolute_url(),
        "section": article.section.get_absolute_url(),
        "series": series.get_absolute_url(),
        "tag": tag.get_absolute_url(),
        "author": author.get_absolute_url(),
        "archive": f"/archive/{when.year}/{when.month}/",
        "archive index": "/archive/",
        "search": "/search/?q=report",
        "page": page.get_absolute_url(),
        "discussion": f"{article.get_absolute_url()}comments/",
        "permalink": comment.get_absolute_url(),
        "donate": "/donate/",
        "feed": "/feed/",
        "atom": "/feed/atom/",
        "section feed": f"{article.section.get_absolute_url()}feed/",
        "sitemap": "/sitemap.xml",
        "robots": "/robots.txt",
    }


PAGES = [
    "front", "article", "section", "series", "tag", "author", "archive", "archive index", "search",
    "page", "discussion", "permalink", "donate", "feed", "atom", "section feed", "sitemap",
    "robots",
]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_page_is_the_same_for_everyone(site: dict[str, str], name: str) -> None:
    stranger, member = Client(), Client()
    member.force_login(
        User.objects.create_user("member@example.org", display_name="Mem Ber", is_staff=True)
    )
    first = stranger.get(site[name])
    second = member.get(site[name])
    assert first.status_code == 200
    assert first.content == second.content
    assert b"Mem Ber" not in second.content
    assert b"csrf" not in first.content
    assert "public" in first["Cache-Control"]
    assert not first.cookies
    assert not second.cookies


@pytest.mark.parametrize("name", PAGES)
def test_page_has_an_etag_and_is_not_sent_twice(site: dict[str, str], name: str) -> None:
    served = Site()
    etag = served.get(site[name])["ETag"]
    again = served.get(site[name], headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again.content == b""
    assert "public" in again["Cache-Control"]


HTML = [name for name in PAGES if name not in {"feed", "atom", "section feed", "sitemap", "robots"}]


@pytest.mark.parametrize("name", HTML)
def test_page_has_one_main_heading_and_nothing_inline(site: dict[str, str], name: str) -> None:
    html = Client().get(site[name]).content.decode()
    assert len(re.findall(r"<h1[\s>]", html)) == 1
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    for attributes in re.findall(r"<script([^>]*)>", html):
        assert "src=" in attributes or "application/ld+json" in attributes
    assert "<style" not in html


@pytest.mark.parametrize("name", HTML)
def test_policy_allows_our_own_scripts_only(site: dict[str, str], name: str) -> None:
    policy = Client().get(site[name])["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("comments", [5, 60])
def test_article_costs_at_most_twelve_queries(
    site: dict[str, str], comments: int, django_assert_max_num_queries
) -> None:
    from articles.models import Article

    article = Article.objects.get(slug=site["article"].split("/")[2])
    for _ in range(comments // 2):
        root = CommentFactory(discussion=article.discussion)
        CommentFactory(parent=root)
    client = Client()
    with django_assert_max_num_queries(12) as captured:
        html = client.get(site["article"]).content.decode()
    assert html.count('class="comment-body"') >= 5
    assert len(captured) == 12


def test_empty_site_answers_everywhere() -> None:
    for address in ["/", "/archive/", "/search/", "/donate/", "/feed/", "/sitemap.xml"]:
        assert Client().get(address).status_code == 200, address
    assert not Campaign.objects.exists()
    assert not DonationMethod.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/articles/none/", "/sections/none/", "/series/none/", "/tags/none/", "/authors/none/",
        "/pages/none/", "/archive/2026/13/", "/archive/99999/1/", "/archive/0/0/",
        "/comments/999999999999/", "/comments/99999999999999999999999/", "/media/none.jpg",
        "/articles/none/comments/", "/identity-zzz.css", "/sitemap-none.xml", "/nowhere",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_404(address: str) -> None:
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    "query", ["?after=x", "?after=%FF", "?after=" + "A" * 3000, "?after=MXwx", "?sort=evil&after=0"]
)
def test_bad_cursor_is_no_error(site: dict[str, str], query: str) -> None:
    for name in ("front", "section", "discussion", "permalink"):
        address = site[name] + query
        assert Client().get(address).status_code == 200, address
    assert Client().get("/search/" + query + "&q=report").status_code == 200

"""Feeds, sitemaps and structured data keep the rules of their formats, whatever they carry."""

import datetime
import json
import re
from pathlib import Path
from typing import Any

import feedparser
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from lxml import etree
from PIL import Image as PillowImage

from articles.corrections import issue_correction
from articles.models import Article, Image, Kind, Publication, Section, Status
from articles.workflow import withdraw_article
from comments.editing import edit_comment
from comments.moderation import approve_comment, remove_comment
from tests.accounts.factories import UserFactory
from tests.articles.factories import (
    ArticleFactory,
    AuthorFactory,
    SectionFactory,
    SeriesFactory,
    TagFactory,
)
from tests.comments.factories import CommentFactory, DiscussionFactory
from tests.feeds.rules import (
    NEWS,
    NEWS_SITEMAP_GRAMMAR,
    SITEMAP_GRAMMAR,
    check_atom,
    check_json_feed,
    check_news_article,
    check_rss,
)
from tests.served import Site

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
NASTY = "Ärger ]]> & <b>“quotes”</b> 🛶 الجسر \u200f \x0b\x1f end"


def check(client: Client, prefix: str) -> list[int]:
    """Check all three formats under a list's address; return how many items each has."""
    counts = []
    response = client.get(f"{prefix}feed/")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    counts.append(len(check_rss(response.content, f"{HOST}{prefix}feed/")))
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo
    response = client.get(f"{prefix}feed/atom/")
    assert response["Content-Type"].startswith("application/atom+xml")
    counts.append(len(check_atom(response.content, f"{HOST}{prefix}feed/atom/")))
    response = client.get(f"{prefix}feed/json/")
    assert response["Content-Type"].startswith("application/feed+json")
    counts.append(len(check_json_feed(response.json(), f"{HOST}{prefix}feed/json/")))
    return counts


@pytest.fixture
def picture(tmp_path: Path) -> Image:
    path = tmp_path / "crane.jpg"
    PillowImage.new("RGB", (60, 40), "#24466b").save(path)
    return Image.objects.create(file=ContentFile(path.read_bytes(), "crane.jpg"), alt="A crane")


@pytest.fixture
def filed(picture: Image) -> Article:
    """A report of everything, with everything in its texts that a feed can stumble over."""
    article: Article = ArticleFactory(
        published_at=timezone.now() - datetime.timedelta(hours=1),
        headline=NASTY, lede=NASTY, section=SectionFactory(name=NASTY), series=SeriesFactory(),
        authors=[AuthorFactory(name=NASTY), AuthorFactory()], lead_image=picture, language="ar",
        body='<p>]]&gt; <a href="/articles/x/">here</a> <a href="#fn-1">1</a></p>'
        '<figure><img src="/media/a.jpg" alt="A &amp; B"></figure><p>' + "long " * 40_000 + "</p>",
    )  # fmt: skip
    article.tags.add(TagFactory(name=NASTY))
    return article


def test_every_list_has_its_feeds(client: Client, filed: Article) -> None:
    ArticleFactory(section=filed.section)
    ArticleFactory()
    ArticleFactory(draft=True, section=filed.section)
    author, tag = filed.authors.first(), filed.tags.get()
    assert author is not None
    for prefix, number in (
        ("/", 3), (f"/sections/{filed.section.slug}/", 2), (f"/series/{filed.series.slug}/", 1),
        (f"/tags/{tag.slug}/", 1), (f"/authors/{author.slug}/", 1),
    ):  # fmt: skip
        assert check(client, prefix) == [number] * 3, prefix
        page = client.get(prefix).content.decode()
        for form in ("", "atom/", "json/"):
            assert f'href="{prefix}feed/{form}"' in page


def test_empty_feeds_keep_the_rules_too(client: Client) -> None:
    section, tag, series, author = SectionFactory(), TagFactory(), SeriesFactory(), AuthorFactory()
    for thing in (section, tag, series, author):
        assert check(client, thing.get_absolute_url()) == [0, 0, 0]
    assert check(client, "/") == [0, 0, 0]


def test_report_without_author_headline_or_picture_is_whole(client: Client) -> None:
    ArticleFactory(headline="", lede="", published_at=timezone.now())
    assert check(client, "/") == [1, 1, 1]


def test_section_feed_holds_its_subsections(client: Client) -> None:
    parent = SectionFactory()
    child = Section.objects.create(name="Child", slug="child", parent=parent)
    ArticleFactory(section=child)
    assert check(client, parent.get_absolute_url()) == [1, 1, 1]


def test_items_bring_the_text_the_names_and_the_picture(client: Client, filed: Article) -> None:
    assert filed.lead_image is not None
    (item,) = check_rss(client.get("/feed/").content, f"{HOST}/feed/")
    enclosure = item.find("enclosure")
    assert enclosure is not None
    assert enclosure.get("length") == str(filed.lead_image.file.size)
    assert enclosure.get("type") == "image/jpeg"
    assert str(enclosure.get("url")).endswith(filed.lead_image.file.url)
    creators = [e.text for e in item.findall("{http://purl.org/dc/elements/1.1/}creator")]
    assert len(creators) == 2
    (entry,) = client.get("/feed/json/").json()["items"]
    assert entry["language"] == "ar"
    assert f'href="{HOST}/articles/x/"' in entry["content_html"]
    assert f'src="{HOST}/media/a.jpg"' in entry["content_html"]
    assert f'href="{HOST}{filed.get_absolute_url()}#fn-1"' in entry["content_html"]


def test_picture_whose_file_is_gone_is_left_out(client: Client, filed: Article) -> None:
    assert filed.lead_image is not None
    filed.lead_image.file.storage.delete(filed.lead_image.file.name)
    (item,) = check_rss(client.get("/feed/").content, f"{HOST}/feed/")
    assert item.find("enclosure") is None


def test_items_keep_their_identity_under_another_slug(client: Client) -> None:
    article = ArticleFactory()
    before = [client.get(f"/feed/{form}").content.decode() for form in ("", "atom/", "json/")]
    article.slug = "renamed"
    article.save()
    after = [client.get(f"/feed/{form}").content.decode() for form in ("", "atom/", "json/")]
    name = f"tag:testserver,2026:article/{article.pk}"
    for one, other in zip(before, after, strict=True):
        assert name in one
        assert name in other


def test_discussion_has_its_feeds_without_what_is_nobodys_business(client: Client) -> None:
    discussion = DiscussionFactory(article=ArticleFactory(headline=NASTY))
    CommentFactory(
        discussion=discussion, guest_name=NASTY, guest_email="secret@example.org",
        body_html='<p>See <a href="/x/">this</a> ]]&gt;</p>',
    )  # fmt: skip
    CommentFactory(discussion=discussion, status="held", guest_name="Held")
    prefix = f"{discussion.article.get_absolute_url()}comments/"
    assert check(client, prefix) == [1, 1, 1]
    for form in ("", "atom/", "json/"):
        content = client.get(f"{prefix}feed/{form}").content
        assert b"secret@example.org" not in content
        assert b"Held" not in content


def test_discussion_of_a_draft_or_of_none_has_no_feed(client: Client) -> None:
    draft = DiscussionFactory(article=ArticleFactory(draft=True)).article
    none = DiscussionFactory(article=ArticleFactory(), state="none").article
    for article in (draft, none):
        assert client.get(f"{article.get_absolute_url()}comments/feed/").status_code == 404


def test_discussion_tells_of_its_feeds(client: Client) -> None:
    comment = CommentFactory()
    report = comment.discussion.article.get_absolute_url()
    for address in (report, f"{report}comments/"):
        page = client.get(address).content.decode()
        for kind, form in (("rss+xml", ""), ("atom+xml", "atom/"), ("feed+json", "json/")):
            assert re.search(
                rf'type="application/{re.escape(kind)}" title="Comments on [^"]+"'
                rf' href="{report}comments/feed/{form}">',
                page,
            ), (address, kind)
        assert f'href="{report}comments/feed/">RSS<' in page  # for readers, too
    none = DiscussionFactory(state="none").article.get_absolute_url()
    assert "comments/feed/" not in client.get(none).content.decode()


@pytest.mark.parametrize("form", ["", "atom/", "json/"])
def test_every_change_of_a_discussion_is_sent(form: str) -> None:
    """What is approved late, edited or removed, too: the feed must not go on showing it."""
    client = Site()
    discussion = DiscussionFactory()
    first, second = (CommentFactory(discussion=discussion) for _ in range(2))
    late = CommentFactory(discussion=discussion, status="held")
    moderator = UserFactory(is_superuser=True)
    address = f"{discussion.article.get_absolute_url()}comments/feed/{form}"
    feed = client.get(address)

    def changed() -> bool:
        nonlocal feed
        headers = {"If-None-Match": feed["ETag"]}
        if modified := feed.get("Last-Modified"):
            headers["If-Modified-Since"] = modified
        codes = {
            client.get(address, headers={name: value}).status_code
            for name, value in headers.items()
        }
        assert len(codes) == 1, codes
        feed = client.get(address)
        return codes == {200}

    assert not changed()
    approve_comment(comment=late, by=moderator)
    assert changed()
    assert late.body in feed.content.decode()
    edit_comment(comment=first, body="Put better.", guest_id=first.guest_id)
    assert changed()
    first.refresh_from_db()
    if form:
        assert f"{first.edited_at:%Y-%m-%dT%H:%M:%S}" in feed.content.decode()
    remove_comment(comment=second, by=moderator)
    assert changed()
    assert second.body not in feed.content.decode()
    assert not changed()


# Conditional requests -------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["", "atom/", "json/"])
def test_unchanged_feed_is_not_sent_again(form: str) -> None:
    client = Site()
    ArticleFactory()
    first = client.get(f"/feed/{form}")
    again = {"If-None-Match": first["ETag"]}
    since = {"If-Modified-Since": first["Last-Modified"]}
    for headers in (again, since, again | since):
        assert client.get(f"/feed/{form}", headers=headers).status_code == 304
    head = client.head(f"/feed/{form}")
    assert head.status_code == 200
    assert head["Last-Modified"] == first["Last-Modified"]


def test_every_change_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit, a scheduled report's minute, a correction and a withdrawal, each a minute later."""
    client = Site()
    now = timezone.now()

    def later(minutes: int) -> None:
        at = now + datetime.timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda: at)

    def changed(since: Any) -> bool:
        both = {"If-None-Match": since["ETag"], "If-Modified-Since": since["Last-Modified"]}
        only_time = {"If-Modified-Since": since["Last-Modified"]}
        codes = {client.get("/feed/", headers=h).status_code for h in (both, only_time)}
        assert len(codes) == 1, codes
        return codes == {200}

    ArticleFactory(published_at=now - datetime.timedelta(days=1))
    newest = ArticleFactory(published_at=now - datetime.timedelta(hours=1))
    ArticleFactory(
        status=Status.SCHEDULED, published_at=now + datetime.timedelta(minutes=5), headline="Due"
    )
    feed = client.get("/feed/")
    assert not changed(feed)
    later(5)
    assert changed(feed)
    feed = client.get("/feed/")
    assert b"Due" in feed.content
    later(10)
    newest.lede = "Another"
    newest.save()
    assert changed(feed)
    feed = client.get("/feed/")
    later(15)
    issue_correction(article=newest, kind="correction", text="It was May.", by=None)
    assert changed(feed)
    feed = client.get("/feed/")
    later(20)
    withdraw_article(article=newest, by=None, notice="Wrong.")
    assert changed(feed)


# Sitemaps -------------------------------------------------------------------------------------


def test_sitemaps_keep_the_rules(client: Client, filed: Article) -> None:
    index = etree.fromstring(client.get("/sitemap.xml").content)
    SITEMAP_GRAMMAR.assertValid(index)
    for address in index.iter("{*}loc"):
        response = client.get(str(address.text))
        assert response.status_code == 200
        SITEMAP_GRAMMAR.assertValid(etree.fromstring(response.content))
    assert filed.get_absolute_url().encode() in client.get("/sitemap-articles.xml").content


def test_news_sitemap_holds_two_days(client: Client, filed: Article) -> None:
    Publication.objects.create(pk=1, name=NASTY)
    old = timezone.now() - datetime.timedelta(days=2, minutes=1)
    ArticleFactory(published_at=old, slug="old")
    ArticleFactory(draft=True, slug="draft")
    ArticleFactory(status=Status.WITHDRAWN, published_at=timezone.now(), slug="withdrawn")
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    ArticleFactory(status=Status.SCHEDULED, published_at=tomorrow, slug="tomorrow")
    response = client.get("/news-sitemap.xml")
    assert response["Content-Type"].startswith("application/xml")
    root = etree.fromstring(response.content)
    NEWS_SITEMAP_GRAMMAR.assertValid(root)
    assert [str(e.text) for e in root.iter("{*}loc")] == [f"{HOST}{filed.get_absolute_url()}"]
    assert [e.text for e in root.iter(f"{{{NEWS}}}language")] == ["ar"]


def test_empty_news_sitemap_keeps_the_rules(client: Client) -> None:
    NEWS_SITEMAP_GRAMMAR.assertValid(etree.fromstring(client.get("/news-sitemap.xml").content))


def test_news_sitemap_ends_at_a_thousand(client: Client) -> None:
    section = SectionFactory()
    Article.objects.bulk_create(
        Article(
            headline=f"N {n}", slug=f"n-{n}", section=section, status=Status.PUBLISHED,
            published_at=timezone.now(),
        )
        for n in range(1_005)
    )  # fmt: skip
    root = etree.fromstring(client.get("/news-sitemap.xml").content)
    assert len(root) == 1_000


def test_robots_name_both_sitemaps(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {HOST}/sitemap.xml" in text
    assert f"Sitemap: {HOST}/news-sitemap.xml" in text


# Structured data ------------------------------------------------------------------------------


def data_of(client: Client, article: Article) -> dict[str, Any]:
    page = client.get(article.get_absolute_url()).content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 1
    data: dict[str, Any] = json.loads(found[0])
    return data


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_of_report_is_described_as_search_engines_ask(
    client: Client, filed: Article, kind: str
) -> None:
    Article.objects.update(kind=kind)
    data = data_of(client, filed)
    check_news_article(data)
    expected = {"opinion": "OpinionNewsArticle", "analysis": "AnalysisNewsArticle"}
    assert data["@type"] == expected.get(kind, "NewsArticle")
    assert data["isPartOf"]["name"] == filed.series.name  # type: ignore[union-attr]
    assert len(data["image"]) == 1
    check_news_article(data_of(client, ArticleFactory(headline="", lede="", kind=kind)))


def test_script_cannot_end_early(client: Client) -> None:
    article = ArticleFactory(headline="</script><script>alert(1)</script>")
    assert data_of(client, article)["headline"] == "</script><script>alert(1)</script>"

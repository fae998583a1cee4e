"""The report's page, the front page and the lists: what stands on them."""

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from articles.front_page import front_page
from articles.models import Image, Status
from tests.articles.factories import ArticleFactory, AuthorFactory, SectionFactory, SeriesFactory
from tests.donations.factories import CampaignFactory, MethodFactory

pytestmark = pytest.mark.django_db


def soup_of(address: str) -> BeautifulSoup:
    answer = Client().get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def test_article_page_has_what_outside_checks_look_for() -> None:
    MethodFactory()
    CampaignFactory()
    soup = soup_of(ArticleFactory().get_absolute_url())
    assert soup.select_one("article#article")
    assert soup.select_one("section#comments")
    assert len(soup.select(".support-box")) == 2
    assert soup.select_one(".donation-meter [role=progressbar]")


def test_scheduled_report_appears_by_the_clock_alone() -> None:
    article = ArticleFactory(
        status=Status.SCHEDULED, published_at=timezone.now() + timedelta(hours=1)
    )
    assert Client().get(article.get_absolute_url()).status_code == 404
    article.published_at = timezone.now() - timedelta(seconds=1)
    article.save()
    assert Client().get(article.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("headline", "shown"),
    [
        ("Plain <em>markup</em> & more", "Plain <em>markup</em> & more"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("x" * 500, "x" * 500),
        ("Ahoy 🛳️ ahoy", "Ahoy 🛳️ ahoy"),
    ],
)
def test_odd_headlines_are_text(headline: str, shown: str) -> None:
    article = ArticleFactory(headline=headline)
    for address in (article.get_absolute_url(), "/", article.section.get_absolute_url()):
        soup = soup_of(address)
        assert shown in soup.get_text()
        assert not soup.find("script", string="alert(1)")


def test_report_without_headline_has_a_name_to_click() -> None:
    article = ArticleFactory(headline="")
    soup = soup_of("/")
    link = soup.select_one(f"a[href='{article.get_absolute_url()}']:not([aria-hidden])")
    assert link is not None
    assert link.get_text().startswith("Untitled, ")


def test_right_to_left_report_says_so() -> None:
    soup = soup_of(ArticleFactory(language="ar").get_absolute_url())
    assert soup.html is not None
    assert (soup.html["lang"], soup.html["dir"]) == ("ar", "rtl")


def test_opinion_is_labelled_and_a_report_is_not() -> None:
    opinion = soup_of(ArticleFactory(kind="opinion").get_absolute_url())
    report = soup_of(ArticleFactory().get_absolute_url())
    assert opinion.select_one("#article .kind--opinion")
    assert not report.select_one("#article .kind")


def test_series_leads_to_the_parts_around() -> None:
    series = SeriesFactory()
    parts = [ArticleFactory(series=series, series_part=n) for n in (1, 2, 3)]
    ArticleFactory(series=series, series_part=4, draft=True)
    soup = soup_of(parts[1].get_absolute_url())
    assert soup.select_one("a[rel=prev]")["href"] == parts[0].get_absolute_url()  # type: ignore[index]
    assert soup.select_one("a[rel=next]")["href"] == parts[2].get_absolute_url()  # type: ignore[index]
    assert not soup_of(parts[2].get_absolute_url()).select("a[rel=next]")


def test_structured_data_is_complete_and_cannot_break_out() -> None:
    author = AuthorFactory(name="Ada </script><b>")
    article = ArticleFactory(headline="A </script><script>alert(1)</script>", authors=[author])
    html = Client().get(article.get_absolute_url()).content.decode()
    raw = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
    data = json.loads(raw)
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == article.headline
    assert data["author"][0]["name"] == author.name
    assert data["datePublished"].startswith(article.published_at.date().isoformat())
    for key in ("url", "dateModified", "publisher", "inLanguage", "articleSection"):
        assert data[key]


def test_picture_shows_its_sizes_only_once_they_are_made(settings) -> None:
    image = Image.objects.create(
        file="images/x.jpg", width=1600, height=1000, alt="A ferry", focal_x=20, focal_y=80
    )
    article = ArticleFactory(lead_image=image)
    soup = soup_of(article.get_absolute_url())
    picture = soup.select_one("#article figure img")
    assert picture is not None
    assert (picture["alt"], picture["width"], picture["height"]) == ("A ferry", "1600", "1000")
    assert picture["fetchpriority"] == "high"
    assert {"focal-x-2", "focal-y-8"} <= set(picture["class"])
    assert not soup.select("#article source")
    Image.objects.update(has_renditions=True)
    kinds = [
        s["type"] for s in soup_of(article.get_absolute_url()).select("#article figure source")
    ]
    assert kinds == ["image/avif", "image/webp"]


def test_picture_without_its_file_leaves_a_captioned_place() -> None:
    image = Image.objects.create(alt="A lost ferry", caption="From 1931.")
    soup = soup_of(ArticleFactory(lead_image=image).get_absolute_url())
    figure = soup.select_one("#article figure")
    assert figure is not None
    assert "A lost ferry" in figure.get_text()
    assert "From 1931." in figure.get_text()
    assert not figure.select("img")


def test_front_page_shows_no_report_twice() -> None:
    sections = [SectionFactory() for _ in range(4)]
    for n in range(50):
        ArticleFactory(section=sections[n % 4], kind="opinion" if n % 7 == 0 else "report")
    page = front_page()
    assert page.lead
    shown = [page.lead, *page.top, *page.opinion, *page.latest]
    for _section, stories in page.strips:
        shown += stories
    assert len(shown) == len({a.pk for a in shown})
    assert len(shown) > 30


def test_front_page_costs_the_same_however_much_there_is(django_assert_max_num_queries) -> None:
    for n in range(40):
        ArticleFactory(authors=[AuthorFactory()], kind="opinion" if n % 5 == 0 else "report")
    with django_assert_max_num_queries(6):
        Client().get("/")


def test_list_pages_by_keyset_and_shows_each_once() -> None:
    section = SectionFactory()
    same_time = timezone.now() - timedelta(days=1)
    for _ in range(45):
        ArticleFactory(section=section, published_at=same_time)
    address, seen = section.get_absolute_url(), []
    while address:
        soup = soup_of(address)
        seen += [a["href"] for a in soup.select(".card__headline a")]
        more = soup.select_one("a[rel=next]")
        address = f"{section.get_absolute_url()}{more['href']}" if more else ""
    assert len(seen) == len(set(seen)) == 45


def test_archive_follows_the_publications_time_zone() -> None:
    from articles.models import Publication

    Publication(pk=1, time_zone="Pacific/Auckland").save()
    when = timezone.datetime(2026, 1, 31, 20, tzinfo=timezone.get_fixed_timezone(0))
    article = ArticleFactory(published_at=when, headline="Already February there")
    assert article.headline in Client().get("/archive/2026/2/").content.decode()
    assert article.headline not in Client().get("/archive/2026/1/").content.decode()


def test_identity_changes_show_at_once() -> None:
    from articles.models import Publication

    Publication(pk=1, name="The Ledger", accent_colour="#116644").save()
    html = Client().get("/").content.decode()
    assert "The Ledger" in html
    assert "/identity-116644.css" in html
    assert "#116644" in Client().get("/identity-116644.css").content.decode()


@pytest.mark.parametrize("colour", ["ffff00", "ffffff", "000000", "808080", "9b2226"])
def test_accent_is_made_readable(colour: str) -> None:
    from articles.colours import DARK_PAPER, LIGHT_PAPER, contrast, readable_accents

    accents = readable_accents(colour)
    for accent, ground in ((accents.on_light, LIGHT_PAPER), (accents.on_dark, DARK_PAPER)):
        red, green, blue = bytes.fromhex(accent.removeprefix("#"))
        assert contrast((red, green, blue), ground) >= 4.5


def test_feed_carries_the_full_text_and_is_well_formed() -> None:
    from lxml import etree

    ArticleFactory(
        headline="A & B <c>", body="<p>Whole <em>text</em>.</p>", authors=[AuthorFactory()]
    )
    ArticleFactory(draft=True, headline="Hidden")
    rss = etree.fromstring(Client().get("/feed/").content)
    assert rss.findtext("channel/item/title") == "A & B <c>"
    content = rss.findtext("channel/item/{http://purl.org/rss/1.0/modules/content/}encoded")
    assert content == "<p>Whole <em>text</em>.</p>"
    assert len(rss.findall("channel/item")) == 1
    atom = etree.fromstring(Client().get("/feed/atom/").content)
    names = {"a": "http://www.w3.org/2005/Atom"}
    assert atom.findtext("a:entry/a:content", namespaces=names) == content


def test_sitemap_lists_what_is_public() -> None:
    article, draft = ArticleFactory(), ArticleFactory(draft=True)
    assert b"sitemap-articles.xml" in Client().get("/sitemap.xml").content
    listed = Client().get("/sitemap-articles.xml").content.decode()
    assert article.get_absolute_url() in listed
    assert draft.get_absolute_url() not in listed

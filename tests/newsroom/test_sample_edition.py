"""The sample edition: as large as promised, whole, and loaded once."""

import datetime
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Q
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import User
from articles.models import (
    Article,
    Author,
    Correction,
    Image,
    MenuItem,
    Page,
    Publication,
    Section,
    Series,
    Tag,
)
from comments.counts import recount
from comments.models import Comment, Discussion, Vote
from donations.campaigns import past_drives
from donations.meter import meter_of
from donations.models import Campaign, DonationMethod, Gift, SupportText
from newsroom.sample_edition.load import load_sample_edition
from newsroom.sample_edition.manuscripts import read_manuscripts

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MORE_PAGES = ("/", "/donate/", "/pages/about/", "/pages/comment-rules/", "/search/?q=ferry")


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the edition's pictures."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module", autouse=True)
def edition(django_db_setup: None, django_db_blocker: Any, media: Path) -> Iterator[None]:
    """The edition, loaded once for all tests of this file and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=media):
            assert load_sample_edition()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def media_of_the_edition(plain_storage: None, media: Path, settings: Any) -> None:
    """Read the pictures where they were saved, and passwords as they were hashed."""
    settings.MEDIA_ROOT = media
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]


class Text(HTMLParser):
    """What is read of a body, found in another way than the loader does."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_edition_is_as_large_as_promised() -> None:
    assert Article.objects.published().count() >= 24
    assert Section.objects.count() == 5
    assert all(section.articles.count() >= 4 for section in Section.objects.all())
    assert sorted(Series.objects.annotate(n=Count("articles")).values_list("n", flat=True)) == [
        3,
        4,
    ]
    assert Author.objects.exclude(bio="").exclude(role="").count() == 6
    assert Tag.objects.count() >= 15
    assert Image.objects.exclude(file="").exclude(alt="").count() >= 18
    kinds = set(Article.objects.values_list("kind", flat=True))
    assert kinds == {"report", "analysis", "opinion", "live", "video"}
    assert {"ar", "es"} < set(Article.objects.values_list("language", flat=True))


def test_every_report_is_whole() -> None:
    for article in Article.objects.all():
        assert article.headline, article.slug
        assert article.lede, article.slug
        assert article.section_id, article.slug
        assert article.bylines.exists(), article.slug
        assert article.tags.exists(), article.slug
        assert len(Text(article.body).text.split()) >= 90, article.slug
        left_over = [m for m in ("{", "¶", "](", "**", "| --") if m in article.body]
        assert left_over == [], article.slug
        assert "{" not in article.headline


def test_it_looks_like_today() -> None:
    times = sorted(Article.objects.values_list("published_at", flat=True))
    now = timezone.now()
    assert now - times[-1] < datetime.timedelta(minutes=30)
    assert datetime.timedelta(days=20) < now - times[0] < datetime.timedelta(days=40)
    assert not Article.objects.filter(
        Q(updated_at__gt=now) | Q(updated_at__lte=F("published_at"))
    ).exists()
    diary = Article.objects.filter(series__name="Harbour Diary")
    for article in diary:
        assert f"{article.published_at:%B %Y}" in article.headline


def test_the_pictures_are_all_different_and_in_the_library(media: Path) -> None:
    files = [(media / image.file.name).read_bytes() for image in Image.objects.all()]
    assert len(set(files)) == len(files)
    for image in Image.objects.all():
        assert (image.width, image.height) == (1600, 1000)
        assert image.credit


def test_the_threads_live() -> None:
    approved = Comment.objects.approved()
    assert approved.count() >= 300
    assert Comment.objects.filter(status="held").count() == 5
    assert Comment.objects.filter(status="spam").count() == 1
    assert max(approved.values_list("depth", flat=True)) >= 7
    counts = Counter(approved.values_list("discussion__article", flat=True))
    assert max(counts.values()) >= 80
    assert sum(number >= 5 for number in counts.values()) >= 12
    assert approved.filter(user__author__isnull=False).exists()
    assert approved.filter(user__email="moderator@example.org").exists()


def test_nothing_is_said_twice_in_one_discussion() -> None:
    said = Counter(Comment.objects.values_list("discussion", "body"))
    assert [text for text, number in said.items() if number > 1] == []


def test_every_comment_stands_in_its_time() -> None:
    now = timezone.now()
    for comment in Comment.objects.select_related("parent", "discussion__article"):
        assert comment.discussion.article.published_at < comment.created_at < now, comment
        if comment.parent:
            assert comment.parent.created_at < comment.created_at, comment
            assert comment.parent.discussion_id == comment.discussion_id
            assert comment.depth == comment.parent.depth + 1
            assert comment.root_id == (comment.parent.root_id or comment.parent_id)


def test_quotes_are_in_the_report() -> None:
    quoting = Comment.objects.exclude(quote_exact="").select_related("discussion__article")
    assert quoting.count() >= 20
    for comment in quoting:
        passage = comment.quote_prefix + comment.quote_exact + comment.quote_suffix
        assert passage in Text(comment.discussion.article.body).text, comment


def test_the_counts_equal_the_rows() -> None:
    assert Vote.objects.count() > 2000
    assert not any(recount().values())
    scores = {c.body: c.score for c in Comment.objects.approved()}
    for manuscript in read_manuscripts("reports"):
        for line in manuscript.comments:
            if line.status == "approved":
                assert scores[line.text] == line.votes, line
    assert Discussion.objects.count() == Article.objects.count()


def test_the_drive_reads_100_of_5000_dollars() -> None:
    meter = meter_of(Campaign.objects.running().with_raised().get())
    assert meter.text.startswith("$100 of $5,000 raised")
    assert meter.label == f"{timezone.localdate():%B %Y}".upper()
    assert Gift.objects.pending().count() == 1
    past = past_drives()
    assert len(past) == 2
    assert all(month.raised_minor > 0 for month in past)
    assert set(DonationMethod.objects.values_list("kind", flat=True)) == {
        "paypal", "page", "patreon", "bank", "crypto",
    }  # fmt: skip
    for method in DonationMethod.objects.all():
        assert "example" in (method.url + method.details).lower() or method.url == "/donate/"
    assert SupportText.objects.filter(language="").count() == 3


def test_the_publication_has_its_menus_pages_and_people() -> None:
    publication = Publication.current()
    assert publication.name == "The Meridian Ledger"
    assert len(publication.social_link_pairs) == 2
    assert MenuItem.objects.filter(menu="header").count() == 5
    assert MenuItem.objects.filter(menu="footer").count() == 4
    assert Page.objects.count() == 4
    for name, is_staff in (("editor", True), ("moderator", True), ("reader", False)):
        user = User.objects.get(email=f"{name}@example.org")
        assert user.check_password("demo")
        assert user.is_staff == is_staff
    editor = User.objects.get(email="editor@example.org")
    assert editor.has_perm("articles.publish_article")
    assert editor.has_perm("articles.change_publication")
    assert not editor.is_superuser
    assert Client().login(email="reader@example.org", password="demo")


def test_every_page_and_link_of_it_answers() -> None:
    addresses = {item.url for item in MenuItem.objects.all()} | set(MORE_PAGES)
    for model in (Article, Author, Series, Tag, Page):
        addresses |= {row.get_absolute_url() for row in model.objects.all()}
    client = Client()
    for address in sorted(addresses):
        assert client.get(address).status_code == 200, address


def test_a_second_load_adds_nothing() -> None:
    before = [m.objects.count() for m in (Article, Comment, Vote, Gift, User, Image, MenuItem)]
    assert load_sample_edition() is False
    said = StringIO()
    call_command("load_sample_edition", stdout=said)
    assert "nothing was loaded" in said.getvalue()
    after = [m.objects.count() for m in (Article, Comment, Vote, Gift, User, Image, MenuItem)]
    assert after == before


def test_record_has_every_kind_of_correction_and_changes_to_compare(client: Client) -> None:
    assert set(Correction.objects.values_list("kind", flat=True)) == set(Correction.Kind.values)
    page = client.get("/articles/rent-index/changes/").content.decode()
    assert "<del>three</del><ins>four</ins>" in page

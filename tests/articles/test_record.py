"""The public record: corrections, what readers were shown, and what changed in it."""

import datetime
import json
import re
from typing import Any

import feedparser
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from articles.corrections import issue_correction
from articles.models import Article, Correction, Status
from articles.public_record import public_versions
from articles.revisions import keep_revision
from articles.workflow import publish_article, schedule_article, withdraw_article
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory, AuthorFactory
from tests.articles.test_admin_articles import change_url, form_of_article, log_in

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: self.time)

    def advance(self, hours: float) -> datetime.datetime:
        self.time += hours * HOUR
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def rewrite(article: Article, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    keep_revision(article=article, by=None, reason="Edited")


# Corrections ----------------------------------------------------------------------------------


def test_correction_stands_on_the_report_in_the_list_in_the_feed_and_in_the_data(
    client: Client,
) -> None:
    article = ArticleFactory(headline="The bridge")
    correction = issue_correction(
        article=article,
        kind="correction",
        text="It opened <in> May.",
        by=UserFactory(role="Editor"),
    )
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'id="correction-{correction.pk}"' in page
    assert "It opened &lt;in&gt; May." in page
    data = json.loads(re.search(r"ld\+json\">(.*?)</script>", page)[1])  # type: ignore[index]
    (entry,) = data["correction"]
    assert entry["@type"] == "CorrectionComment"
    assert entry["text"] == "It opened <in> May."
    assert entry["datePublished"] == correction.issued_at.isoformat()
    assert data["dateModified"] == correction.issued_at.isoformat()
    page = client.get("/corrections/").content.decode()
    assert f'href="{article.get_absolute_url()}#correction-{correction.pk}"' in page
    feed = feedparser.parse(client.get("/corrections/feed/").content)
    assert not feed.bozo
    assert feed.entries[0].title == "Correction: The bridge"


def test_retraction_stands_above_the_text(client: Client) -> None:
    article = ArticleFactory(body="<p>What was claimed.</p>")
    issue_correction(article=article, kind="retraction", text="None of it holds.", by=None)
    page = client.get(article.get_absolute_url()).content.decode()
    assert page.index("None of it holds.") < page.index("What was claimed.")
    assert 'class="retraction"' in page


def test_correction_needs_the_right_a_published_report_a_kind_and_words() -> None:
    editor = UserFactory(role="Editor")
    public, draft = ArticleFactory(), ArticleFactory(draft=True)
    for role in ("Author", "Moderator", None):
        with pytest.raises(PermissionDenied):
            issue_correction(article=public, kind="correction", text="x", by=UserFactory(role=role))
    for article, kind, text in (
        (draft, "correction", "x"), (public, "gossip", "x"), (public, "correction", " \n"),
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            issue_correction(article=article, kind=kind, text=text, by=editor)
    assert not Correction.objects.exists()
    public.refresh_from_db()
    assert public.updated_at is None


def test_editor_issues_a_correction_on_the_desk_and_cannot_change_it(client: Client) -> None:
    editor = log_in(client, "Editor")
    article = ArticleFactory()
    add = "/admin/articles/correction/add/"
    assert (
        f'value="{article.pk}" selected'
        in client.get(f"{add}?article={article.pk}").content.decode()
    )
    fields = {"article": article.pk, "kind": "clarification", "text": "Both of them."}
    client.post(add, fields)
    correction = Correction.objects.get()
    assert (correction.kind, correction.issued_by) == ("clarification", editor)
    page = f"/admin/articles/correction/{correction.pk}/change/"
    assert client.get(page).status_code == 200
    assert client.post(page, fields | {"text": "Neither."}).status_code == 403
    delete = f"/admin/articles/correction/{correction.pk}/delete/"
    assert client.post(delete, {"post": "yes"}).status_code == 403
    correction.refresh_from_db()
    assert correction.text == "Both of them."


def test_correction_of_a_draft_is_refused_on_the_desk_with_the_text(client: Client) -> None:
    log_in(client, "Editor")
    draft = ArticleFactory(draft=True)
    fields = {"article": draft.pk, "kind": "update", "text": "My words"}
    response = client.post("/admin/articles/correction/add/", fields)
    assert "Readers have not seen this report" in response.content.decode()
    assert "My words" in response.content.decode()
    assert not Correction.objects.exists()


def test_list_pages_by_keyset_and_filters_by_kind(client: Client, clock: Clock) -> None:
    article = ArticleFactory()
    for number in range(45):
        clock.advance(1 if number % 3 else 0)  # some at the same time
        kind = "update" if number % 2 else "correction"
        issue_correction(article=article, kind=kind, text=f"Entry {number}.", by=None)

    def walk(query: str) -> list[str]:
        found, address = [], f"/corrections/{query}"
        while address:
            page = client.get(address).content.decode()
            found += re.findall(r"Entry \d+\.", page)
            link = re.search(r'href="(\?[^"]*after=[^"]+)"', page)
            address = f"/corrections/{link[1].replace('&amp;', '&')}" if link else ""
        return found

    assert walk("") == [f"Entry {number}." for number in reversed(range(45))]
    assert walk("?kind=update") == [f"Entry {n}." for n in reversed(range(45)) if n % 2]


@pytest.mark.parametrize("query", ["?after=x", "?kind=gossip", "?after=%00", "?after=" + "9" * 500])
def test_odd_query_of_the_list_is_no_error(client: Client, query: str) -> None:
    assert client.get(f"/corrections/{query}").status_code in {200, 400}


def test_correction_of_a_draft_that_was_never_public_is_nowhere(client: Client) -> None:
    draft = ArticleFactory(draft=True)
    Correction.objects.create(article=draft, text="Secret words")
    assert "Secret words" not in client.get("/corrections/").content.decode()
    assert b"Secret words" not in client.get("/corrections/feed/").content


def test_correction_of_a_withdrawn_report_stays_on_record(client: Client) -> None:
    article = ArticleFactory()
    issue_correction(article=article, kind="retraction", text="None of it holds.", by=None)
    withdraw_article(article=article, by=None, notice="Withdrawn for good reason.")
    page = client.get("/corrections/").content.decode()
    assert "None of it holds." in page
    assert f'href="{article.get_absolute_url()}' not in page


def test_empty_list_says_so(client: Client) -> None:
    assert "There is nothing here" in client.get("/corrections/").content.decode()


# Versions -------------------------------------------------------------------------------------


def test_versions_are_what_readers_were_shown(clock: Clock) -> None:
    article = ArticleFactory(draft=True, body="<p>Draft.</p>")
    rewrite(article, body="<p>Second draft.</p>")
    at = clock.advance(1)
    publish_article(article=article, by=None)
    clock.advance(1)
    rewrite(article, section=ArticleFactory().section)  # filed elsewhere, says the same
    second = clock.advance(1)
    rewrite(article, body="<p>Mended.</p>")
    clock.advance(1)
    versions = public_versions(article)
    assert [(v.number, v.seen_at) for v in versions] == [(1, at), (2, second)]
    bodies = [article.history.get(history_id=v.revision).body for v in versions]
    assert bodies == ["<p>Second draft.</p>", "<p>Mended.</p>"]


def test_scheduled_text_counts_from_its_time_and_only_if_it_stood_then(clock: Clock) -> None:
    article = ArticleFactory(draft=True, body="<p>Early.</p>")
    due = clock.time + 5 * HOUR
    schedule_article(article=article, by=None, at=due)
    clock.advance(1)
    rewrite(article, body="<p>Late.</p>")  # before its time: nobody saw the early one
    assert public_versions(article) == []
    clock.advance(5)  # no worker looked
    (version,) = public_versions(article)
    assert version.seen_at == due
    assert article.history.get(history_id=version.revision).body == "<p>Late.</p>"


def test_first_edit_of_a_report_from_an_import_makes_two_versions(client: Client) -> None:
    log_in(client, "Editor")
    article = ArticleFactory(lede="Old")
    assert public_versions(article) == []
    client.post(change_url(article), form_of_article(article, lede="New"))
    assert len(public_versions(article)) == 2


def test_another_byline_is_another_version(clock: Clock) -> None:
    article = ArticleFactory(authors=[AuthorFactory()])
    keep_revision(article=article, by=None)
    clock.advance(1)
    article.bylines.all().delete()
    keep_revision(article=article, by=None)
    assert len(public_versions(article)) == 2


def test_versions_cost_one_query(django_assert_num_queries: Any) -> None:
    article = ArticleFactory()
    for number in range(20):
        rewrite(article, lede=f"Lede {number}")
    with django_assert_num_queries(1):
        assert len(public_versions(article)) == 20


# What changed ---------------------------------------------------------------------------------


@pytest.fixture
def changed(clock: Clock) -> Article:
    article: Article = ArticleFactory(draft=True, body="<p>It opens in May.</p>")
    publish_article(article=article, by=None)
    for month in ("June", "July"):
        clock.advance(1)
        rewrite(article, body=f"<p>It opens in {month}.</p>")
    clock.advance(1)
    return article


def changes(article: Article, query: str = "") -> str:
    return f"{article.get_absolute_url()}changes/{query}"


def test_reader_sees_what_changed_between_any_two_versions(
    client: Client, changed: Article
) -> None:
    page = client.get(changes(changed)).content.decode()
    assert "opens in <del>June</del><ins>July</ins>" in page
    for query in ("?from=1&to=3", "?from=3&to=1"):
        page = client.get(changes(changed, query)).content.decode()
        assert "opens in <del>May</del><ins>July</ins>" in page
    assert "say the same" in client.get(changes(changed, "?from=2&to=2")).content.decode()


@pytest.mark.parametrize("query", ["?from=0", "?to=4", "?from=x", "?to=-1", "?from=" + "9" * 40])
def test_no_such_version(client: Client, changed: Article, query: str) -> None:
    assert client.get(changes(changed, query)).status_code == 404


def test_page_is_public_and_costs_the_same(
    client: Client, changed: Article, django_assert_max_num_queries: Any
) -> None:
    response = client.get(changes(changed))
    assert "public" in response["Cache-Control"]
    with django_assert_max_num_queries(11):
        client.get(changes(changed))
    for number in range(20):
        rewrite(changed, lede=f"Lede {number}")
    with django_assert_max_num_queries(11):
        client.get(changes(changed))


def test_unchanged_report_says_so_and_is_not_linked(client: Client) -> None:
    article = ArticleFactory()
    assert "Nothing has changed since" in client.get(changes(article)).content.decode()
    assert "/changes/" not in client.get(article.get_absolute_url()).content.decode()


def test_changed_report_links_its_changes(client: Client, changed: Article) -> None:
    page = client.get(changed.get_absolute_url()).content.decode()
    assert f'href="{changes(changed)}"' in page


def test_draft_text_never_shows(client: Client) -> None:
    article = ArticleFactory(draft=True, body="<p>Secret draft.</p>")
    rewrite(article, lede="x")
    assert client.get(changes(article)).status_code == 404
    rewrite(article, body="<p>For everyone.</p>")
    publish_article(article=article, by=None)
    rewrite(article, body="<p>For everyone, mended.</p>")
    for query in ("", "?from=1&to=2"):
        assert "Secret" not in client.get(changes(article, query)).content.decode()


def test_withdrawn_report_is_gone_with_its_changes(client: Client, changed: Article) -> None:
    withdraw_article(article=changed, by=None, notice="We had it wrong.")
    for address in (changed.get_absolute_url(), changes(changed)):
        response = client.get(address)
        assert response.status_code == 410
        assert "We had it wrong." in response.content.decode()
        assert "It opens in" not in response.content.decode()
    publish_article(article=changed, by=None)
    assert Article.objects.get().status == Status.PUBLISHED
    assert client.get(changed.get_absolute_url()).status_code == 200

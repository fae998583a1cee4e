"""The desk: who sees and edits which report, and the buttons that bring it before readers."""

import datetime
import zoneinfo
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Publication, Status
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory, AuthorFactory, SectionFactory, TagFactory

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"
SCRIPT = "<script>alert(1)</script>"


def change_url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def form_of(**changes: Any) -> dict[str, Any]:
    """Return what a browser would send of a filled form."""
    fields = {
        "headline": "The harbour counts its ships", "slug": "harbour", "lede": "",
        "body": "<p>A</p>",
        "kind": "report", "language": "en", "dateline": "", "key_points": "",
        "schedule_at_0": "", "schedule_at_1": "", "updated_at_0": "", "updated_at_1": "",
        "embargo_until_0": "", "embargo_until_1": "",
        "bylines-TOTAL_FORMS": "0", "bylines-INITIAL_FORMS": "0",
        "discussion-TOTAL_FORMS": "0", "discussion-INITIAL_FORMS": "0",
    }  # fmt: skip
    return fields | changes


def form_of_article(article: Article, **changes: Any) -> dict[str, Any]:
    fields = {
        "headline": article.headline, "slug": article.slug, "section": article.section_id,
        "lede": article.lede, "body": article.body, "version": article.version,
        "bylines-TOTAL_FORMS": article.bylines.count(),
        "bylines-INITIAL_FORMS": article.bylines.count(),
    }  # fmt: skip
    for number, byline in enumerate(article.bylines.all()):
        fields |= {
            f"bylines-{number}-id": byline.pk, f"bylines-{number}-article": article.pk,
            f"bylines-{number}-author": byline.author_id,
            f"bylines-{number}-position": byline.position,
        }  # fmt: skip
    return form_of(**fields | changes)


def log_in(client: Client, role: str) -> Any:
    user = UserFactory(role=role)
    client.force_login(user)
    return user


def messages_of(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_author_writes_a_draft_signed_with_their_name(client: Client) -> None:
    user = log_in(client, "Author")
    author = AuthorFactory(user=user)
    client.post(ADD, form_of(section=SectionFactory().pk))
    article = Article.objects.get()
    assert article.status == Status.DRAFT
    assert article.created_by == user
    assert list(article.authors.all()) == [author]


def test_bylines_keep_their_order(client: Client) -> None:
    log_in(client, "Editor")
    first, second = AuthorFactory(name="Zoe"), AuthorFactory(name="Ann")
    bylines = {
        "bylines-TOTAL_FORMS": "2",
        "bylines-0-author": first.pk, "bylines-0-position": "0",
        "bylines-1-author": second.pk, "bylines-1-position": "1",
    }  # fmt: skip
    client.post(ADD, form_of(section=SectionFactory().pk, **bylines))
    assert [b.author for b in Article.objects.get().bylines.all()] == [first, second]


def test_author_sees_their_own_drafts_and_what_readers_see(client: Client) -> None:
    user = log_in(client, "Author")
    own = ArticleFactory(draft=True, created_by=user)
    signed = ArticleFactory(draft=True, authors=[AuthorFactory(user=user)])
    other = ArticleFactory(draft=True)
    public = ArticleFactory()
    rows = client.get(LIST).context["cl"].queryset
    assert set(rows) == {own, signed, public}
    assert client.get(change_url(own)).status_code == 200
    assert client.get(change_url(other)).status_code == 302


def test_author_edits_neither_others_drafts_nor_their_own_once_published(client: Client) -> None:
    user = log_in(client, "Author")
    for article in (ArticleFactory(created_by=user), ArticleFactory(draft=True)):
        client.post(change_url(article), form_of_article(article, lede="Changed"))
        article.refresh_from_db()
        assert article.lede != "Changed"


@pytest.mark.parametrize("button", ["_publish", "_schedule"])
def test_author_has_no_button_and_cannot_press_it(client: Client, button: str) -> None:
    user = log_in(client, "Author")
    article = ArticleFactory(draft=True, created_by=user)
    page = client.get(change_url(article)).content.decode()
    assert f'name="{button}"' not in page
    assert "schedule_at" not in page
    client.post(change_url(article), form_of_article(article, **{button: "1"}))
    article.refresh_from_db()
    assert article.status == Status.DRAFT


def test_author_cannot_publish_in_bulk(client: Client) -> None:
    user = log_in(client, "Author")
    article = ArticleFactory(draft=True, created_by=user)
    client.post(LIST, {"action": "publish_selected", "_selected_action": [article.pk]})
    article.refresh_from_db()
    assert article.status == Status.DRAFT


def test_editor_publishes_from_the_form_of_a_new_report(client: Client) -> None:
    log_in(client, "Editor")
    response = client.post(ADD, form_of(section=SectionFactory().pk, _publish="1"), follow=True)
    article = Article.objects.get()
    assert article.is_public
    assert "Published" in messages_of(response)
    assert f'href="{article.get_absolute_url()}"' in response.content.decode()  # view on site


def test_unready_report_is_saved_but_not_published(client: Client) -> None:
    log_in(client, "Editor")
    fields = form_of(section=SectionFactory().pk, headline="", slug="x", _publish="1")
    response = client.post(ADD, fields, follow=True)
    assert Article.objects.get().status == Status.DRAFT
    assert "It has no headline." in messages_of(response)


def test_editor_schedules_in_the_publications_time_zone(client: Client) -> None:
    Publication.objects.create(pk=1, time_zone="Pacific/Auckland")
    log_in(client, "Editor")
    article = ArticleFactory(draft=True)
    day = timezone.now().date() + datetime.timedelta(days=3)
    fields = form_of_article(
        article, schedule_at_0=day.isoformat(), schedule_at_1="07:30", _schedule="1"
    )
    client.post(change_url(article), fields)
    article.refresh_from_db()
    assert article.status == Status.SCHEDULED
    expected = datetime.datetime.combine(
        day, datetime.time(7, 30), zoneinfo.ZoneInfo("Pacific/Auckland")
    )
    assert article.published_at == expected
    shown = client.get(change_url(article)).content.decode()
    assert 'value="07:30' in shown


@pytest.mark.parametrize("day", ["", "2001-01-01", "no day", "0000-00-00", "9999-99-99"])
def test_bad_time_is_refused_at_the_field_and_the_text_comes_back(client: Client, day: str) -> None:
    log_in(client, "Editor")
    article = ArticleFactory(draft=True)
    fields = form_of_article(
        article, lede="My words", schedule_at_0=day, schedule_at_1="07:30", _schedule="1"
    )
    response = client.post(change_url(article), fields)
    assert "schedule_at" in response.context["adminform"].form.errors
    assert "My words" in response.content.decode()
    article.refresh_from_db()
    assert (article.status, article.lede) == (Status.DRAFT, "What happened, in a sentence.")


def test_editor_publishes_in_bulk_what_is_ready(client: Client) -> None:
    log_in(client, "Editor")
    ready, unready = ArticleFactory(draft=True), ArticleFactory(draft=True, headline="")
    picked = {"action": "publish_selected", "_selected_action": [ready.pk, unready.pk]}
    response = client.post(LIST, picked, follow=True)
    assert set(Article.objects.published()) == {ready}
    assert "It has no headline." in messages_of(response)
    assert "1 report changed." in messages_of(response)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headline", "x" * 501),
        ("headline", "a\x00b"),
        ("slug", "a b"),
        ("slug", "<script>"),
        ("slug", ""),
        ("section", "999999"),
        ("series_part", "99999"),
        ("series_part", "-1"),
        ("kind", "gossip"),
        ("lead_image", "999999"),
        ("tags", "999999"),
    ],
)
def test_bad_field_is_refused_with_a_message(client: Client, field: str, value: str) -> None:
    log_in(client, "Editor")
    fields = form_of(section=SectionFactory().pk) | {field: value, "lede": "My words"}
    response = client.post(ADD, fields)
    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
    assert "My words" in response.content.decode()
    assert not Article.objects.exists()


def test_nul_in_a_body_is_refused_or_removed(client: Client) -> None:
    log_in(client, "Editor")
    client.post(ADD, form_of(section=SectionFactory().pk, body="<p>a\x00b</p>"))
    assert "\x00" not in "".join(Article.objects.values_list("body", flat=True))


def test_script_in_every_field_is_shown_as_text(client: Client) -> None:
    log_in(client, "Editor")
    section = SectionFactory(name=SCRIPT)
    TagFactory(name=SCRIPT)
    fields = form_of(section=section.pk, body=f"<p>x</p>{SCRIPT}", _publish="1")
    fields |= dict.fromkeys(["headline", "lede", "dateline", "key_points"], SCRIPT)
    response = client.post(ADD, fields, follow=True)
    article = Article.objects.get()
    assert article.body == "<p>x</p>"
    for address in (LIST, "/admin/", change_url(article), f"{change_url(article)[:-7]}delete/"):
        assert SCRIPT not in client.get(address).content.decode(), address
    assert SCRIPT not in response.content.decode()


def test_same_slug_twice_is_refused(client: Client) -> None:
    log_in(client, "Editor")
    article = ArticleFactory()
    response = client.post(ADD, form_of(section=article.section_id, slug=article.slug))
    assert "slug" in response.context["adminform"].form.errors


def test_first_page_shows_what_waits(client: Client) -> None:
    user = log_in(client, "Author")
    ArticleFactory(draft=True, headline="Mine to finish", created_by=user)
    ArticleFactory(draft=True, headline="Somebody else's")
    page = client.get("/admin/").content.decode()
    assert "Mine to finish" in page
    assert "Somebody else" not in page


def test_list_says_the_state_of_each(client: Client) -> None:
    log_in(client, "Editor")
    ArticleFactory()
    ArticleFactory(draft=True)
    page = BeautifulSoup(client.get(LIST).content, "html.parser")
    assert {cell.get_text(strip=True) for cell in page.select(".field-state")} == {
        "Draft", "Published",
    }  # fmt: skip


def test_list_costs_the_same_for_many_reports(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    log_in(client, "Editor")
    for _number in range(30):
        ArticleFactory()
    client.get(LIST)
    with django_assert_max_num_queries(15):
        client.get(LIST)


def test_desk_has_its_own_policy_and_may_frame_itself(client: Client) -> None:
    log_in(client, "Editor")
    response = client.get(ADD)
    policy = response["Content-Security-Policy"]
    assert "'nonce-" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    public = client.get("/accounts/email/")
    assert "unsafe" not in public["Content-Security-Policy"]
    assert public["X-Frame-Options"] == "DENY"

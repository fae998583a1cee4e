"""Previews: for the desk, and by a link for people without an account."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, PreviewLink
from articles.previews import create_preview_link, preview_path, revoke_preview_link
from articles.workflow import publish_article
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def article() -> Article:
    article: Article = ArticleFactory(draft=True, headline="Not yet for everyone")
    return article


def link_to(article: Article, lasts: datetime.timedelta = DAY) -> PreviewLink:
    return create_preview_link(article=article, by=UserFactory(role="Editor"), lasts=lasts)


def test_link_shows_the_draft_and_is_kept_and_indexed_by_nobody(
    client: Client, article: Article
) -> None:
    response = client.get(preview_path(link_to(article)))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Not yet for everyone" in page
    assert "Preview, not published (draft)" in page
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in page
    assert "application/ld+json" not in page
    assert "og:" not in page
    assert 'id="comments"' not in page
    assert response["Cache-Control"] == "private, no-store"
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert client.get(article.get_absolute_url()).status_code == 404


def test_link_ends(client: Client, article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_to(article)
    later = link.expires_at
    monkeypatch.setattr(timezone, "now", lambda: later)
    response = client.get(preview_path(link))
    assert response.status_code == 410
    assert "Not yet for everyone" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_link_is_revoked(client: Client, article: Article) -> None:
    link, other = link_to(article), link_to(article)
    revoke_preview_link(link)
    assert client.get(preview_path(link)).status_code == 410
    assert client.get(preview_path(other)).status_code == 200


def test_link_leads_to_the_report_once_it_is_public(client: Client, article: Article) -> None:
    link = link_to(article)
    publish_article(article=article, by=None)
    response = client.get(preview_path(link))
    assert response.status_code == 302
    assert response["Location"] == article.get_absolute_url()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("token", ["1", "1:abc", "x:y", ":", "9" * 400, "a%00b", "1:ü", "٣:x"])
def test_made_up_link_is_not_found(client: Client, article: Article, token: str) -> None:
    link_to(article)
    assert client.get(f"/preview/{token}/").status_code in {400, 404}


@pytest.mark.parametrize("lasts", [datetime.timedelta(0), -DAY, 31 * DAY])
def test_link_lasts_a_sensible_time(article: Article, lasts: datetime.timedelta) -> None:
    with pytest.raises(ValueError, match="thirty days"):
        link_to(article, lasts)


def test_editor_makes_and_revokes_a_link_on_the_desk(client: Client, article: Article) -> None:
    client.force_login(UserFactory(role="Editor"))
    page = reverse("admin:articles_article_previews", args=[article.pk])
    assert "There is no link yet" in client.get(page).content.decode()
    response = client.post(page, {"label": "The lawyer", "hours": "168"}, follow=True)
    link = PreviewLink.objects.get()
    assert "The lawyer" in response.content.decode()
    assert preview_path(link) in response.content.decode()
    assert abs(link.expires_at - link.created_at - 7 * DAY) < datetime.timedelta(seconds=1)
    assert Client().get(preview_path(link)).status_code == 200
    revoke = reverse("admin:articles_article_revoke_preview", args=[article.pk, link.pk])
    assert client.get(revoke).status_code == 404
    client.post(revoke)
    assert Client().get(preview_path(link)).status_code == 410


@pytest.mark.parametrize("hours", ["", "2", "-1", "x", "99999999"])
def test_odd_length_is_refused(client: Client, article: Article, hours: str) -> None:
    client.force_login(UserFactory(role="Editor"))
    page = reverse("admin:articles_article_previews", args=[article.pk])
    response = client.post(page, {"label": "Kept text", "hours": hours})
    assert response.status_code == 200
    assert "Kept text" in response.content.decode()
    assert not PreviewLink.objects.exists()


def test_link_of_another_report_is_not_revoked_through_this_one(
    client: Client, article: Article
) -> None:
    client.force_login(UserFactory(role="Editor"))
    link = link_to(ArticleFactory(draft=True))
    url = reverse("admin:articles_article_revoke_preview", args=[article.pk, link.pk])
    assert client.post(url).status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None


def test_author_lends_their_own_draft_only(client: Client, article: Article) -> None:
    user = UserFactory(role="Author")
    client.force_login(user)
    own = ArticleFactory(draft=True, created_by=user)
    for page, status in (("preview", 200), ("previews", 200)):
        assert client.get(reverse(f"admin:articles_article_{page}", args=[own.pk])).status_code == (
            status
        )
        url = reverse(f"admin:articles_article_{page}", args=[article.pk])
        assert client.get(url).status_code == 404


def test_desk_preview_is_private(client: Client, article: Article) -> None:
    client.force_login(UserFactory(role="Editor"))
    response = client.get(reverse("admin:articles_article_preview", args=[article.pk]))
    assert "Not yet for everyone" in response.content.decode()
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_embargo_is_told(client: Client) -> None:
    until = timezone.now() + DAY
    article = ArticleFactory(draft=True, embargo_until=until)
    assert "Under embargo until" in client.get(preview_path(link_to(article))).content.decode()

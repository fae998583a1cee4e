"""Several people at one report: locks, takeovers, stale saves, unsaved text."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import editing
from articles.models import Article, Autosave, EditLock, Status
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory
from tests.articles.test_admin_articles import ADD, change_url, form_of, form_of_article

pytestmark = pytest.mark.django_db


def address(name: str, article: Article) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def logged_in(role: str = "Editor", **fields: Any) -> tuple[Client, Any]:
    client, user = Client(), UserFactory(role=role, **fields)
    client.force_login(user)
    return client, user


# Locks ----------------------------------------------------------------------------------------


def test_second_editor_is_told_who_has_it_open_and_takes_over() -> None:
    article = ArticleFactory()
    (first, ann), (second, bob) = logged_in(display_name="Ann"), logged_in(display_name="Bob")
    assert first.get(change_url(article)).context["lock_of_another"] is None
    page = second.get(change_url(article))
    assert "Ann has this report open since" in page.content.decode()
    assert EditLock.objects.get().user == ann

    second.post(address("take_over", article))
    assert EditLock.objects.get().user == bob
    assert second.get(change_url(article)).context["lock_of_another"] is None
    answer = first.post(address("open", article)).json()
    assert answer["is_mine"] is False
    assert "Bob has this report open" in answer["said"]


def test_lock_lapses_when_its_page_is_no_longer_heard_of(monkeypatch: Any) -> None:
    article, ann, bob = ArticleFactory(), UserFactory(), UserFactory()
    editing.open_for_editing(article=article, user=ann)
    later = timezone.now() + editing.LAPSE
    monkeypatch.setattr(timezone, "now", lambda: later - datetime.timedelta(seconds=1))
    assert editing.open_for_editing(article=article, user=bob).user == ann
    monkeypatch.setattr(timezone, "now", lambda: later)
    lock = editing.open_for_editing(article=article, user=bob)
    assert (lock.user, lock.opened_at) == (bob, later)


def test_lock_that_is_heard_of_stays_and_says_since_when(monkeypatch: Any) -> None:
    article, ann, bob = ArticleFactory(), UserFactory(), UserFactory()
    since = editing.open_for_editing(article=article, user=ann).opened_at
    for beat in range(1, 6):
        at = since + beat * editing.LAPSE / 2
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        assert editing.open_for_editing(article=article, user=ann).opened_at == since
    assert editing.open_for_editing(article=article, user=bob).user == ann


def test_leaving_or_saving_closes_the_report() -> None:
    article = ArticleFactory()
    client, _user = logged_in()
    client.get(change_url(article))
    client.post(address("close", article))
    assert not EditLock.objects.exists()
    client.get(change_url(article))
    client.post(change_url(article), form_of_article(article, _save="1"))
    assert not EditLock.objects.exists()


def test_one_who_may_only_look_locks_nothing() -> None:
    article = ArticleFactory()
    client, _user = logged_in("Author")
    assert client.get(change_url(article)).status_code == 200
    assert not EditLock.objects.exists()
    for name in ("open", "close", "take_over", "autosave"):
        assert client.post(address(name, article)).status_code == 403


@pytest.mark.parametrize("name", ["open", "close", "take_over", "autosave"])
def test_looking_at_an_address_that_takes_posts_does_nothing(name: str) -> None:
    article = ArticleFactory()
    client, _user = logged_in()
    assert client.get(address(name, article)).status_code == 404
    assert not EditLock.objects.exists()


# Stale saves ----------------------------------------------------------------------------------


def test_stale_save_is_refused_with_both_texts_and_changes_nothing() -> None:
    article = ArticleFactory(headline="The bridge", body="<p>It opens in May.</p>")
    (first, _ann), (second, _bob) = logged_in(display_name="Ann"), logged_in()
    fields = form_of_article(article)
    first.post(change_url(article), fields | {"body": "<p>It opens in June.</p>"})
    response = second.post(change_url(article), fields | {"body": "<p>It opens in July.</p>"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Nothing was overwritten" in page
    assert "Saved by Ann" in page
    assert "June" in page
    assert "It opens in July." in page
    assert Article.objects.get().body == "<p>It opens in June.</p>"

    # Pressing save again does not do it either; the button that names the version seen does.
    second.post(change_url(article), fields | {"body": "<p>It opens in July.</p>"})
    assert Article.objects.get().body == "<p>It opens in June.</p>"
    assert 'name="_overwrite" value="1"' in page
    second.post(
        change_url(article), fields | {"body": "<p>It opens in July.</p>", "_overwrite": "1"}
    )
    assert Article.objects.get().body == "<p>It opens in July.</p>"
    bodies = [revision.body for revision in article.history.all()]
    assert bodies == [
        "<p>It opens in July.</p>", "<p>It opens in June.</p>", "<p>It opens in May.</p>",
    ]  # fmt: skip


def test_overwriting_a_third_version_is_refused_too() -> None:
    article = ArticleFactory()
    client, _user = logged_in()
    Article.objects.update(version=2)
    fields = form_of_article(article, _overwrite="1", lede="Mine")
    assert "Nothing was overwritten" in client.post(change_url(article), fields).content.decode()


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 40, "0\x00"])
def test_made_up_version_is_stale(version: str) -> None:
    article = ArticleFactory()
    client, _user = logged_in()
    fields = form_of_article(article, lede="Mine", version=version)
    assert "Nothing was overwritten" in client.post(change_url(article), fields).content.decode()


def test_state_that_changed_meanwhile_is_not_put_back() -> None:
    article = ArticleFactory(draft=True)
    client, _user = logged_in()
    fields = form_of_article(article, lede="A better lede")
    Article.objects.update(status=Status.PUBLISHED, published_at=timezone.now())
    client.post(change_url(article), fields)
    stored = Article.objects.get()
    assert (stored.lede, stored.status) == ("A better lede", Status.PUBLISHED)
    assert stored.published_at is not None


def test_saving_without_a_change_makes_no_revision() -> None:
    article = ArticleFactory()
    client, _user = logged_in()
    client.post(change_url(article), form_of_article(article))
    article.refresh_from_db()
    assert article.version == 0
    client.post(change_url(article), form_of_article(article, lede="Another"))
    article.refresh_from_db()
    assert (article.version, article.history.count()) == (1, 2)


# Unsaved text ---------------------------------------------------------------------------------


def test_unsaved_text_is_offered_shown_and_gone_once_saved() -> None:
    article = ArticleFactory(lede="Old")
    client, user = logged_in()
    typed = {"lede": "New", "body": "<p>x</p><script>1</script>", "version": "0", "slug": "no"}
    answer = client.post(address("autosave", article), typed)
    assert "Kept at" in answer.json()["said"]
    row = Autosave.objects.get()
    assert row.fields == {"lede": "New", "body": "<p>x</p>"}
    assert Article.objects.get().lede == "Old"

    page = client.get(change_url(article)).content.decode()
    assert "text of yours" in page
    assert ">New</textarea>" not in page
    page = client.get(f"{change_url(article)}?unsaved").content.decode()
    assert ">New</textarea>" in page
    client.post(change_url(article), form_of_article(article, lede="New"))
    assert not Autosave.objects.filter(user=user).exists()


def test_unsaved_text_typed_over_an_older_version_is_refused_with_the_difference() -> None:
    article = ArticleFactory(lede="Old")
    client, _user = logged_in()
    client.post(address("autosave", article), {"lede": "Mine", "version": "0"})
    Article.objects.update(lede="Theirs", version=1)
    page = client.get(f"{change_url(article)}?unsaved").content.decode()
    assert 'name="version" value="0"' in page
    article.refresh_from_db()
    fields = form_of_article(article, lede="Mine", version="0")
    assert "Nothing was overwritten" in client.post(change_url(article), fields).content.decode()


def test_unsaved_text_is_its_writers_alone() -> None:
    article = ArticleFactory()
    (first, _ann), (second, _bob) = logged_in(), logged_in()
    first.post(address("autosave", article), {"lede": "Mine alone", "version": "0"})
    assert "Mine alone" not in second.get(f"{change_url(article)}?unsaved").content.decode()


def test_new_report_is_kept_before_it_is_first_saved() -> None:
    client, _user = logged_in("Author")
    keep = reverse("admin:articles_article_autosave_new")
    client.post(keep, {"headline": "Half a thought"})
    assert not Article.objects.exists()
    assert "text of yours" in client.get(ADD).content.decode()
    assert "Half a thought" in client.get(f"{ADD}?unsaved").content.decode()
    client.post(keep, {"discard": "1"})
    assert "text of yours" not in client.get(ADD).content.decode()
    assert not Autosave.objects.exists()


def test_moderator_keeps_nothing() -> None:
    client, _user = logged_in("Moderator")
    keep = reverse("admin:articles_article_autosave_new")
    assert client.post(keep, {"headline": "x"}).status_code == 403


def test_text_that_says_what_the_report_says_is_not_offered() -> None:
    article = ArticleFactory(lede="One\nTwo")
    client, _user = logged_in()
    client.post(address("autosave", article), {"lede": "One\r\nTwo ", "version": "0"})
    assert "text of yours" not in client.get(change_url(article)).content.decode()


def test_first_save_of_a_report_has_version_one_and_a_revision() -> None:
    from tests.articles.factories import SectionFactory

    client, user = logged_in("Author")
    client.post(ADD, form_of(section=SectionFactory().pk))
    article = Article.objects.get()
    assert article.version == 1
    assert [r.history_user for r in article.history.all()] == [user]

"""Publishing: rights, readiness, times, and the task that may come late."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import Article, Image, Status
from articles.publishing import publish_article, schedule_article, unpublish_article
from articles.tasks import publish_scheduled
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


def now() -> datetime.datetime:
    return timezone.now()


def test_editor_publishes_a_draft() -> None:
    article = ArticleFactory(draft=True)
    before = now()
    publish_article(article=article, by=UserFactory(role="Editor"))
    stored = Article.objects.get()
    assert stored.status == article.status == Status.PUBLISHED
    assert stored.published_at is not None
    assert before <= stored.published_at <= now()
    assert stored.modified_at >= before


@pytest.mark.parametrize("role", ["Author", "Moderator", None])
def test_others_may_not(role: str | None) -> None:
    draft, public, by = ArticleFactory(draft=True), ArticleFactory(), UserFactory(role=role)
    with pytest.raises(PermissionDenied):
        publish_article(article=draft, by=by)
    with pytest.raises(PermissionDenied):
        schedule_article(article=draft, by=by, at=now() + HOUR)
    with pytest.raises(PermissionDenied):
        unpublish_article(article=public, by=by)
    assert set(Article.objects.published()) == {public}
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("lacking", ["headline", "body", "alt"])
def test_unfinished_report_is_not_published(lacking: str) -> None:
    fields: dict[str, Any] = {"alt": {"lead_image": Image.objects.create()}}.get(
        lacking, {lacking: " "}
    )
    article = ArticleFactory(draft=True, **fields)
    with pytest.raises(ValidationError):
        publish_article(article=article, by=None)
    with pytest.raises(ValidationError):
        schedule_article(article=article, by=None, at=now() + HOUR)
    assert Article.objects.get().status == Status.DRAFT


def test_republished_report_keeps_its_time() -> None:
    article = ArticleFactory()
    first = article.published_at
    unpublish_article(article=article, by=None)
    assert not Article.objects.published().exists()
    publish_article(article=article, by=None)
    assert Article.objects.get().published_at == first


def test_publishing_twice_changes_nothing() -> None:
    article = ArticleFactory()
    first = article.published_at
    publish_article(article=article, by=None)
    assert Article.objects.get().published_at == first


def test_scheduled_report_taken_back_has_no_time_left() -> None:
    article = ArticleFactory(draft=True)
    schedule_article(article=article, by=None, at=now() + HOUR)
    unpublish_article(article=article, by=None)
    assert Article.objects.get().published_at is None


def test_scheduled_report_may_be_published_at_once() -> None:
    article = ArticleFactory(draft=True)
    schedule_article(article=article, by=None, at=now() + HOUR)
    publish_article(article=article, by=None)
    assert Article.objects.published().exists()


def test_state_is_read_anew() -> None:
    stale = ArticleFactory(draft=True)
    first = now() - HOUR
    Article.objects.filter(pk=stale.pk).update(status=Status.PUBLISHED, published_at=first)
    publish_article(article=stale, by=None)
    assert Article.objects.get().published_at == first


@pytest.mark.parametrize("at", [-HOUR, datetime.timedelta(0)])
def test_past_time_is_refused(at: datetime.timedelta) -> None:
    article = ArticleFactory(draft=True)
    with pytest.raises(ValidationError):
        schedule_article(article=article, by=None, at=now() + at)
    assert Article.objects.get().status == Status.DRAFT


def test_public_report_is_not_scheduled_away() -> None:
    article = ArticleFactory()
    with pytest.raises(ValidationError):
        schedule_article(article=article, by=None, at=now() + HOUR)
    assert Article.objects.published().exists()


def test_scheduled_report_is_public_from_its_minute_even_without_a_worker(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = ArticleFactory(draft=True)
    at = now() + HOUR
    schedule_article(article=article, by=None, at=at)
    assert not Article.objects.published().exists()
    monkeypatch.setattr(timezone, "now", lambda: at)
    assert Article.objects.published().exists()
    assert Article.objects.get().is_public


def test_task_waits_for_the_time_and_then_publishes() -> None:
    article = ArticleFactory(draft=True)
    at = now() + HOUR
    schedule_article(article=article, by=None, at=at)
    task = DBTaskResult.objects.get()
    assert task.run_after == at
    assert publish_scheduled.call(*task.args_kwargs["args"]) is True
    assert Article.objects.get().status == Status.PUBLISHED


def test_task_of_an_earlier_schedule_does_nothing() -> None:
    article = ArticleFactory(draft=True)
    schedule_article(article=article, by=None, at=now() + HOUR)
    stale = DBTaskResult.objects.get()
    schedule_article(article=article, by=None, at=now() + 2 * HOUR)
    assert publish_scheduled.call(*stale.args_kwargs["args"]) is False
    assert Article.objects.get().status == Status.SCHEDULED


def test_task_of_a_report_taken_back_or_deleted_does_nothing() -> None:
    article = ArticleFactory(draft=True)
    schedule_article(article=article, by=None, at=now() + HOUR)
    arguments = DBTaskResult.objects.get().args_kwargs["args"]
    unpublish_article(article=article, by=None)
    assert publish_scheduled.call(*arguments) is False
    article.delete()
    assert publish_scheduled.call(*arguments) is False

"""The steps to the readers: rights, states, readiness, times, and the task that may come late."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from articles.models import Article, Image, Publication, StateChange, Status
from articles.tasks import publish_scheduled
from articles.workflow import (
    STEPS,
    approve_article,
    open_steps,
    publish_article,
    return_article,
    schedule_article,
    settle_publication,
    submit_article,
    withdraw_article,
)
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory, AuthorFactory

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


def take(name: str, article: Article, by: User | None) -> None:
    """Take a step by its name."""
    match name:
        case "submit":
            submit_article(article=article, by=by)
        case "approve":
            approve_article(article=article, by=by)
        case "schedule":
            schedule_article(article=article, by=by, at=now() + HOUR)
        case "publish":
            publish_article(article=article, by=by)
        case "return":
            return_article(article=article, by=by)
        case "withdraw":
            withdraw_article(article=article, by=by, notice="It was wrong.")


def article_in(state: str, **fields: Any) -> Article:
    times = {
        Status.SCHEDULED: now() + HOUR, Status.PUBLISHED: now() - HOUR,
        Status.WITHDRAWN: now() - HOUR,
    }  # fmt: skip
    return ArticleFactory(status=state, published_at=times.get(Status(state)), **fields)


# Which steps each may take from each state; "own" is an author who signs the report.
EDITORS = {
    Status.DRAFT: {"submit", "schedule", "publish"},
    Status.IN_REVIEW: {"approve", "return", "schedule", "publish"},
    Status.APPROVED: {"return", "schedule", "publish"},
    Status.SCHEDULED: {"return", "schedule", "publish"},
    Status.PUBLISHED: {"withdraw"},
    Status.WITHDRAWN: {"publish"},
}
OWN = {Status.DRAFT: {"submit"}, Status.IN_REVIEW: {"return"}}
WHO = {"Editor": EDITORS, "Chief": EDITORS, "own": OWN, "Author": {}, "Moderator": {}, None: {}}


@pytest.mark.parametrize("state", Status.values)
@pytest.mark.parametrize("who", list(WHO))
def test_each_step_is_open_to_whom_it_should(who: str | None, state: str) -> None:
    by = UserFactory(role="Author" if who == "own" else who)
    authors = [AuthorFactory(user=by)] if who == "own" else []
    allowed = WHO[who].get(Status(state), set())
    for name, step in STEPS.items():
        article = article_in(state, authors=authors)
        assert (name in open_steps(article, by)) == (name in allowed), name
        if name in allowed:
            take(name, article, by)
            stored = Article.objects.get(pk=article.pk)
            assert stored.status == article.status == step.target
            change = stored.state_changes.get()
            assert (change.from_status, change.to_status, change.by) == (state, step.target, by)
            assert stored.history.first().status == step.target
        elif not (name == "publish" and state == Status.PUBLISHED and who in {"Editor", "Chief"}):
            with pytest.raises((PermissionDenied, ValidationError)):
                take(name, article, by)
            assert Article.objects.get(pk=article.pk).status == state
            assert not article.state_changes.exists()


@pytest.mark.parametrize("role", ["Author", "Moderator", None])
def test_others_may_not(role: str | None) -> None:
    draft, public, by = ArticleFactory(draft=True), ArticleFactory(), UserFactory(role=role)
    for name, article in (("publish", draft), ("schedule", draft), ("withdraw", public)):
        with pytest.raises(PermissionDenied):
            take(name, article, by)
    assert set(Article.objects.published()) == {public}
    assert not DBTaskResult.objects.exists()


def test_four_eyes_ask_for_a_second_person() -> None:
    Publication.objects.create(pk=1, four_eyes=True)
    one, other = UserFactory(role="Editor"), UserFactory(role="Editor")
    article = ArticleFactory(draft=True, created_by=one)
    with pytest.raises(PermissionDenied, match="approved first"):
        publish_article(article=article, by=one)
    submit_article(article=article, by=one)
    assert "approve" not in open_steps(article, one)
    with pytest.raises(PermissionDenied, match="somebody else"):
        approve_article(article=article, by=one)
    approve_article(article=article, by=other)
    publish_article(article=article, by=one)
    assert article.is_public


def test_four_eyes_do_not_let_the_one_who_submitted_approve() -> None:
    Publication.objects.create(pk=1, four_eyes=True)
    editor = UserFactory(role="Editor")
    article = ArticleFactory(draft=True)
    submit_article(article=article, by=editor)
    with pytest.raises(PermissionDenied):
        approve_article(article=article, by=editor)


def test_history_says_who_and_when() -> None:
    author, editor = UserFactory(role="Author"), UserFactory(role="Editor")
    article = ArticleFactory(draft=True, created_by=author)
    submit_article(article=article, by=author, note="Please look at the figures.")
    return_article(article=article, by=editor, note="Which year?")
    submit_article(article=article, by=author)
    approve_article(article=article, by=editor)
    publish_article(article=article, by=editor)
    steps = StateChange.objects.order_by("pk").values_list("to_status", "by", "note")
    assert list(steps) == [
        ("in_review", author.pk, "Please look at the figures."),
        ("draft", editor.pk, "Which year?"),
        ("in_review", author.pk, ""),
        ("approved", editor.pk, ""),
        ("published", editor.pk, ""),
    ]
    assert [r.history_change_reason for r in article.history.all()][:2] == ["Published", "Approved"]


def test_first_change_keeps_what_was_there_before() -> None:
    article = ArticleFactory(draft=True)
    written = Article.objects.get().modified_at
    publish_article(article=article, by=None)
    new, old = article.history.all()
    assert (old.status, old.history_date) == (Status.DRAFT, written)
    assert new.status == Status.PUBLISHED


def test_withdrawal_needs_a_notice_and_keeps_the_time() -> None:
    article, editor = ArticleFactory(), UserFactory(role="Editor")
    first = article.published_at
    with pytest.raises(ValidationError):
        withdraw_article(article=article, by=editor, notice="  ")
    withdraw_article(article=article, by=editor, notice="The source was not who they said.")
    stored = Article.objects.get()
    assert stored.withdrawal_notice == "The source was not who they said."
    assert not Article.objects.published().exists()
    publish_article(article=stored, by=editor)
    assert (stored.published_at, Article.objects.get().withdrawal_notice) == (first, "")


def test_embargo_holds_whoever_publishes() -> None:
    until = now() + 2 * HOUR
    article = ArticleFactory(draft=True, embargo_until=until)
    with pytest.raises(ValidationError, match="embargo"):
        publish_article(article=article, by=None)
    with pytest.raises(ValidationError, match="embargo"):
        schedule_article(article=article, by=None, at=until - HOUR)
    schedule_article(article=article, by=None, at=until)
    assert Article.objects.get().status == Status.SCHEDULED


def test_embargo_is_held_by_the_database_too() -> None:
    article = ArticleFactory(embargo_until=now() - 2 * HOUR, published_at=now() - HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(embargo_until=now())


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


def test_publishing_twice_changes_nothing() -> None:
    article = ArticleFactory()
    first = article.published_at
    publish_article(article=article, by=None)
    assert Article.objects.get().published_at == first


def test_scheduled_report_taken_back_has_no_time_left() -> None:
    article = ArticleFactory(draft=True)
    schedule_article(article=article, by=None, at=now() + HOUR)
    return_article(article=article, by=None)
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


def test_task_waits_for_the_time_and_then_publishes(monkeypatch: pytest.MonkeyPatch) -> None:
    article = ArticleFactory(draft=True)
    at = now() + HOUR
    schedule_article(article=article, by=None, at=at)
    task = DBTaskResult.objects.get()
    assert task.run_after == at
    monkeypatch.setattr(timezone, "now", lambda: at)
    assert publish_scheduled.call(*task.args_kwargs["args"]) is True
    assert Article.objects.get().status == Status.PUBLISHED


def test_late_task_notes_the_time_it_was_due_and_readers_lose_nothing() -> None:
    article = article_in(Status.SCHEDULED)
    due = now() - 3 * HOUR
    Article.objects.update(published_at=due)
    assert Article.objects.published().exists()
    assert settle_publication(article) is True
    change = article.state_changes.get()
    assert (change.at, change.by, change.to_status) == (due, None, Status.PUBLISHED)
    assert Article.objects.get().published_at == due
    assert settle_publication(article) is False


def test_report_whose_time_came_unnoticed_can_be_withdrawn() -> None:
    article = article_in(Status.SCHEDULED)
    Article.objects.update(published_at=now() - HOUR)
    withdraw_article(article=article, by=None, notice="It was wrong.")
    assert list(article.state_changes.values_list("to_status", flat=True)) == [
        Status.WITHDRAWN,
        Status.PUBLISHED,
    ]


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
    return_article(article=article, by=None)
    assert publish_scheduled.call(*arguments) is False
    article.delete()
    assert publish_scheduled.call(*arguments) is False

"""What the task worker does for reports."""

import datetime

from django.tasks import task

from articles.models import Article, Status
from articles.search.vocabulary import forget_words, learn_words
from articles.workflow import settle_publication


@task()
def publish_scheduled(number: int, at: str) -> bool:
    """Turn a scheduled report into a published one; return whether it did.

    at: the time it was scheduled for when this was queued. One rescheduled or taken back meanwhile
    has another, and another task.
    """
    due = Article.objects.filter(
        pk=number, status=Status.SCHEDULED, published_at=datetime.datetime.fromisoformat(at)
    ).first()
    return due is not None and settle_publication(due)


@task()
def learn_words_of(number: int) -> None:
    """Let readers be led to the words of a report that was published."""
    if article := Article.objects.filter(pk=number).first():
        learn_words(article)


@task()
def forget_words_of(number: int) -> None:
    """No longer lead readers to the words of a report that was withdrawn."""
    if article := Article.objects.filter(pk=number).first():
        forget_words(article)


@task()
def index_reports_of(relation: str, number: int) -> int:
    """Index the reports anew that an author signs or a tag is on, by the new name.

    relation: ``authors`` or ``tags``. Returns how many reports.
    """
    return Article.objects.filter(
        pk__in=Article.objects.filter(**{relation: number})
    ).index_for_search()

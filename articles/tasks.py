"""What the task worker does for reports."""

import datetime

from django.tasks import task

from articles.models import Article, Status
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

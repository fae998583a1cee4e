"""Publishing: who may bring a report before readers, and when it is ready."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article, Status

RIGHT = "articles.publish_article"


def publish_article(*, article: Article, by: User | None) -> None:
    """Publish now. One that was public before keeps its time.

    by: None for a program. Raises PermissionDenied, ValidationError when it is not ready.
    """
    _check(article, by)
    now = timezone.now()
    was_public = article.published_at is not None and article.published_at <= now
    _change(article, Status.PUBLISHED, article.published_at if was_public else now)


def schedule_article(*, article: Article, by: User | None, at: datetime.datetime) -> None:
    """Have the report appear at a time to come; readers see it from that minute on.

    Readers' pages look at the clock; the task only tidies the state up, and may be late.
    Raises PermissionDenied, ValidationError when it is not ready or the time is past.
    """
    from articles.tasks import publish_scheduled  # noqa: PLC0415 (tasks call this module's models)

    _check(article, by)
    if at <= timezone.now():
        raise ValidationError(_("This time is past. Choose one to come, or publish now."))
    with transaction.atomic():
        _change(article, Status.SCHEDULED, at)
        publish_scheduled.using(run_after=at).enqueue(article.pk, at.isoformat())


def unpublish_article(*, article: Article, by: User | None) -> None:
    """Take the report back to draft. Its time is kept for when it returns."""
    if by is not None and not by.has_perm(RIGHT):
        raise PermissionDenied(_("You may not unpublish reports."))
    _change(article, Status.DRAFT, article.published_at)


def _check(article: Article, by: User | None) -> None:
    """Raise unless by may publish and readers would get a whole report."""
    if by is not None and not by.has_perm(RIGHT):
        raise PermissionDenied(_("You may not publish reports: ask an editor."))
    missing = []
    if not article.headline.strip():
        missing.append(_("It has no headline."))
    if not article.body.strip():
        missing.append(_("It has no text."))
    if article.lead_image and not article.lead_image.alt.strip():
        missing.append(_("Its lead image has no text alternative."))
    if missing:
        raise ValidationError(missing)


def _change(article: Article, status: Status, published_at: datetime.datetime | None) -> None:
    article.status = status
    article.published_at = published_at
    Article.objects.filter(pk=article.pk).update(
        status=status, published_at=published_at, modified_at=timezone.now()
    )

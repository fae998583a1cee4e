"""Publishing: who may bring a report before readers, and when it is ready."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article, Status

RIGHT = "articles.publish_article"


@transaction.atomic
def publish_article(*, article: Article, by: User | None) -> None:
    """Publish now. One that was public before keeps its time; one that is public stays as it is.

    by: None for a program. Raises PermissionDenied, ValidationError when it is not ready.
    """
    _check_right(by)
    _lock(article)
    _check_ready(article)
    _change(article, Status.PUBLISHED, _first_publication(article) or timezone.now())


@transaction.atomic
def schedule_article(*, article: Article, by: User | None, at: datetime.datetime) -> None:
    """Have the report appear at a time to come; readers see it from that minute on.

    Readers' pages look at the clock; the task only tidies the state up, and may be late.
    Raises PermissionDenied, ValidationError when it is not ready, public, or the time is past.
    """
    from articles.tasks import publish_scheduled  # noqa: PLC0415 (a task may call this module)

    _check_right(by)
    _lock(article)
    if article.is_public:
        raise ValidationError(_("Readers see it already. Take it back before you schedule it."))
    if at <= timezone.now():
        raise ValidationError(_("This time is past. Choose one to come, or publish now."))
    _check_ready(article)
    _change(article, Status.SCHEDULED, at)
    publish_scheduled.using(run_after=at).enqueue(article.pk, at.isoformat())


@transaction.atomic
def unpublish_article(*, article: Article, by: User | None) -> None:
    """Take the report back to draft. If readers saw it, its time is kept for when it returns.

    Raises PermissionDenied.
    """
    _check_right(by)
    _lock(article)
    _change(article, Status.DRAFT, _first_publication(article))


def _check_right(by: User | None) -> None:
    if by is not None and not by.has_perm(RIGHT):
        raise PermissionDenied(_("You may not publish or unpublish reports: ask an editor."))


def _lock(article: Article) -> None:
    """Take the row for ourselves, and its state as it is now rather than when it was read."""
    row = Article.objects.select_for_update().only("status", "published_at").get(pk=article.pk)
    article.status, article.published_at = row.status, row.published_at


def _first_publication(article: Article) -> datetime.datetime | None:
    """Return since when readers saw it, or None if they never did."""
    at = article.published_at
    return at if at is not None and at <= timezone.now() else None


def _check_ready(article: Article) -> None:
    """Raise ValidationError unless readers would get a whole report."""
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

"""Revisions: what a report said each time it was saved, and bringing one back."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article, Author, Byline, Image, Section, Series, Tag
from articles.models.article import RECORDS

# What a restored revision brings back. State, times and the address stay as they are.
RESTORED = [
    "headline", "lede", "body", "key_points", "dateline", "kind", "language", "series_part",
]  # fmt: skip
_REASON_LENGTH = 100


def keep_revision(*, article: Article, by: User | None, reason: str = "") -> None:
    """Keep the report as it is now, with its bylines, tags and related reports.

    Call it in the transaction that changed the report, once all of it is saved. by: None for a
    program. reason: a word for the list of revisions, up to 100 characters.
    """
    article._history_user = by  # type: ignore[attr-defined]  # noqa: SLF001 (the library's name)
    article._change_reason = reason[:_REASON_LENGTH]  # type: ignore[attr-defined]  # noqa: SLF001
    RECORDS.create_historical_record(article, "~")


def keep_baseline(article: Article) -> None:
    """Keep the report as the database has it, if nothing was kept of it yet.

    Call it before the first change of a report that came by an import, so that the change can be
    seen later. It is dated as the report's last change.
    """
    if article.pk is None or article.history.exists():
        return
    stored = Article.objects.defer("search_vector").get(pk=article.pk)
    stored._history_date = stored.modified_at  # type: ignore[attr-defined]  # noqa: SLF001
    keep_revision(article=stored, by=None)


@transaction.atomic
def restore_revision(*, article: Article, revision: Any, by: User) -> list[str]:
    """Make the report say again what a revision of it said; return what could not be restored.

    What stood in between stays among the revisions. The caller has checked the right to edit.
    """
    rows = Article.objects.select_for_update(of=("self",)).defer("search_vector")
    article.refresh_from_db(from_queryset=rows)
    lost: list[str] = []
    for name in RESTORED:
        setattr(article, name, getattr(revision, name))
    for name, model in (("section", Section), ("series", Series), ("lead_image", Image)):
        _restore_link(article, revision, name, model, lost)
    article.version += 1
    article.save()
    article.tags.set(Tag.objects.filter(pk__in=revision.tags.values("tag")))
    related = revision.related.values("to_article")
    article.related.set(Article.objects.filter(pk__in=related).exclude(pk=article.pk))
    _restore_bylines(article, revision, lost)
    when = date_format(timezone.localtime(revision.history_date), "SHORT_DATETIME_FORMAT")
    keep_revision(article=article, by=by, reason=_("Restored from %(time)s") % {"time": when})
    return lost


def _restore_link(article: Article, revision: Any, name: str, model: Any, lost: list[str]) -> None:
    key = getattr(revision, f"{name}_id")
    if key is None or model.objects.filter(pk=key).exists():
        setattr(article, f"{name}_id", key)
    else:
        lost.append(_("The %(what)s it had is gone.") % {"what": model._meta.verbose_name})  # noqa: SLF001


def _restore_bylines(article: Article, revision: Any, lost: list[str]) -> None:
    places = dict(revision.authors.values_list("author", "position"))
    present = Author.objects.in_bulk(places)
    if len(present) < len(places):
        lost.append(_("Some of its authors are gone."))
    article.bylines.all().delete()
    Byline.objects.bulk_create(
        Byline(article=article, author=author, position=places[author.pk])
        for author in present.values()
    )

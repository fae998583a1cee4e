"""The edition's public record: what was put right after publication, and what had stood there."""

import datetime
from typing import Any

from articles.models import Article, Correction
from articles.revisions import keep_revision


def add_record(
    entries: list[dict[str, Any]], articles: dict[str, Article], now: datetime.datetime
) -> None:
    """Issue each entry as long ago as it says; with ``was`` and ``says``, words were changed too.

    Raises KeyError for a report there is not, ValueError when the words do not stand in it.
    """
    for entry in entries:
        article = articles[entry["report"]]
        at = now - datetime.timedelta(hours=entry["hours"])
        if "was" in entry:
            _keep_both(article, entry["was"], entry["says"], at)
        Correction.objects.create(
            article=article, kind=entry["kind"], text=entry["text"], issued_at=at
        )
        Article.objects.filter(pk=article.pk).update(updated_at=at)


def _keep_both(article: Article, was: str, says: str, at: datetime.datetime) -> None:
    """Keep the version with the old words, from its publication on, and the one with the new."""
    body = article.body
    if says not in body:
        raise ValueError(f"“{says}” does not stand in {article.slug}.")
    article.body = body.replace(says, was)
    _keep(article, article.published_at)
    article.body = body
    _keep(article, at)


def _keep(article: Article, at: datetime.datetime | None) -> None:
    article._history_date = at  # type: ignore[attr-defined]  # noqa: SLF001 (the library's name)
    keep_revision(article=article, by=None)

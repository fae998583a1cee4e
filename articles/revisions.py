"""Revisions: what a report said each time it was saved."""

from accounts.models import User
from articles.models import Article
from articles.models.article import RECORDS


def keep_revision(*, article: Article, by: User | None, reason: str = "") -> None:
    """Keep the report as it is now, with its bylines, tags and related reports.

    Call it in the transaction that changed the report, once all of it is saved. by: None for a
    program. reason: a word for the list of revisions, up to 100 characters.
    """
    article._history_user = by  # type: ignore[attr-defined]  # noqa: SLF001 (the library's name)
    article._change_reason = reason[:100]  # type: ignore[attr-defined]  # noqa: SLF001
    RECORDS.create_historical_record(article, "~")

"""A report that was withdrawn is gone (410), not missing, wherever its pages are asked for."""

from django.http import Http404

from articles.models import Article, Status
from articles.querysets import ArticleQuerySet


class Withdrawn(Http404):
    """The report asked for was withdrawn: ``WithdrawalMiddleware`` answers with its notice."""

    def __init__(self, article: Article) -> None:
        super().__init__()
        self.article = article


def published_or_gone(articles: ArticleQuerySet, slug: str) -> Article:
    """Return the one of the reports that is named, if it is public. Raises Withdrawn, else Http404.

    It is read once, so that one that is withdrawn or comes back meanwhile is one or the other,
    and never missing. articles: read with all that tells so, and with the notice.
    """
    article = articles.filter(slug=slug).first()
    check_not_withdrawn(article)
    if article is None or not article.is_public:
        raise Http404
    return article


def check_not_withdrawn(article: Article | None) -> None:
    """Raise Withdrawn for a report that was withdrawn."""
    if article is not None and article.status == Status.WITHDRAWN:
        raise Withdrawn(article)

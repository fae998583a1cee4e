"""Marks beside names that tell readers who is speaking."""

from django.db.models import prefetch_related_objects

from articles.models import Article


def author_accounts(article: Article) -> frozenset[int]:
    """Return the accounts of those who wrote the article: no query where its bylines are read."""
    prefetch_related_objects([article], "bylines__author")
    accounts = (byline.author.user_id for byline in article.bylines.all())
    return frozenset(account for account in accounts if account is not None)

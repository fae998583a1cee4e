"""The sitemap: an index, a map for each kind of page, and the last two days for news search."""

import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.clock import next_publication
from articles.models import Article, Author, Page, Section, Series
from pagecache import cached_page, changes_at

# What Google takes: articles of two days, a thousand at most.
NEWS_AGE = datetime.timedelta(days=2)
NEWS_LENGTH = 1000


class ArticleSitemap(Sitemap[Article]):
    limit = 5000

    def items(self) -> QuerySet[Article]:
        changes_at(next_publication)
        fields = ("slug", "published_at", "updated_at", "status")
        return Article.objects.published().newest_first().only(*fields)

    def lastmod(self, item: Article) -> datetime.datetime | None:
        return item.updated_at or item.published_at


class SectionSitemap(Sitemap[Section]):
    def items(self) -> QuerySet[Section]:
        return Section.objects.order_by("pk")


class AuthorSitemap(Sitemap[Author]):
    def items(self) -> QuerySet[Author]:
        return Author.objects.order_by("pk")


class SeriesSitemap(Sitemap[Series]):
    def items(self) -> QuerySet[Series]:
        return Series.objects.order_by("pk")


class PageSitemap(Sitemap[Page]):
    def items(self) -> QuerySet[Page]:
        return Page.objects.filter(is_public=True).order_by("pk")


SITEMAPS = {
    "articles": ArticleSitemap,
    "sections": SectionSitemap,
    "series": SeriesSitemap,
    "authors": AuthorSitemap,
    "pages": PageSitemap,
}


@cached_page("articles")
@require_safe
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """Show the reports of the last two days, as news search wants them."""
    rows = Article.objects.published().filter(published_at__gte=timezone.now() - NEWS_AGE)
    fields = ("slug", "headline", "language", "published_at", "created_at")
    articles = list(rows.newest_first().only(*fields)[:NEWS_LENGTH])
    changes_at(next_publication)
    if articles and articles[-1].published_at:
        changes_at(articles[-1].published_at + NEWS_AGE)
    return render(
        request,
        "articles/news_sitemap.xml",
        {"articles": articles},
        content_type="application/xml; charset=utf-8",
    )

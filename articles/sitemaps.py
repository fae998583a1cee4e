"""The sitemap: an index, and a map for each kind of page."""

import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from articles.models import Article, Author, Page, Section


class ArticleSitemap(Sitemap[Article]):
    limit = 5000

    def items(self) -> QuerySet[Article]:
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


class PageSitemap(Sitemap[Page]):
    def items(self) -> QuerySet[Page]:
        return Page.objects.filter(is_public=True).order_by("pk")


SITEMAPS = {
    "articles": ArticleSitemap,
    "sections": SectionSitemap,
    "authors": AuthorSitemap,
    "pages": PageSitemap,
}

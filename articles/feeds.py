"""Feeds with the full text: the site, and each section, series, tag and author."""

import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import gettext as _

from articles.models import Article, Author, Publication, Section, Series, Tag
from articles.querysets import ArticleQuerySet

LENGTH = 30


class FullTextRssFeed(Rss201rev2Feed):
    """RSS 2.0 with the body in ``content:encoded`` (the RSS content module)."""

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])


class FullTextAtomFeed(Atom1Feed):
    """Atom with the body in ``content``."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


class ArticleFeed(Feed[Article, Any]):
    """What all feeds share. Public; says the same to everyone."""

    feed_type: type[SyndicationFeed] = FullTextRssFeed

    def articles(self, _obj: Any) -> ArticleQuerySet:
        return Article.objects.all()

    def items(self, obj: Any) -> list[Article]:
        rows = self.articles(obj).published().newest_first()
        return list(rows.select_related("section").with_bylines().prefetch_related("tags")[:LENGTH])

    def title(self, obj: Any) -> str:
        name = Publication.current().name
        return f"{obj} — {name}" if obj else name

    def description(self, obj: Any) -> str:
        if obj:
            return _("The latest reports: %(name)s") % {"name": obj}
        return Publication.current().tagline

    def link(self, obj: Any) -> str:
        return str(obj.get_absolute_url()) if obj else reverse("articles:front")

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        return item.lede

    def item_pubdate(self, item: Article) -> datetime.datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime.datetime | None:
        return item.updated_at or item.published_at

    def item_author_name(self, item: Article) -> str:
        return ", ".join(byline.author.name for byline in item.bylines.all())

    def item_categories(self, item: Article) -> list[str]:
        return [item.section.name, *(tag.name for tag in item.tags.all())]

    def item_extra_kwargs(self, item: Article) -> dict[str, str]:
        return {"content": item.body}


class SiteFeed(ArticleFeed):
    """The whole site."""


class SiteAtomFeed(ArticleFeed):
    """The whole site, as Atom."""

    feed_type = FullTextAtomFeed

    def subtitle(self, obj: Any) -> str:
        return self.description(obj)


class SectionFeed(ArticleFeed):
    def get_object(self, _request: HttpRequest, slug: str) -> Section:
        return get_object_or_404(Section, slug=slug)

    def articles(self, obj: Section) -> ArticleQuerySet:
        return Article.objects.filter(section=obj)


class SeriesFeed(ArticleFeed):
    def get_object(self, _request: HttpRequest, slug: str) -> Series:
        return get_object_or_404(Series, slug=slug)

    def articles(self, obj: Series) -> ArticleQuerySet:
        return Article.objects.filter(series=obj)


class TagFeed(ArticleFeed):
    def get_object(self, _request: HttpRequest, slug: str) -> Tag:
        return get_object_or_404(Tag, slug=slug)

    def articles(self, obj: Tag) -> ArticleQuerySet:
        return Article.objects.filter(tags=obj)


class AuthorFeed(ArticleFeed):
    def get_object(self, _request: HttpRequest, slug: str) -> Author:
        return get_object_or_404(Author, slug=slug)

    def articles(self, obj: Author) -> ArticleQuerySet:
        return Article.objects.filter(bylines__author=obj)

"""What each feed brings: the site's reports, and a section's, series', tag's and author's."""

import datetime
import mimetypes
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Enclosure
from django.utils.functional import cached_property
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.clock import next_publication
from articles.feeds.formats import FORMATS, absolute_html, storable
from articles.models import Article, Author, Publication, Section, Series, Tag
from articles.querysets import ArticleQuerySet
from pagecache import cached_page, changes_at

LENGTH = 30


@method_decorator(require_safe, name="__call__")
class ContentFeed(Feed[Any, Any]):
    """A feed whose items bring their whole text. Public; says the same to everyone."""

    item_guid_is_permalink = False
    request: HttpRequest

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # One instance serves one address to many threads: what belongs to a request has its own.
        own = type(self)()
        own.feed_type, own.request = self.feed_type, request
        return own.answer(request, *args, **kwargs)

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the feed with the time of its last change, which a withdrawal is too."""
        response = super().__call__(request, *args, **kwargs)
        changed = self.last_change(self.get_object(request, *args, **kwargs))
        if changed is None:
            del response["Last-Modified"]  # that of the newest item, which Django gives
        else:
            response["Last-Modified"] = http_date(changed.timestamp())
        return response

    def last_change(self, _obj: Any) -> datetime.datetime | None:
        """Return when what the feed says last changed, to the second; None where none can tell."""
        raise NotImplementedError

    def absolute(self, address: str) -> str:
        return self.request.build_absolute_uri(address)

    def identity(self, kind: str, number: int) -> str:
        """Return the name of a thing for ever, whatever its address (a tag URI, RFC 4151)."""
        host = self.request.get_host().partition(":")[0]
        return f"tag:{host},2026:{kind}/{number}"


@cached_page("articles")
class ArticleFeed(ContentFeed):
    """What the feeds of reports share."""

    def articles(self, _obj: Any) -> ArticleQuerySet:
        return Article.objects.all()

    @cached_property
    def publication(self) -> Publication:
        read: Publication | None = getattr(self.request, "publication", None)
        return read or Publication.current()

    def last_change(self, obj: Any) -> datetime.datetime | None:
        rows = self.articles(obj).exclude(published_at=None).order_by()
        newest = rows.published().aggregate(at=Max("published_at"))["at"]
        changed = rows.filter(published_at__lte=timezone.now()).aggregate(at=Max("modified_at"))
        times = [at for at in (newest, changed["at"]) if at is not None]
        return max(times, default=None)

    def items(self, obj: Any) -> list[Article]:
        changes_at(next_publication)
        rows = self.articles(obj).published().newest_first()
        rows = rows.select_related("section", "lead_image").with_bylines().defer("search_vector")
        return list(rows.prefetch_related("tags")[:LENGTH])

    def title(self, obj: Any) -> str:
        name = self.publication.name
        return storable(f"{obj} – {name}" if obj else name)  # noqa: RUF001 (a dash, as in titles)

    def description(self, obj: Any) -> str:
        if obj:
            return storable(_("The latest reports: %(name)s") % {"name": obj})
        return storable(self.publication.tagline or self.publication.name)

    def subtitle(self, obj: Any) -> str:
        return self.description(obj)

    def author_name(self, _obj: Any) -> str:
        """Who stands for a report without a byline."""
        return storable(self.publication.name)

    def link(self, obj: Any) -> str:
        return str(obj.get_absolute_url()) if obj else reverse("articles:front")

    def item_title(self, item: Article) -> str:
        return storable(item.title)

    def item_description(self, item: Article) -> str:
        return storable(item.lede)

    def item_guid(self, item: Article) -> str:
        return self.identity("article", item.pk)

    def item_pubdate(self, item: Article) -> datetime.datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime.datetime | None:
        return item.updated_at or item.published_at

    def item_categories(self, item: Article) -> list[str]:
        return [storable(str(name)) for name in (item.section.name, *item.tags.all())]

    def item_enclosures(self, item: Article) -> list[Enclosure]:
        """The lead image, where its file is there: its length has to be true."""
        if not item.lead_image or not item.lead_image.file:
            return []
        file = item.lead_image.file
        try:
            length = file.size
        except OSError:
            return []
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return [Enclosure(self.absolute(file.url), str(length), kind)]

    def item_extra_kwargs(self, item: Article) -> dict[str, Any]:
        image = item.lead_image.file if item.lead_image else None
        return {
            "authors": [storable(byline.author.name) for byline in item.bylines.all()],
            "content": absolute_html(item.body, self.absolute(item.get_absolute_url())),
            "image": self.absolute(image.url) if image else "",
            "language": item.language,
        }


class SiteFeed(ArticleFeed):
    """The whole site."""


class SectionFeed(ArticleFeed):
    """A section with its subsections, as on its page."""

    def get_object(self, _request: HttpRequest, slug: str) -> Section:
        return get_object_or_404(Section, slug=slug)

    def articles(self, obj: Section) -> ArticleQuerySet:
        return Article.objects.filter(section__in=[obj, *obj.children.all()])


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


def feed_paths(prefix: str, name: str, feed: type[ContentFeed]) -> list[URLPattern]:
    """Return the three addresses of a feed under prefix, named ``<name>``, ``<name>_atom``, …"""
    patterns = []
    for form, feed_type in FORMATS.items():
        view = feed()
        view.feed_type = feed_type
        ending = f"{form}/" if form else ""
        patterns.append(
            path(f"{prefix}feed/{ending}", view, name=f"{name}_{form}" if form else name)
        )
    return patterns

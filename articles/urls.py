"""The addresses of the readers' side of the articles."""

from django.contrib.sitemaps.views import index, sitemap
from django.urls import path, register_converter

from articles import feeds
from articles.corrections_feed import CorrectionsFeed
from articles.sitemaps import SITEMAPS
from articles.views import lists, reading, record, search, site


class UnicodeSlugConverter:
    """A slug that may have letters of any script, as an import from WordPress brings them."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(UnicodeSlugConverter, "uslug")

app_name = "articles"
urlpatterns = [
    path("", lists.front, name="front"),
    path("articles/<uslug:slug>/", reading.article, name="detail"),
    path("articles/<uslug:slug>/changes/", record.changes, name="changes"),
    path("corrections/", record.corrections, name="corrections"),
    path("corrections/feed/", CorrectionsFeed(), name="corrections_feed"),
    path("preview/<str:token>/", reading.preview, name="preview"),
    path("pages/<uslug:slug>/", reading.page, name="page"),
    path("sections/<uslug:slug>/", lists.section, name="section"),
    path("sections/<uslug:slug>/feed/", feeds.SectionFeed(), name="section_feed"),
    path("series/<uslug:slug>/", lists.series, name="series"),
    path("series/<uslug:slug>/feed/", feeds.SeriesFeed(), name="series_feed"),
    path("tags/<uslug:slug>/", lists.tag, name="tag"),
    path("tags/<uslug:slug>/feed/", feeds.TagFeed(), name="tag_feed"),
    path("authors/<uslug:slug>/", lists.author, name="author"),
    path("authors/<uslug:slug>/feed/", feeds.AuthorFeed(), name="author_feed"),
    path("archive/", lists.archive_index, name="archive_index"),
    path("archive/<int:year>/<int:month>/", lists.archive, name="archive"),
    path("search/", search.search, name="search"),
    path("feed/", feeds.SiteFeed(), name="feed"),
    path("feed/atom/", feeds.SiteAtomFeed(), name="atom"),
    path(
        "sitemap.xml",
        index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "articles:sitemap_section"},
        name="sitemap",
    ),
    path(
        "sitemap-<section>.xml",
        sitemap,
        {"sitemaps": SITEMAPS},
        name="sitemap_section",
    ),
    path("robots.txt", site.robots, name="robots"),
    path("identity-<slug:colour>.css", site.identity, name="identity"),
]

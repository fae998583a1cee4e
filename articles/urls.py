"""The addresses of the readers' side of the articles."""

from django.contrib.sitemaps.views import index, sitemap
from django.urls import path, re_path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

import articles.converters  # noqa: F401 (registers "uslug")
from articles.corrections_feed import CorrectionsFeed
from articles.feeds import (
    AuthorFeed,
    SectionFeed,
    SeriesFeed,
    SiteFeed,
    TagFeed,
    feed_paths,
)
from articles.sitemaps import SITEMAPS, news_sitemap
from articles.views import lists, offline, reading, record, search, site
from pagecache import cached_page

app_name = "articles"
mapped = cached_page("articles", "pages", parameters=("p",))
urlpatterns = [
    path("", lists.front, name="front"),
    path("articles/<uslug:slug>/", reading.article, name="detail"),
    path("articles/<uslug:slug>/changes/", record.changes, name="changes"),
    path("corrections/", record.corrections, name="corrections"),
    path("corrections/feed/", CorrectionsFeed(), name="corrections_feed"),
    path("preview/<str:token>/", reading.preview, name="preview"),
    path("pages/<uslug:slug>/", reading.page, name="page"),
    path("sections/<uslug:slug>/", lists.section, name="section"),
    *feed_paths("sections/<uslug:slug>/", "section_feed", SectionFeed),
    path("series/<uslug:slug>/", lists.series, name="series"),
    *feed_paths("series/<uslug:slug>/", "series_feed", SeriesFeed),
    path("tags/<uslug:slug>/", lists.tag, name="tag"),
    *feed_paths("tags/<uslug:slug>/", "tag_feed", TagFeed),
    path("authors/<uslug:slug>/", lists.author, name="author"),
    *feed_paths("authors/<uslug:slug>/", "author_feed", AuthorFeed),
    path("archive/", lists.archive_index, name="archive_index"),
    path("archive/<int:year>/<int:month>/", lists.archive, name="archive"),
    path("search/", search.search, name="search"),
    *feed_paths("", "feed", SiteFeed),
    # Where WordPress has its feeds.
    re_path(
        r"^feed/(?:rss2?|rdf)/$",
        require_safe(RedirectView.as_view(url="/feed/", permanent=True)),
    ),
    path(
        "sitemap.xml",
        mapped(require_safe(index)),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "articles:sitemap_section"},
        name="sitemap",
    ),
    path(
        "sitemap-<section>.xml",
        mapped(require_safe(sitemap)),
        {"sitemaps": SITEMAPS},
        name="sitemap_section",
    ),
    path("news-sitemap.xml", news_sitemap, name="news_sitemap"),
    path("articles/<uslug:slug>/share-<slug:digest>.png", site.share_image, name="share_image"),
    path("icon-<int:size>.png", site.icon, name="icon"),
    path("saved/", offline.saved, name="saved"),
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("manifest.webmanifest", site.manifest, name="manifest"),
    path("robots.txt", site.robots, name="robots"),
    path("identity-<slug:colour>.css", site.identity, name="identity"),
]

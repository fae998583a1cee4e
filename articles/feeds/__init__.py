"""Feeds with the full text, as RSS 2.0, Atom and JSON Feed."""

from articles.feeds.formats import FORMATS
from articles.feeds.sources import (
    AuthorFeed,
    ContentFeed,
    SectionFeed,
    SeriesFeed,
    SiteFeed,
    TagFeed,
    feed_paths,
)

__all__ = [
    "FORMATS", "AuthorFeed", "ContentFeed", "SectionFeed", "SeriesFeed", "SiteFeed", "TagFeed",
    "feed_paths",
]  # fmt: skip

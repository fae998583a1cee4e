"""The publication's content, one model family per file."""

from articles.models.article import Article, Byline, Kind, Status
from articles.models.imports import ImportedItem
from articles.models.media import Image
from articles.models.people import Author
from articles.models.publication import CommentPolicy, MenuItem, Page, Publication
from articles.models.taxonomy import Section, Series, Tag

__all__ = [
    "Article", "Author", "Byline", "CommentPolicy", "Image", "ImportedItem", "Kind", "MenuItem",
    "Page", "Publication", "Section", "Series", "Status", "Tag",
]  # fmt: skip

"""The publication's content, one model family per file."""

from articles.models.article import PUBLIC, Article, Byline, Kind, Status
from articles.models.correction import Correction
from articles.models.desk import Autosave, EditLock, PreviewLink, StateChange
from articles.models.front import FrontSlot
from articles.models.imports import ImportedItem
from articles.models.media import Image
from articles.models.people import Author
from articles.models.publication import CommentPolicy, MenuItem, Page, Publication
from articles.models.redirect import Redirect
from articles.models.taxonomy import Section, Series, Tag
from articles.models.vocabulary import SearchWord

__all__ = [
    "PUBLIC", "Article", "Author", "Autosave", "Byline", "CommentPolicy",
    "Correction", "EditLock", "FrontSlot", "Image", "ImportedItem", "Kind", "MenuItem", "Page",
    "PreviewLink", "Publication", "Redirect", "SearchWord", "Section", "Series", "StateChange",
    "Status", "Tag",
]  # fmt: skip

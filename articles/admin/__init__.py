"""The editorial desk: the articles app in the admin."""

from articles.admin.article import ArticleAdmin
from articles.admin.corrections import CorrectionAdmin
from articles.admin.filing import AuthorAdmin, SectionAdmin, SeriesAdmin, TagAdmin
from articles.admin.front import FrontSlotAdmin
from articles.admin.media import ImageAdmin
from articles.admin.site import MenuItemAdmin, PageAdmin, PublicationAdmin

__all__ = [
    "ArticleAdmin", "AuthorAdmin", "CorrectionAdmin", "FrontSlotAdmin", "ImageAdmin",
    "MenuItemAdmin", "PageAdmin", "PublicationAdmin", "SectionAdmin", "SeriesAdmin",
    "TagAdmin",
]  # fmt: skip

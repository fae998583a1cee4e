"""What articles keep of an account: what it signed and began, and what it has not saved yet."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from accounts.models import User
from accounts.personal_data.parts import Part, Section
from articles.models import Article, Author, Autosave, Byline


def sections(user: User) -> Iterator[Section]:
    """Yield the author's profile that belongs to the account, its reports, and unsaved texts."""
    authors = Author.objects.filter(user=user)
    yield "author", authors.values("name", "role", "bio")
    yield "reports_signed", _reports(user)
    begun = Article.objects.filter(created_by=user).order_by("pk")
    yield "reports_begun", begun.values("headline", "created_at", "status")
    unsaved = Autosave.objects.filter(user=user).order_by("pk")
    yield "unsaved_texts", unsaved.values("saved_at", "fields")


def _reports(user: User) -> Iterator[dict[str, Any]]:
    bylines = Byline.objects.filter(author__user=user).select_related("article").order_by("pk")
    for byline in bylines:
        article = byline.article
        yield {
            "headline": article.headline,
            "published": article.published_at,
            "address": settings.NEWSROOM_URL + article.get_absolute_url(),
        }


def erase(user: User, _keep_comments: bool) -> None:
    """Take the account from the author's profile.

    The name stays under what it signed: bylines are part of the public record, and what a report's
    history says was done stays, by nobody. Both follow when the account goes.
    """
    Author.objects.filter(user=user).update(user=None)


PART = Part(sections, erase)

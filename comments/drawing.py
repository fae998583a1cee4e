"""Comments as HTML, wherever they stand: on a page, in a fragment, for their writer alone.

By Jinja, which compiles templates to Python: a page holds a hundred comments, and drawing them by
Django's own templates took most of the time that the page took. Their words are looked up once a
page.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.template import engines
from django.template.context import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined

from articles.models import Article
from comments.marks import author_accounts
from comments.models import Comment
from comments.reading import Line, Thread

TEMPLATE = "comments/comments.jinja"


def environment(**options: Any) -> Environment:
    """Return Jinja's environment with the site's words and dates. options: of Django's engine."""
    options |= {"undefined": StrictUndefined, "extensions": ["jinja2.ext.i18n"]}
    made = Environment(**options)  # noqa: S701 (Django's engine asks it to escape)
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {"utc": _utc, "moment": _moment}
    return made


class Drawing:
    """Draws comments of an article in answer to a request.

    is_mine: for the comments' writer, who sees what nobody else does.
    """

    def __init__(self, article: Article, request: HttpRequest, *, is_mine: bool = False) -> None:
        template: Any = engines["jinja2"].get_template(TEMPLATE)
        self._macros: Any = template.template.make_module(
            {
                "article": article,
                "author_accounts": SimpleLazyObject(lambda: author_accounts(article)),
                "downvotes": request.publication.downvotes,  # type: ignore[attr-defined]
                "is_mine": is_mine,
            }
        )

    @classmethod
    def of(cls, context: Context) -> "Drawing":
        """Return the drawing for a page of Django's templates, from what it knows."""
        return cls(context["article"], context["request"], is_mine=bool(context.get("is_mine")))

    def comment(self, comment: Comment, *, is_current: bool = False) -> SafeString:
        """Return one comment. is_current: the page is about it."""
        return _safe(self._macros.comment(comment, is_current))

    def lines(self, lines: Iterable[Line]) -> SafeString:
        """Return a thread's replies, with the notes of those that are left out."""
        return _safe(self._macros.lines(lines))

    def threads(self, threads: Iterable[Thread]) -> SafeString:
        """Return threads, each with its replies in a box that can be closed."""
        return _safe(self._macros.threads(threads))

    def vote(self, comment: Comment) -> SafeString:
        """Return the form by which readers vote on a comment."""
        return _safe(self._macros.vote(comment, comment.get_absolute_url()))


def _safe(drawn: object) -> SafeString:
    return mark_safe(str(drawn))  # escaped by Jinja


def _utc(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _moment(moment: datetime.datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")

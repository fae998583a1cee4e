"""Readers' views of discussions: reading, writing, one comment's own page, voting.

Reading is public and the same for everyone. Writes carry no token, as their forms stand on pages
that caches keep: SameOriginWritesMiddleware guards them.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments.limits.challenging import challenged
from comments.limits.guarding import limited
from comments.views.asking import appeal, report
from comments.views.challenge import challenge
from comments.views.claiming import claim
from comments.views.editing import delete, edit
from comments.views.following import confirm, follow_discussion, subscriptions, unsubscribe
from comments.views.live import new_comments, news
from comments.views.notifications import notifications
from comments.views.own_data import (
    ask_own_data,
    download_own_data,
    erase_own_data,
    own_data,
)
from comments.views.profiles import reader
from comments.views.reading import (
    article_named,
    article_to_discuss,
    permalink,
    show_discussion,
)
from comments.views.transparency import transparency
from comments.views.voting import vote
from comments.views.writing import take_comment
from pagecache import cached_page

__all__ = [
    "appeal",
    "ask_own_data",
    "challenge",
    "claim",
    "confirm",
    "delete",
    "discussion",
    "download_own_data",
    "edit",
    "erase_own_data",
    "follow_discussion",
    "new_comments",
    "news",
    "notifications",
    "own_data",
    "permalink",
    "reader",
    "report",
    "subscriptions",
    "transparency",
    "unsubscribe",
    "vote",
]


@cached_page(parameters=("sort", "after", "filter", "passage"), htmx=True)
@csrf_exempt
@challenged
@limited("comment")
@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: HttpRequest, slug: str, doubt: str = "") -> HttpResponse:
    """Show an article's discussion as a page, or take a comment (anyone, as the policy says).

    doubt: why a moderator should read the comment first.
    """
    if request.method == "POST":
        return take_comment(request, article_to_discuss(slug), doubt)
    return show_discussion(request, article_named(slug))

"""Comments as schema.org describes them, for search engines."""

from html import unescape
from typing import Any

from django.http import HttpRequest
from django.utils.html import strip_tags

from comments.models import Comment
from comments.reading import DiscussionPage, Thread

TEXT = 1_000  # characters of a comment that are told


def comments_of(page: DiscussionPage, request: HttpRequest) -> list[dict[str, Any]]:
    """Return the comments of a page (schema.org Comment), each with the replies that it shows."""
    return [
        _with_replies(thread, request, "Comment")
        for thread in page.threads
        if thread.root.is_approved
    ]


def posting_of(thread: Thread, request: HttpRequest) -> dict[str, Any]:
    """Return a thread as a DiscussionForumPosting, which its opening comment is on its own page."""
    data = _with_replies(thread, request, "DiscussionForumPosting")
    article = thread.root.discussion.article
    return {
        "@context": "https://schema.org",
        **data,
        "mainEntityOfPage": data["url"],
        "isPartOf": {
            "@type": "NewsArticle",
            "headline": article.title[:110],
            "url": request.build_absolute_uri(article.get_absolute_url()),
        },
    }


def _with_replies(thread: Thread, request: HttpRequest, kind: str) -> dict[str, Any]:
    data = _told(thread.root, request, kind)
    replies = [_told(one, request, "Comment") for one in thread.replies if one.is_approved]
    if replies:
        data["comment"] = replies
    return data | {"commentCount": thread.root.reply_count}


def _told(comment: Comment, request: HttpRequest, kind: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": kind,
        "url": request.build_absolute_uri(comment.get_absolute_url()),
        "author": {"@type": "Person", "name": comment.author_name},
        "datePublished": comment.created_at.isoformat(),
        "text": " ".join(unescape(strip_tags(comment.body_html)).split())[:TEXT],
        "upvoteCount": comment.upvotes,
        "downvoteCount": comment.downvotes,
    }
    if comment.edited_at:
        data["dateModified"] = comment.edited_at.isoformat()
    return data

"""Comments as schema.org describes them, for search engines."""

from html import unescape
from typing import Any

import nh3
from django.http import HttpRequest

from comments.models import Comment
from comments.reading import DiscussionPage, Thread

TEXT = 1_000  # characters of a comment that are told


def comments_of(page: DiscussionPage, request: HttpRequest) -> list[dict[str, Any]]:
    """Return the comments of a page (schema.org Comment), each with the replies that it shows."""
    site = _site(request)
    return [
        _with_replies(thread, site, "Comment") for thread in page.threads if thread.root.is_approved
    ]


def posting_of(thread: Thread, request: HttpRequest) -> dict[str, Any]:
    """Return a thread as a DiscussionForumPosting, which its opening comment is on its own page."""
    site = _site(request)
    data = _with_replies(thread, site, "DiscussionForumPosting")
    article = thread.root.discussion.article
    return {
        "@context": "https://schema.org",
        **data,
        "mainEntityOfPage": data["url"],
        "isPartOf": {
            "@type": "NewsArticle",
            "headline": article.title[:110],
            "url": f"{site}{article.get_absolute_url()}",
        },
    }


def _site(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _with_replies(thread: Thread, site: str, kind: str) -> dict[str, Any]:
    data = _told(thread.root, site, kind)
    replies = [_told(one, site, "Comment") for one in thread.replies if one.is_approved]
    if replies:
        data["comment"] = replies
    return data | {"commentCount": thread.root.reply_count}


def _told(comment: Comment, site: str, kind: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": kind,
        "url": f"{site}{comment.get_absolute_url()}",
        "author": {"@type": "Person", "name": comment.author_name},
        "datePublished": comment.created_at.isoformat(),
        "text": _text_of(comment.body_html),
        "upvoteCount": comment.upvotes,
        "downvoteCount": comment.downvotes,
    }
    if comment.edited_at:
        data["dateModified"] = comment.edited_at.isoformat()
    return data


def _text_of(html: str) -> str:
    """Return what stands between the tags; as strip_tags does, in a fraction of its time."""
    return " ".join(unescape(nh3.clean(html, tags=set())).split())[:TEXT]

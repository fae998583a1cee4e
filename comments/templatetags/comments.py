"""The discussion as a tag, for the end of an article's page."""

from typing import Any

from django import template
from django.template.context import Context

from articles.models import Article
from comments import counted, live
from comments.forms import CommentForm
from comments.marks import author_accounts
from comments.models import Discussion
from comments.policy import is_open
from comments.reading import discussion_of, discussion_page

register = template.Library()
register.simple_tag(counted.counted_texts)
register.simple_tag(live.latest_approval)


@register.inclusion_tag("comments/_article_discussion.html", takes_context=True)
def discussion(context: Context, article: Article) -> dict[str, Any]:
    """Show the first page of an article's discussion, in the order the address names."""
    request = context["request"]
    found = discussion_of(article)
    if found.state == Discussion.State.NONE:
        return {}
    return {
        "request": request,
        "publication": request.publication,
        "article": article,
        "discussion": found,
        "is_open": is_open(found, request.publication),
        "author_accounts": author_accounts(article),
        "form": CommentForm(),
        "page": discussion_page(found, sort=request.GET.get("sort", "")),
    }

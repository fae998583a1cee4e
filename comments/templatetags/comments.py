"""The discussion as a tag, for the end of an article's page."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.models import Article
from articles.structured_data import script_safe_json
from comments import counted, live
from comments.drawing import Drawing
from comments.forms import CommentForm, blank_fields, fields_of
from comments.models import Comment, Discussion
from comments.passages.following import passages_of
from comments.passages.marking import Placed, marked
from comments.policy import is_open, needs_account
from comments.reading import DiscussionPage, Line, Thread, discussion_of, discussion_page
from comments.structured_data import comments_of

register = template.Library()
register.simple_tag(counted.counted_texts)
register.simple_tag(live.latest_approval)


@register.simple_tag(takes_context=True)
def drawn_comment(context: Context, comment: Comment, *, is_current: bool = False) -> SafeString:
    """Draw a comment of the page's article."""
    return Drawing.of(context).comment(comment, is_current=is_current)


@register.simple_tag(takes_context=True)
def drawn_lines(context: Context, lines: Iterable[Line]) -> SafeString:
    """Draw a thread's replies."""
    return Drawing.of(context).lines(lines)


@register.simple_tag(takes_context=True)
def drawn_threads(context: Context, threads: Iterable[Thread]) -> SafeString:
    """Draw a page of threads."""
    return Drawing.of(context).threads(threads)


@register.simple_tag
def comment_fields(form: CommentForm) -> SafeString:
    """Show the fields of a comment's form."""
    return blank_fields(get_language() or "") if form.is_blank else fields_of(form)


@register.filter
def with_passages(body: SafeString, article: Article) -> SafeString:
    """Return an article's body with the passages marked that readers speak about."""
    discussion = discussion_of(article)
    passages = [] if discussion.state == Discussion.State.NONE else passages_of(discussion, article)
    if not passages:
        return body
    by_number = {passage.pk: passage for passage in passages}
    address = reverse("comments:discussion", args=[article.slug])

    def end_of(number: int) -> str:
        context = {"passage": by_number[number], "address": address}
        return render_to_string("comments/_passage.html", context).strip()

    placed = [Placed(p.pk, p.start or 0, p.end or 0) for p in passages]
    return mark_safe(marked(body, placed, end_of))


def _structured(article: Article, page: DiscussionPage, request: HttpRequest) -> str:
    """Return the page's comments for search engines, as part of the report told above."""
    comments = comments_of(page, request)
    if not comments:
        return ""
    url = request.build_absolute_uri(article.get_absolute_url())
    data = {"@context": "https://schema.org", "@type": "WebPage", "@id": url, "comment": comments}
    return script_safe_json(data)


@register.inclusion_tag("articles/_feed_links.html")
def discussion_feeds(article: Article) -> dict[str, Any]:
    """Link the feeds of an article's discussion, where it has one."""
    if discussion_of(article).state == Discussion.State.NONE:
        return {}
    names = {"rss": "comments:feed", "atom": "comments:feed_atom", "json": "comments:feed_json"}
    addresses = {form: reverse(name, args=[article.slug]) for form, name in names.items()}
    return addresses | {"title": _("Comments on “%(title)s”") % {"title": article.title}}


@register.inclusion_tag("comments/_article_discussion.html", takes_context=True)
def discussion(context: Context, article: Article) -> dict[str, Any]:
    """Show the first page of an article's discussion, in the order the address names."""
    request = context["request"]
    found = discussion_of(article)
    if found.state == Discussion.State.NONE:
        return {}
    page = discussion_page(found, sort=request.GET.get("sort", ""))
    return {
        "request": request,
        "publication": request.publication,
        "article": article,
        "discussion": found,
        "is_open": is_open(found, request.publication),
        "needs_account": needs_account(found, request.publication),
        "form": CommentForm(),
        "blank_form": CommentForm(),
        "page": page,
        "comment_data": _structured(article, page, request),
    }

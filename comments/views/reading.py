"""The discussion as a page of its own, and one comment's permalink."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from articles.models import Article, Publication
from articles.structured_data import script_safe_json
from articles.withdrawal import check_not_withdrawn, published_or_gone
from comments.editing import changeable_until
from comments.forms import CommentForm
from comments.forms_asking import AppealForm
from comments.models import Appeal, Comment, CommentStatus, Discussion, Passage
from comments.moderation.appeals import ban_for, decision_on, may_appeal, rule_that_holds
from comments.moderation.bans import notice_of
from comments.policy import is_open, needs_account
from comments.quoting import quoted
from comments.readers import guest_id_of, user_of
from comments.reading import discussion_of, discussion_page, surroundings, thread_page
from comments.structured_data import posting_of
from comments.voting import is_own
from pagecache import cached_page, shows

MAX_NUMBER = 2**63 - 1
# What is asked of an article when a comment comes; what else an answer shows is read when it does.
WRITTEN_IN = ("slug", "headline", "language", "status", "published_at")


def article_named(slug: str) -> Article:
    """Return the published article. Raises Withdrawn, else Http404."""
    articles = Article.objects.select_related("section").with_bylines()
    return published_or_gone(articles.defer("body", "search_vector"), slug)


def article_to_discuss(slug: str) -> Article:
    """Return the published article with its discussion, and no more than writing in it takes.

    Raises Withdrawn, else Http404.
    """
    articles = Article.objects.select_related("discussion")
    return published_or_gone(articles.only(*WRITTEN_IN, "discussion"), slug)


def comment_numbered(number: int) -> Comment:
    """Return the comment with its article, which is public. Raises Withdrawn, else Http404."""
    if number > MAX_NUMBER:
        raise Http404
    comments = Comment.objects.select_related("user", "parent__user", "root__user")
    comments = comments.select_related("discussion__article__section")
    comment = get_object_or_404(comments, pk=number)
    check_not_withdrawn(comment.discussion.article)
    if not comment.discussion.article.is_public:
        raise Http404
    if comment.discussion.state == Discussion.State.NONE:
        raise Http404
    shows(f"article:{comment.discussion.article_id}", f"discussion:{comment.discussion_id}")
    return comment


def context_of(article: Article, discussion: Discussion) -> dict[str, Any]:
    """Return what all pages of a discussion show."""
    publication = Publication.current()
    return {
        "article": article,
        # As the article's own page, which holds the same discussion.
        "page_language": article.language,
        "page_is_rtl": article.text_direction == "rtl",
        "discussion": discussion,
        "is_open": is_open(discussion, publication),
        "needs_account": needs_account(discussion, publication),
        "form": CommentForm(),
        "blank_form": CommentForm(),
    }


def show_discussion(request: HttpRequest, article: Article) -> HttpResponse:
    """Show a page of the threads; to htmx the section alone, or the next threads."""
    discussion = discussion_of(article)
    if discussion.state == Discussion.State.NONE:
        raise Http404
    passage = _passage(request, discussion)
    page = discussion_page(
        discussion,
        sort=request.GET.get("sort", ""),
        after=request.GET.get("after", ""),
        only=request.GET.get("filter", ""),
        passage=passage,
    )
    template = "comments/discussion_detail.html"
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        part = "#passage" if passage else "#section"
        template += part if page.is_first else "#threads"
    context = context_of(article, discussion) | {"page": page}
    if page.only == "inline":
        context["form"] = CommentForm(quoting=passage or True)
    response = render(request, template, context)
    # One address, two renderings: caches must know what the answer depends on.
    patch_vary_headers(response, ["HX-Request"])
    return response


def _passage(request: HttpRequest, discussion: Discussion) -> Passage | None:
    """Return the passage that is asked for. Raises Http404 for one that is not there."""
    number = request.GET.get("passage", "")
    if not number or request.GET.get("filter") != "inline":
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    return get_object_or_404(Passage, discussion=discussion.pk, pk=int(number))


@cached_page(parameters=("after", "quote"), htmx=True)
@require_safe
def permalink(request: HttpRequest, number: int) -> HttpResponse:
    """Show one comment where it stands in its thread.

    An approved one is public, and so is the place of one that was removed from above its replies.
    What waits, or was rejected, shows to its writer alone; everyone else gets a 404.
    """
    comment = comment_numbered(number)
    # Its own state decides before any cookie is looked at, so that a public page stays public.
    if comment.is_approved or (comment.reply_count and comment.parent_id is None):
        return _thread(request, comment)
    if comment.status != CommentStatus.DELETED and is_own(
        comment, user=user_of(request), guest_id=guest_id_of(request)
    ):
        return waiting_page(request, comment)
    response = page_not_found(request, Http404())
    response["Cache-Control"] = "private, no-store"
    return response


def waiting_page(
    request: HttpRequest,
    comment: Comment,
    form: AppealForm | None = None,
    *,
    status: int = 200,
    message: str = "",
) -> HttpResponse:
    """Show a comment that is not published to its writer: why, and what they can do."""
    context = context_of(comment.discussion.article, comment.discussion) | {
        "comment": comment,
        "is_mine": True,
        "may_change": comment.status == CommentStatus.HELD and changeable_until(comment) > now(),
        "decision": decision_on(comment),
        "ban_notice": notice_of(ban) if (ban := ban_for(comment)) else "",
        "held_by": rule_that_holds(comment),
        "appeal": Appeal.objects.filter(comment=comment).first(),
        "form": form or (AppealForm() if may_appeal(comment) else None),
        "message": message,
    }
    response = render(request, "comments/comment_waiting.html", context, status=status)
    # Nobody else's cache may answer the writer, who sees more than others.
    response["Cache-Control"] = "private, no-store"
    return response


def _thread(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Show the comment with its replies; to htmx the lines below it alone."""
    context: dict[str, Any] = {"comment": comment}
    if comment.parent_id is None:
        after = request.GET.get("after", "")
        context["thread"], context["next_cursor"] = thread_page(comment, after=after)
        if comment.is_approved:
            posting = posting_of(context["thread"], request)
            context["posting_data"] = script_safe_json(posting)
        context["lines"] = context["thread"].lines
    else:
        context["surroundings"] = surroundings(comment)
        context["lines"] = context["surroundings"].lines
    article = comment.discussion.article
    template = "comments/comment_detail.html"
    if request.htmx:  # type: ignore[attr-defined]
        template += "#lines"
        context |= {"article": article}
    else:
        text = quoted(comment) if request.GET.get("quote") and comment.is_approved else ""
        context |= context_of(article, comment.discussion)
        context["form"] = CommentForm(parent=comment, initial={"body": text})
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response

"""What an open page asks for now and then: whether there is anything new, and the new itself."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.withdrawal import published_or_gone
from comments.drawing import Drawing
from comments.live import comments_numbered, news_of, numbers_in
from comments.models import Discussion
from pagecache import cached_page, shows


def discussion_named(slug: str) -> Discussion:
    """Return the discussion of the published article, or an unsaved one.

    Raises Withdrawn, else Http404.
    """
    articles = Article.objects.select_related("discussion").defer("body", "search_vector")
    article = published_or_gone(articles, slug)
    found: Discussion = getattr(article, "discussion", None) or Discussion(article=article)
    if found.state == Discussion.State.NONE:
        raise Http404
    shows(f"article:{article.pk}", f"discussion:{found.pk}")
    return found


@cached_page()
@require_safe
@cache_control(public=True, max_age=5, s_maxage=5)
def news(_request: HttpRequest, slug: str) -> JsonResponse:
    """Tell anyone how many comments there are and which came last (see ``live.news_of``)."""
    discussion = discussion_named(slug)
    newest = news_of(discussion) if discussion.pk else []
    return JsonResponse({"count": discussion.comment_count, "newest": newest})


@cached_page(parameters=("ids",))
@require_safe
def new_comments(request: HttpRequest, slug: str) -> HttpResponse:
    """Show anyone the approved comments that ``?ids=`` lists, each as it stands in a thread."""
    discussion = discussion_named(slug)
    try:
        numbers = numbers_in(request.GET.get("ids", ""))
    except ValueError:
        text = _("Name at most 50 comments by number, ascending, with commas: ids=1,2,3.")
        return HttpResponseBadRequest(text, content_type="text/plain; charset=utf-8")
    found = list(comments_numbered(discussion, numbers)) if discussion.pk else []
    for comment in found:
        # It may come to stand anywhere, so it says whom it answers.
        comment.is_orphan = comment.parent_id is not None
    drawing = Drawing(discussion.article, request)
    return HttpResponse("".join(drawing.comment(comment) for comment in found))

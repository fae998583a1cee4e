"""One report, or one standing page, to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.models import Article, Page
from articles.structured_data import news_article


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a published report; one that is not is a 404 to everyone."""
    article = get_object_or_404(
        Article.objects.published()
        .select_related("section", "series", "lead_image")
        .with_bylines()
        .prefetch_related("tags")
        .defer("search_vector"),
        slug=slug,
    )
    previous_part, next_part = neighbours(article)
    return render(
        request,
        "articles/article_detail.html",
        {
            "article": article,
            "page_language": article.language,
            "page_is_rtl": article.text_direction == "rtl",
            "previous_part": previous_part,
            "next_part": next_part,
            "related": article.related.published().newest_first().select_related("lead_image")[:3],
            "canonical_url": request.build_absolute_uri(article.get_absolute_url()),
            "structured_data": news_article(article, request),
        },
    )


def neighbours(article: Article) -> tuple[Article | None, Article | None]:
    """Return the parts of the series before and after this one: by part number, else by time."""
    if article.series_id is None:
        return None, None
    parts = list(
        Article.objects.published()
        .filter(series=article.series_id)
        .order_by("series_part", "published_at", "pk")
        .only("pk", "slug", "headline", "series_part", "published_at")
    )
    place = next((i for i, part in enumerate(parts) if part.pk == article.pk), None)
    if place is None:
        return None, None
    before = parts[place - 1] if place else None
    after = parts[place + 1] if place + 1 < len(parts) else None
    return before, after


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a standing page."""
    page = get_object_or_404(Page.objects.select_related("parent"), slug=slug, is_public=True)
    children = page.children.filter(is_public=True)
    return render(request, "articles/page_detail.html", {"page": page, "children": children})

"""One report, or one standing page, to read."""

from functools import cache

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import PUBLIC, Article, Correction, Page
from articles.previews import find_preview_link, is_working
from articles.public_record import has_changed
from articles.querysets import ArticleQuerySet
from articles.structured_data import news_article, picture_of
from articles.withdrawal import published_or_gone
from pagecache import cached_page, changes_at, shows


@cached_page(parameters=("sort",))
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a published report; a withdrawn one is gone with a notice, any other a 404."""
    return _article_page(request, published_or_gone(_whole(), slug))


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show a report before its publication to whoever holds a link that works.

    An expired or revoked link is gone (410); once the report is public, the link leads to it.
    """
    link = find_preview_link(token)
    if link is None:
        raise Http404
    if not is_working(link):
        response = render(request, "articles/preview_gone.html", status=410)
    elif link.article.is_public:
        response = HttpResponseRedirect(link.article.get_absolute_url())
    else:
        response = preview_page(request, link.article)
    return _kept_from_others(response)


def preview_page(request: HttpRequest, article: Article) -> HttpResponse:
    """Return a report as readers would see it, for one who may: not indexed, not kept.

    The caller checks who asks.
    """
    shown = _whole().get(pk=article.pk)
    shown.published_at = shown.published_at or timezone.now()
    return _kept_from_others(_article_page(request, shown, is_preview=True))


def _kept_from_others(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response


def _whole() -> ArticleQuerySet:
    """Return all reports, with what their pages show."""
    return _with_record().with_bylines().prefetch_related("tags")


@cache
def _with_record() -> ArticleQuerySet:
    """Return all reports, with whether their text has changed and was corrected.

    Put together once, as that takes longer than most queries.
    """
    corrections = Correction.objects.filter(article=OuterRef("pk"))
    return (
        Article.objects.annotate(has_changed=has_changed(), has_corrections=Exists(corrections))
        .select_related("section", "series", "lead_image")
        .defer("search_vector")
    )


def _article_page(
    request: HttpRequest, article: Article, *, is_preview: bool = False
) -> HttpResponse:
    previous_part, next_part = neighbours(article)
    shows(f"article:{article.pk}")
    # Most reports have none, and are asked for none.
    has_some = article.has_corrections  # type: ignore[attr-defined]
    article.shown_corrections = list(article.corrections.all()) if has_some else []  # type: ignore[attr-defined]
    return render(
        request,
        "articles/article_detail.html",
        {
            "article": article,
            "is_preview": is_preview,
            "page_language": article.language,
            "page_is_rtl": article.text_direction == "rtl",
            "previous_part": previous_part,
            "next_part": next_part,
            "related": related_reports(article),
            "canonical_url": request.build_absolute_uri(article.get_absolute_url()),
            "share_image_url": picture_of(article, request),
            "structured_data": news_article(article, request),
        },
    )


def related_reports(article: Article) -> list[Article]:
    """Return the newest three of the reports that editors called related."""
    chosen = article.related.filter(status__in=PUBLIC).newest_first()
    rows = list(chosen.select_related("lead_image").defer("body", "search_vector"))
    shown = _those_public(rows)[:3]
    shows(*(f"article:{report.pk}" for report in shown))
    return shown


def _those_public(rows: list[Article]) -> list[Article]:
    """Return the reports that readers may see already. The others appear by the clock alone."""
    for report in rows:
        if not report.is_public:
            changes_at(report.published_at)
    return [report for report in rows if report.is_public]


def neighbours(article: Article) -> tuple[Article | None, Article | None]:
    """Return the parts of the series before and after this one: by part number, else by time."""
    if article.series_id is None:
        return None, None
    shows(f"series:{article.series_id}")
    parts = _those_public(
        list(
            Article.objects.filter(series=article.series_id, status__in=PUBLIC)
            .order_by("series_part", "published_at", "pk")
            .only("pk", "slug", "headline", "series_part", "published_at", "status")
        )
    )
    place = next((i for i, part in enumerate(parts) if part.pk == article.pk), None)
    if place is None:
        return None, None
    before = parts[place - 1] if place else None
    after = parts[place + 1] if place + 1 < len(parts) else None
    return before, after


@cached_page("pages")
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a standing page."""
    page = get_object_or_404(Page.objects.select_related("parent"), slug=slug, is_public=True)
    children = page.children.filter(is_public=True)
    return render(request, "articles/page_detail.html", {"page": page, "children": children})

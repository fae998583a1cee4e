"""The front page, and reports by section, series, tag, author and month."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.archive import months_with_reports
from articles.clock import next_expiry, next_publication
from articles.front_page import front_page
from articles.keyset import page_of
from articles.models import Article, Author, Section, Series, Tag
from articles.querysets import ArticleQuerySet
from articles.redirects import NUMBERED
from pagecache import cached_page, changes_at

listed = cached_page("articles", parameters=("after",))


@cached_page("articles", "front", parameters=("after", *NUMBERED))
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the front page; with ``?after=``, older reports as a list."""
    after = request.GET.get("after", "")
    if after:
        return _list(request, Article.objects.all(), "articles/latest_list.html", {})
    changes_at(next_publication)
    changes_at(next_expiry)
    return render(request, "articles/front.html", {"front": front_page()})


def _list(
    request: HttpRequest, articles: ArticleQuerySet, template: str, context: dict[str, object]
) -> HttpResponse:
    changes_at(next_publication)
    page = page_of(articles, request.GET.get("after", ""))
    return render(request, template, {**context, "page": page})


@listed
@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a section's reports, those of its subsections included."""
    section = get_object_or_404(Section, slug=slug)
    children = list(section.children.all())
    return _list(
        request,
        Article.objects.filter(section__in=[section, *children]),
        "articles/section_list.html",
        {"section": section, "children": children},
    )


@listed
@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a series' reports."""
    series = get_object_or_404(Series, slug=slug)
    articles = Article.objects.filter(series=series)
    return _list(request, articles, "articles/series_list.html", {"series": series})


@listed
@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the reports that carry a tag."""
    tag = get_object_or_404(Tag, slug=slug)
    articles = Article.objects.filter(tags=tag)
    return _list(request, articles, "articles/tag_list.html", {"tag": tag})


@listed
@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an author's profile and reports."""
    author = get_object_or_404(Author, slug=slug)
    articles = Article.objects.filter(bylines__author=author)
    return _list(request, articles, "articles/author_list.html", {"author": author})


@cached_page("articles")
@require_safe
def archive_index(request: HttpRequest) -> HttpResponse:
    """Show the months that have reports."""
    changes_at(next_publication)
    return render(request, "articles/archive_index.html", {"months": months_with_reports()})


@listed
@require_safe
def archive(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show a month's reports, by the publication's time zone. No such month is a 404."""
    try:
        start = datetime.datetime(year, month, 1, tzinfo=timezone.get_current_timezone())
        end = (start + datetime.timedelta(days=32)).replace(day=1)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    articles = Article.objects.filter(published_at__gte=start, published_at__lt=end)
    return _list(request, articles, "articles/archive_list.html", {"month": start})

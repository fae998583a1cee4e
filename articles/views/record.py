"""The public record: corrections, and what changed between two versions of a report."""

import datetime

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.clock import next_publication
from articles.differences import field_differences
from articles.keyset import PAGE_SIZE, cursor_of, decode_cursor
from articles.models import Article, Correction
from articles.public_record import PUBLIC_FIELDS, PublicVersion, public_versions
from articles.withdrawal import published_or_gone
from pagecache import cached_page, changes_at, shows


@cached_page("corrections", "articles", parameters=("kind", "after"))
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Show the corrections of all reports, newest first; ``?kind=`` shows those of one kind."""
    changes_at(next_publication)
    rows = Correction.objects.on_record()
    kind = request.GET.get("kind", "")
    if kind in Correction.Kind.values:
        rows = rows.filter(kind=kind)
    after = _after(request.GET.get("after", ""))
    if after:
        when, number = after
        rows = rows.filter(
            Q(issued_at__lt=when) | Q(issued_at=when, pk__lt=number), issued_at__lte=when
        )
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    context = {
        "corrections": shown,
        "kinds": Correction.Kind.choices,
        "kind": kind,
        "is_first": after is None,
        "next_cursor": (
            cursor_of(shown[-1].issued_at, shown[-1].pk) if len(found) > PAGE_SIZE else ""
        ),
    }
    return render(request, "articles/corrections.html", context)


@cached_page(parameters=("from", "to"))
@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what changed between two published versions of a report.

    ``?from=`` and ``?to=`` are the versions' numbers; without them, the last two.
    """
    reports = Article.objects.prefetch_related("corrections").defer("search_vector")
    article = published_or_gone(reports, slug)
    shows(f"article:{article.pk}")
    versions = public_versions(article)
    context: dict[str, object] = {"article": article, "versions": versions}
    if len(versions) > 1:
        old, new = _chosen(request, versions)
        revisions = article.history.in_bulk([old.revision, new.revision])
        context |= {
            "old": old,
            "new": new,
            "differences": field_differences(
                revisions[old.revision], revisions[new.revision], names=PUBLIC_FIELDS
            ),
        }
    return render(request, "articles/article_changes.html", context)


def _after(cursor: str) -> tuple[datetime.datetime, int] | None:
    try:
        return decode_cursor(cursor) if cursor else None
    except ValueError:
        return None


def _chosen(
    request: HttpRequest, versions: list[PublicVersion]
) -> tuple[PublicVersion, PublicVersion]:
    """Return the two versions to compare, the older first. Raises Http404 for none of them."""
    by_number = {str(version.number): version for version in versions}
    asked = request.GET.get("from", ""), request.GET.get("to", "")
    try:
        old = by_number[asked[0] or str(len(versions) - 1)]
        new = by_number[asked[1] or str(len(versions))]
    except KeyError as error:
        raise Http404 from error
    return (old, new) if old.number <= new.number else (new, old)

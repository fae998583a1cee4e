"""What a reader's query finds: a page of reports with the passages that match, in one query."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.search import SearchConfig
from django.db.models import Case, DecimalField, F, Func, Q, TextField, Value, When
from django.db.models.functions import Cast, Concat, Left
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article, Section
from articles.querysets import ArticleQuerySet
from articles.search.text import OTHER, SEARCH_CONFIGURATIONS, query_in

PAGE_SIZE = 20
MAX_QUERY = 200  # characters; more is cut, as nobody types it
SNIPPET_CHARACTERS = 50_000  # of a report's text: a snippet comes from there
# What marks a hit in a snippet until its text is escaped: private-use characters, in no report.
HIT_START, HIT_END = "\ue000", "\ue001"


@dataclass(frozen=True)
class Filters:
    """What narrows a search: a section (with its subsections), a kind, days of publication."""

    section: Section | None = None
    kind: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None


NO_FILTERS = Filters()


@dataclass(frozen=True)
class Result:
    """A report that matches, with the passages that do."""

    article: Article
    snippet: SafeString


@dataclass(frozen=True)
class Results:
    """A page of results; ``next_cursor`` is empty on the last."""

    items: list[Result]
    next_cursor: str


def search_articles(query: str, *, filters: Filters = NO_FILTERS, after: str = "") -> Results:
    """Return the published reports that match query, the best first.

    query: as typed: words, "phrases", -exclusions. after: the cursor of the page before; one that
    is none gives the first page.
    """
    query = query[:MAX_QUERY]
    if not query.strip():
        return Results([], "")
    # A decimal, because it goes through an address and must compare equal afterwards.
    rows = matching_articles(query, filters).annotate(
        place=Cast(F("rank"), DecimalField(max_digits=9, decimal_places=6))
    )
    cursor = re.fullmatch(r"(\d\.\d{1,10}|\d)-(\d{1,18})", after, re.ASCII)
    if cursor:
        place, number = Decimal(cursor[1]), int(cursor[2])
        rows = rows.filter(Q(place__lt=place) | Q(place=place, pk__lt=number))
    # PostgreSQL cuts the snippets after it has sorted and limited: of the rows shown only.
    rows = rows.select_related("section").defer("body", "search_vector")
    rows = rows.annotate(snippet=_snippet(query)).order_by("-place", "-pk")
    found: list[Any] = list(rows[: PAGE_SIZE + 1])
    items = [Result(article, _marked(article.snippet)) for article in found[:PAGE_SIZE]]
    return Results(items, _cursor(items[-1].article) if len(found) > PAGE_SIZE else "")


def matching_articles(query: str, filters: Filters = NO_FILTERS) -> ArticleQuerySet:
    """Return the published reports that match query and filters, in no order."""
    rows = Article.objects.published().matching(query)
    if filters.section:
        rows = rows.filter(Q(section=filters.section) | Q(section__parent=filters.section))
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.since:
        rows = rows.filter(published_at__gte=_moment(filters.since, datetime.time.min))
    if filters.until:
        rows = rows.filter(published_at__lte=_moment(filters.until, datetime.time.max))
    return rows


def _moment(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))


def _cursor(article: Any) -> str:
    """Return the cursor that continues after a result."""
    return f"{article.place:.6f}-{article.pk}"


def _snippet(query: str) -> Case:
    """Return the expression for the passages around the hits, in each report's own language."""
    text = Func(
        Concat(F("lede"), Value(" "), Left(F("body"), SNIPPET_CHARACTERS)),
        Value("<[^>]*>"), Value(" "), Value("g"),
        function="regexp_replace", output_field=TextField(),
    )  # fmt: skip

    def passages(configuration: str) -> Func:
        return Func(
            SearchConfig(configuration), text, query_in(configuration, query),
            Value(f"StartSel={HIT_START}, StopSel={HIT_END}, MaxFragments=2, MaxWords=28"),
            function="ts_headline", output_field=TextField(),
        )  # fmt: skip

    return Case(
        *(When(language=k, then=passages(v)) for k, v in SEARCH_CONFIGURATIONS.items()),
        default=passages(OTHER),
    )


def _marked(snippet: str) -> SafeString:
    """Return a snippet as HTML: everything escaped, then the hits marked."""
    text = escape(re.sub(r"&(#?\w{1,8});", " ", snippet))
    return mark_safe(text.replace(HIT_START, "<mark>").replace(HIT_END, "</mark>"))

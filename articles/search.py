"""Finding reports by what they say (PostgreSQL's full text search)."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.search import SearchConfig, SearchQuery
from django.db.models import Case, DecimalField, F, Func, Q, TextField, Value, When
from django.db.models.functions import Cast
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from articles.querysets import SEARCH_CONFIGURATIONS

PAGE_SIZE = 20
MAX_QUERY = 200  # characters; more is cut, as nobody types it
# What marks a hit in a snippet until its text is escaped: private-use characters, in no report.
HIT_START, HIT_END = "\ue000", "\ue001"


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


def search_articles(query: str, *, after: str = "") -> Results:
    """Return the published reports that match query, the best first.

    query: as typed: words, "phrases", -exclusions. after: the cursor of the page before; one that
    is none gives the first page.
    """
    query = re.sub("[\x00\ud800-\udfff]", "", query)[:MAX_QUERY]
    if not query:
        return Results([], "")
    # A decimal, because it goes through an address and must compare equal afterwards.
    rows = (
        Article.objects.published()
        .matching(query)
        .annotate(place=Cast(F("rank"), DecimalField(max_digits=9, decimal_places=6)))
        .order_by("-place", "-pk")
    )
    cursor = re.fullmatch(r"(\d\.\d{1,10}|\d)-(\d{1,18})", after)
    if cursor:
        place, number = Decimal(cursor[1]), int(cursor[2])
        rows = rows.filter(Q(place__lt=place) | Q(place=place, pk__lt=number))
    found = list(rows.with_cards().annotate(snippet=_headline(query))[: PAGE_SIZE + 1])
    items = [
        Result(article, _marked(article.snippet))  # type: ignore[attr-defined]
        for article in found[:PAGE_SIZE]
    ]
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    return Results(items, _cursor(last) if last else "")


def _cursor(article: Article) -> str:
    """Return the cursor that continues after a result."""
    return f"{article.place:.6f}-{article.pk}"  # type: ignore[attr-defined]


def _headline(query: str) -> Case:
    """Return the expression for the passages around the hits, in each report's own language."""

    def passages(configuration: str) -> Func:
        text = Func(
            F("body"), Value("<[^>]*>"), Value(" "), Value("g"),
            function="regexp_replace", output_field=TextField(),
        )  # fmt: skip
        return Func(
            SearchConfig(configuration), text,
            SearchQuery(query, search_type="websearch", config=configuration),
            Value(f"StartSel={HIT_START}, StopSel={HIT_END}, MaxFragments=2, MaxWords=28"),
            function="ts_headline", output_field=TextField(),
        )  # fmt: skip

    return Case(
        *(When(language=k, then=passages(v)) for k, v in SEARCH_CONFIGURATIONS.items()),
        default=passages("simple"),
    )


def _marked(snippet: str) -> SafeString:
    """Return a snippet as HTML: everything escaped, then the hits marked."""
    text = escape(re.sub(r"&(#?\w{1,8});", " ", snippet))
    return mark_safe(text.replace(HIT_START, "<mark>").replace(HIT_END, "</mark>"))

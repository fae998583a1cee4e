"""How texts and queries become what PostgreSQL compares.

A report is cut into words and stems by the rules of its own language. Each text that has accents
or other marks on its letters is indexed a second time without them, so that "cafe" finds "café"
and "еще" finds "ещё"; the marked form stays beside it, as stemming needs it.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

from django.apps import apps
from django.contrib.postgres.search import (
    CombinedSearchQuery,
    SearchConfig,
    SearchQuery,
    SearchQueryCombinable,
    SearchQueryField,
    SearchVector,
)
from django.db.models import F, Func, OuterRef, Q, QuerySet, StringAgg, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Left

# PostgreSQL's text search configuration of each language; any other is cut into words only.
SEARCH_CONFIGURATIONS = {
    "en": "english", "es": "spanish", "de": "german", "ru": "russian", "ar": "arabic",
}  # fmt: skip
OTHER = "simple"
# A tsvector holds at most a megabyte; a report longer than this is found by its beginning.
INDEXED_CHARACTERS = 150_000
# Accents and the like once split from their letters; the vowel signs of Arabic and Hebrew.
MARKS = r"[\u0300-\u036f\u0591-\u05bd\u064b-\u0655\u0670]"

type Query = SearchQuery | CombinedSearchQuery


class Folded(Func):
    """A text without the marks on its letters, in SQL; ``folded`` does the same in Python."""

    function = "regexp_replace"
    template = f"normalize(%(function)s(normalize(%(expressions)s, NFD), '{MARKS}', '', 'g'), NFC)"
    output_field = TextField()


def folded(text: str) -> str:
    """Return the text without the marks on its letters."""
    return unicodedata.normalize("NFC", re.sub(MARKS, "", unicodedata.normalize("NFD", text)))


def query_in(configuration: str, text: str) -> Query:
    """Return what a reader typed (words, "phrases", -exclusions), by a language's rules."""
    text = re.sub("[\x00\ud800-\udfff]", "", text)  # what no database text can hold
    queries = [
        SearchQuery(form, search_type="websearch", config=configuration)
        for form in dict.fromkeys([text, folded(text)])
    ]
    if len(queries) == 1:
        return queries[0]
    either = SearchQueryCombinable.BITOR
    return CombinedSearchQuery(  # the output field has to be named, or Django cannot tell it
        queries[0],
        either,
        queries[1],
        SearchConfig(configuration),
        output_field=SearchQueryField(),
    )


def matches(text: str) -> Q:
    """Return the condition on articles: each is asked in its own language.

    One condition a language, so that each can be answered from the index.
    """
    condition = ~Q(language__in=SEARCH_CONFIGURATIONS) & Q(search_vector=query_in(OTHER, text))
    for language, configuration in SEARCH_CONFIGURATIONS.items():
        condition |= Q(language=language, search_vector=query_in(configuration, text))
    return condition


def vector(configuration: str) -> Combinable:
    """Return the search column of articles: their words, with and without marks."""
    plain = {weight: [_if_marked(text) for text in texts] for weight, texts in _texts().items()}
    return _weighted(_texts(), configuration) + _weighted(plain, configuration)


def words() -> Combinable:
    """Return the words of articles as they are written, in no language's rules."""
    return _weighted(_texts(), OTHER)


def _if_marked(text: Combinable) -> Combinable:
    """Return the text without its marks, or null if it has none."""
    text = Cast(text, TextField())
    return Func(Folded(text), text, function="NULLIF", output_field=TextField())


def _weighted(texts: dict[str, list[Combinable]], configuration: str) -> Combinable:
    vectors: Iterable[Any] = (
        SearchVector(*parts, weight=weight, config=configuration) for weight, parts in texts.items()
    )
    whole: Combinable = reduce(add, vectors)
    return whole


def _texts() -> dict[str, list[Combinable]]:
    """Return what is searched, by how much it counts."""
    bylines = apps.get_model("articles", "Byline").objects.order_by()
    filed = apps.get_model("articles", "Article").tags.through.objects.order_by()
    return {
        "A": [F("headline")],
        "B": [F("lede"), F("key_points"), _names(bylines, "author"), _names(filed, "tag")],
        "C": [Left(F("body"), INDEXED_CHARACTERS)],
    }


def _names(rows: QuerySet[Any], relation: str) -> Subquery:
    """Return the names that an article's rows of another table lead to, as one text."""
    own = rows.filter(article=OuterRef("pk")).values("article")
    name = f"{relation}__name"  # in a fixed order: the same report has the same column
    names = StringAgg(name, Value(" "), order_by=name, output_field=TextField())
    return Subquery(own.annotate(names=names).values("names"), output_field=TextField())

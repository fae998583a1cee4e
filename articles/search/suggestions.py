"""Did you mean: a mistyped word is led to a word that reports hold.

How, and what else was weighed: docs/decisions/0004.
"""

import re
from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func, IntegerField, Value
from django.db.models.functions import Length
from rapidfuzz.distance import OSA

from articles.models import SearchWord
from articles.search.results import NO_FILTERS, Filters, matching_articles
from articles.search.text import folded
from articles.search.vocabulary import LONGEST, trigrams

MOST_WORDS = 8  # of a query are looked at
SHORTEST = 4  # letters: of a shorter word too much else is near
CANDIDATES = 50
# A quoted phrase, an excluded word or phrase, a word: only words are corrected.
_PARTS = re.compile(r'-?"[^"]*"?|[^\s"]+|\s+')
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


def suggest_query(query: str, filters: Filters = NO_FILTERS) -> str:
    """Return the query with its mistyped words corrected, or "" if none is or nothing matches."""
    parts = _PARTS.findall(query)
    asked = [part.lower() for part in parts if _WORD.fullmatch(part) and len(part) >= SHORTEST]
    asked = [word for word in dict.fromkeys(asked) if len(word) <= LONGEST][:MOST_WORDS]
    known = set(SearchWord.objects.filter(word__in=asked).values_list("word", flat=True))
    meant = {word: better for word in asked if word not in known and (better := _nearest(word))}
    if not meant:
        return ""
    suggestion = "".join(meant.get(part.lower(), part) for part in parts)
    return suggestion if matching_articles(suggestion, filters).exists() else ""


def _nearest(word: str) -> str:
    """Return the known word nearest to one that is not known, or "" if none is near."""
    plain = folded(word)
    reach = 1 if len(plain) <= 5 else 2
    near = []
    for candidate, reports in _candidates(plain, reach):
        letters = folded(candidate)
        distance = OSA.distance(plain, letters, score_cutoff=reach)
        if distance <= reach:
            # The first letter is the one least often mistyped.
            near.append((distance, letters[0] != plain[0], -reports, candidate))
    return min(near)[-1] if near else ""


def _candidates(plain: str, reach: int) -> Iterable[tuple[str, int]]:
    """Return known words that share most trigrams with a word, and in how many reports each is."""
    asked = Value(trigrams(plain), output_field=ArrayField(CharField(max_length=3)))
    shared = Func(
        F("trigrams"), asked,
        template="cardinality(ARRAY(SELECT unnest(%(expressions)s)))",
        arg_joiner=") INTERSECT SELECT unnest(", output_field=IntegerField(),
    )  # fmt: skip
    return (
        SearchWord.objects.annotate(length=Length("word"), shared=shared)
        .filter(
            trigrams__overlap=trigrams(plain),
            length__gte=len(plain) - reach,
            length__lte=len(plain) + 2 * reach,
        )
        .order_by("-shared", "-reports", "word")
        .values_list("word", "reports")[:CANDIDATES]
    )

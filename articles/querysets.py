"""How reports are asked for."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import models
from django.db.models import Case, F, Prefetch, Q, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Left
from django.utils import timezone

if TYPE_CHECKING:
    from articles.models import Article  # noqa: F401

# PostgreSQL's text search configuration of each language; any other is cut into words only.
SEARCH_CONFIGURATIONS = {
    "en": "english", "es": "spanish", "de": "german", "ru": "russian", "ar": "arabic",
}  # fmt: skip
# A tsvector holds at most a megabyte; a report longer than this is found by its beginning.
INDEXED_CHARACTERS = 200_000


class ArticleQuerySet(models.QuerySet["Article"]):
    """Reports by what readers may see and how pages show them."""

    def published(self) -> Self:
        """Those readers may see now; a scheduled one from its minute on, worker or no worker."""
        return self.filter(status__in=["scheduled", "published"], published_at__lte=timezone.now())

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def with_cards(self) -> Self:
        """With all that a card of a list shows, in two queries."""
        return (
            self.select_related("section", "lead_image")
            .with_bylines()
            .defer("body", "search_vector")
        )

    def with_bylines(self) -> Self:
        bylines = apps.get_model("articles", "Byline").objects.select_related("author")
        return self.prefetch_related(Prefetch("bylines", bylines))

    def matching(self, query: str) -> Self:
        """Those that match a reader's query (words, "phrases", -exclusions), with their ``rank``.

        A report is searched in its own language.
        """
        queries = {
            language: SearchQuery(query, search_type="websearch", config=configuration)
            for language, configuration in SEARCH_CONFIGURATIONS.items()
        }
        other = SearchQuery(query, search_type="websearch", config="simple")
        # One condition a language, so that each can be answered from the index.
        matches = ~Q(language__in=queries) & Q(search_vector=other)
        for language, one in queries.items():
            matches |= Q(language=language, search_vector=one)
        own = Case(*(When(language=k, then=one) for k, one in queries.items()), default=other)
        return self.filter(matches).annotate(
            rank=SearchRank(F("search_vector"), own, normalization=32)
        )

    def index_for_search(self) -> int:
        """Compute the search column anew; returns how many rows. Call it after bulk writes."""

        def vector(configuration: str) -> Combinable:
            text = Left(F("body"), INDEXED_CHARACTERS)
            return (
                SearchVector("headline", weight="A", config=configuration)
                + SearchVector("lede", weight="B", config=configuration)
                + SearchVector(text, weight="C", config=configuration)
            )

        rows = 0
        for language, configuration in SEARCH_CONFIGURATIONS.items():
            rows += self.filter(language=language).update(search_vector=vector(configuration))
        rest = self.exclude(language__in=SEARCH_CONFIGURATIONS)
        return rows + rest.update(search_vector=vector("simple"))

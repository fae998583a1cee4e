"""How reports are asked for."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.postgres.search import SearchRank
from django.db import models
from django.db.models import Case, F, Prefetch, When
from django.utils import timezone

from articles.search.text import OTHER, SEARCH_CONFIGURATIONS, matches, query_in, vector

if TYPE_CHECKING:
    from articles.models import Article  # noqa: F401


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
        own = Case(
            *(When(language=k, then=query_in(v, query)) for k, v in SEARCH_CONFIGURATIONS.items()),
            default=query_in(OTHER, query),
        )
        rank = SearchRank(F("search_vector"), own, normalization=32)
        return self.filter(matches(query)).annotate(rank=rank)

    def index_for_search(self) -> int:
        """Compute the search column anew; returns how many rows.

        Call it after bulk writes, and when bylines or tags have changed.
        """
        rows = 0
        for language in self.order_by().values_list("language", flat=True).distinct():
            configuration = SEARCH_CONFIGURATIONS.get(language, OTHER)
            rows += self.filter(language=language).update(search_vector=vector(configuration))
        return rows

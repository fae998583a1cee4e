"""How reports are asked for."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from articles.models import Article  # noqa: F401


class ArticleQuerySet(models.QuerySet["Article"]):
    """Reports by what readers may see and how pages show them."""

    def published(self) -> Self:
        """Those readers may see now; a scheduled one from its minute on, worker or no worker."""
        return self.exclude(status="draft").filter(published_at__lte=timezone.now())

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def with_cards(self) -> Self:
        """With all that a card of a list shows, in a constant number of queries."""
        return (
            self.select_related("section", "series", "lead_image")
            .prefetch_related("bylines__author")
            .defer("body", "search_vector")
        )

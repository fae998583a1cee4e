"""The archive's months."""

import datetime
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth

from articles.models import Article


def months_with_reports() -> list[tuple[int, list[dict[str, Any]]]]:
    """Return each year, newest first, with its months: ``month`` (a datetime) and ``reports``."""
    months = (
        Article.objects.published()
        .order_by()
        .annotate(month=TruncMonth("published_at"))
        .values("month")
        .annotate(reports=Count("pk"))
        .order_by("-month")
    )

    def year(row: dict[str, Any]) -> int:
        month: datetime.datetime = row["month"]
        return month.year

    return [(number, list(rows)) for number, rows in groupby(map(dict, months), key=year)]

"""When what readers see changes by itself."""

import datetime

from django.db.models import Min
from django.utils import timezone

from articles.models import PUBLIC, Article, FrontSlot


def next_publication() -> datetime.datetime | None:
    """Return when the next scheduled report appears."""
    waiting = Article.objects.filter(status__in=PUBLIC, published_at__gt=timezone.now())
    at: datetime.datetime | None = waiting.aggregate(at=Min("published_at"))["at"]
    return at


def next_expiry() -> datetime.datetime | None:
    """Return when the next place on the front page is given up."""
    places = FrontSlot.objects.filter(expires_at__gt=timezone.now())
    at: datetime.datetime | None = places.aggregate(at=Min("expires_at"))["at"]
    return at

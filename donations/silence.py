"""Noticing that a provider tells of nothing any more, before the month's end does."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from donations.models import Provider, RefusedDelivery, WebhookEvent
from donations.providers import PROVIDERS


@dataclass(frozen=True)
class Silence:
    """A provider that is on, when it was last heard, and whether what came since was refused."""

    provider: str
    last_at: datetime.datetime | None
    is_refused: bool


def silent_providers() -> list[Silence]:
    """Return the providers that are on and have told of nothing for ``WEBHOOK_SILENT_DAYS``.

    One that never told of anything is silent too: it was set up here, but not with the provider.
    """
    since = timezone.now() - datetime.timedelta(days=settings.WEBHOOK_SILENT_DAYS)
    on = [name for name, provider in PROVIDERS.items() if provider.is_on()]
    if not on:
        return []
    events = WebhookEvent.objects.filter(provider__in=on).order_by()
    heard = dict(events.values_list("provider").annotate(last=Max("received_at")))
    refused = set(
        RefusedDelivery.objects.filter(last_at__gte=since).values_list("provider", flat=True)
    )
    return [
        Silence(str(Provider(name).label), heard.get(name), name in refused)
        for name in on
        if name not in heard or heard[name] < since
    ]

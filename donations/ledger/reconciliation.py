"""Proves the books: what providers told, what was recorded, what counts and what the meters say.

Each is worked out anew from the one before, in another way than it was made.
"""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.campaigns import past_drives
from donations.events import read_event
from donations.ledger.posting import lines_due
from donations.ledger.recording import Report
from donations.ledger.settlement import standing_of
from donations.meter import meter_of
from donations.models import Campaign, Entry, Gift, Movement, Provider, WebhookEvent
from donations.money import format_money

AT_ONCE = 1000


@dataclass(frozen=True)
class Difference:
    """Something that does not agree. Names no person."""

    subject: str
    text: str


def find_differences() -> Iterator[Difference]:
    """Yield whatever does not agree; nothing when the books are right."""
    yield from _events_against_movements()
    yield from _movements_without_a_source()
    counted: Counter[tuple[str, datetime.date]] = Counter()
    yield from _gifts_against_entries(counted)
    yield from _entries_against_meters(counted)


def _events_against_movements() -> Iterator[Difference]:
    """Read every event anew that is still kept, and look for what it says."""
    for event in WebhookEvent.objects.filter(status__in=["waiting", "failed"]).defer("body"):
        yield Difference(_name(event), _("Has not been processed: %(why)s.") % {
            "why": event.error or event.get_status_display()
        })  # fmt: skip
    kept = WebhookEvent.objects.filter(status="done", body__isnull=False)
    for event in kept.iterator(AT_ONCE):
        for report in read_event(event):
            if isinstance(report, Report) and not _is_recorded(report):
                yield Difference(_name(event), _("What it tells is not recorded so."))


def _is_recorded(report: Report) -> bool:
    return Movement.objects.filter(
        gift__provider=report.provider, gift__reference=report.payment, kind=report.kind,
        reference=report.reference or report.payment, amount_minor=report.amount_minor,
        currency=report.currency, occurred_at=report.occurred_at,
    ).exists()  # fmt: skip


def _movements_without_a_source() -> Iterator[Difference]:
    """Find what neither a provider told nor anybody entered."""
    told = Q(gift__provider=Provider.HAND) | Q(event__isnull=False) | Q(entered_by__isnull=False)
    for movement in Movement.objects.exclude(told).select_related("gift"):
        yield Difference(str(movement.gift), _("Nobody told of this: %s.") % movement)


def _gifts_against_entries(
    counted: Counter[tuple[str, datetime.date]],
) -> Iterator[Difference]:
    """Settle every gift anew; ``counted`` gets what they count together."""
    gifts = Gift.objects.prefetch_related("movements", "conversions", "entries")
    for gift in gifts.order_by("pk").iterator(AT_ONCE):
        standing = standing_of(gift.movements.all())
        rates = {
            fixed.into: fixed.rate
            for fixed in gift.conversions.all()
            if (fixed.currency, fixed.day) == (standing.currency, standing.day)
        }
        due = lines_due(standing, rates)
        counted.update(due)
        entered: Counter[tuple[str, datetime.date]] = Counter()
        for entry in gift.entries.all():
            entered[entry.currency, entry.day] += entry.amount_minor
        for currency, day in sorted({*due, *entered}):
            should, does = due.get((currency, day), 0), entered[currency, day]
            if should != does:
                yield Difference(
                    str(gift),
                    _("Counts %(does)s on %(day)s, and should count %(should)s.")
                    % {
                        "does": format_money(does, currency),
                        "should": format_money(should, currency),
                        "day": day,
                    },
                )


def _entries_against_meters(
    counted: Counter[tuple[str, datetime.date]],
) -> Iterator[Difference]:
    """Compare what each drive and past month shows with the gifts of its days."""
    today = timezone.localdate()
    shown = [
        (campaign.label, campaign.currency, campaign.period_on(today), meter_of(campaign).raised)
        for campaign in Campaign.objects.with_raised()
    ]
    shown += [
        (drive.label, drive.campaign.currency, drive.period, drive.raised)
        for drive in past_drives()
    ]
    for label, currency, period, raised in shown:
        total = sum(
            amount
            for (of, day), amount in counted.items()
            if of == currency and period.starts_on <= day <= period.ends_on
        )
        should = format_money(total, currency)
        if raised != should:
            yield Difference(
                label,
                _("The meter shows %(raised)s, and the gifts make %(should)s.")
                % {"raised": raised, "should": should},
            )


def size_of_books() -> dict[str, int]:
    """Return how much was compared, and how many gifts wait for an exchange rate."""
    return {
        "events": WebhookEvent.objects.count(),
        "gifts": Gift.objects.count(),
        "movements": Movement.objects.count(),
        "entries": Entry.objects.count(),
        "waiting": Gift.objects.waiting().count(),
    }


def _name(event: WebhookEvent) -> str:
    return f"{event.provider} {event.event_id}"

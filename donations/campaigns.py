"""What the staff does with drives, and how the past ones went."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.ledger.posting import count_waiting
from donations.models import Campaign, FormerGoal
from donations.models.campaign import Period
from donations.money import format_money


@dataclass(frozen=True)
class PastDrive:
    """A drive, or a month of one, that is over."""

    campaign: Campaign
    period: Period
    goal_minor: int
    raised_minor: int

    @property
    def label(self) -> str:
        return self.campaign.label_of(self.period)

    @property
    def raised(self) -> str:
        return format_money(self.raised_minor, self.campaign.currency)

    @property
    def goal(self) -> str:
        return format_money(self.goal_minor, self.campaign.currency)

    @property
    def percent(self) -> int:
        return self.raised_minor * 100 // self.goal_minor


def save_campaign(*, campaign: Campaign) -> None:
    """Save a new or changed drive, and let gifts of its days count that waited for it.

    A monthly drive's months that are over keep the goal they had.
    """
    with transaction.atomic():
        if campaign.pk and campaign.kind == Campaign.Kind.MONTHLY:
            before = Campaign.objects.select_for_update().get(pk=campaign.pk)
            until = Campaign.month_of(timezone.localdate()).before
            if before.goal_minor != campaign.goal_minor and before.starts_on <= until:
                FormerGoal.objects.get_or_create(
                    campaign=campaign, until=until, defaults={"goal_minor": before.goal_minor}
                )
        campaign.save()
    count_waiting()


def end_campaign(*, campaign: Campaign, by: Any) -> None:
    """End a drive: today's gifts are the last that count, and the meter shows it no more.

    Raises PermissionDenied without the right to change campaigns, ValidationError for one that is
    over or has not begun.
    """
    if not by.has_perm("donations.change_campaign"):
        raise PermissionDenied(_("You may not end campaigns."))
    today = timezone.localdate()
    with transaction.atomic():
        row = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if row.ended_at or (row.ends_on and row.ends_on < today):
            raise ValidationError(_("This campaign is over."))
        if row.starts_on > today:
            raise ValidationError(_("This campaign has not begun. Delete it instead."))
        row.ends_on, row.ended_at = today, timezone.now()
        row.save(update_fields=["ends_on", "ended_at"])


def past_drives() -> list[PastDrive]:
    """Return the drives and months that are over, the latest first, those without a gift too."""
    today = timezone.localdate()
    over = [
        (campaign, period, goal)
        for campaign in Campaign.objects.filter(starts_on__lte=today).prefetch_related(
            "former_goals"
        )
        for period, goal in _periods_over(campaign, today)
    ]
    over.sort(key=lambda row: (row[1].ends_on, row[1].starts_on), reverse=True)
    sums = raised_in([(campaign.currency, period) for campaign, period, _goal in over])
    return [PastDrive(*row, raised) for row, raised in zip(over, sums, strict=True)]


def raised_in(periods: Sequence[tuple[str, Period]]) -> list[int]:
    """Return what the ledger counts in each currency and period, in one query over its index."""
    if not periods:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT sum(amount_minor) FROM donations_entry e"
            " WHERE e.currency = p.currency AND e.day BETWEEN p.starts_on AND p.ends_on), 0)"
            " FROM unnest(%s::varchar[], %s::date[], %s::date[]) WITH ORDINALITY"
            " AS p (currency, starts_on, ends_on, number) ORDER BY number",
            [
                [currency for currency, _period in periods],
                [period.starts_on for _currency, period in periods],
                [period.ends_on for _currency, period in periods],
            ],
        )
        return [int(total) for (total,) in cursor.fetchall()]


def _periods_over(campaign: Campaign, today: datetime.date) -> Iterator[tuple[Period, int]]:
    """Yield the periods of a drive that are over, with their goals, the latest first."""
    period = campaign.period_on(min(today, campaign.ends_on or today))
    if period.ends_on < today or campaign.ended_at:
        yield period, campaign.goal_minor
    if campaign.kind != Campaign.Kind.MONTHLY:
        return
    former = list(campaign.former_goals.all())
    while period.starts_on > campaign.starts_on:
        period = campaign.period_on(period.before)
        goals = (goal.goal_minor for goal in former if goal.until >= period.ends_on)
        yield period, next(goals, campaign.goal_minor)

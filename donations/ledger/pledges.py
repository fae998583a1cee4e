"""Takes down what is told of gifts that are repeated."""

import datetime
from dataclasses import dataclass

from django.db import connection, transaction

from donations.models import Gift, Pledge


@dataclass(frozen=True)
class PledgeReport:
    """What a provider tells of a monthly gift (its subscription). Empty: nothing told."""

    provider: str
    reference: str
    told_at: datetime.datetime
    customer: str = ""  # the name for the donor that each payment carries too
    amount_minor: int | None = None
    currency: str = ""
    interval: str = ""
    donor_name: str = ""
    donor_email: str = ""
    started_at: datetime.datetime | None = None
    ended_at: datetime.datetime | None = None


def record_pledge(report: PledgeReport) -> Pledge:
    """Record what is told of a monthly gift, and lead its payments to it; return it.

    The latest word counts, in whatever order they come; of the donor, the first.
    """
    with transaction.atomic():
        hold_customer(report.provider, report.customer)
        pledge, is_new = Pledge.objects.select_for_update().get_or_create(
            provider=report.provider, reference=report.reference,
            defaults={
                "told_at": report.told_at, "started_at": report.started_at or report.told_at,
            },
        )  # fmt: skip
        for name in ("customer", "donor_name", "donor_email"):
            if not getattr(pledge, name):
                setattr(pledge, name, getattr(report, name))
        if report.started_at and report.started_at < pledge.started_at:
            pledge.started_at = report.started_at
        if is_new or report.told_at >= pledge.told_at:
            pledge.told_at, pledge.ended_at = report.told_at, report.ended_at
            pledge.interval = report.interval or pledge.interval
        if report.amount_minor and (report.told_at >= pledge.told_at or not pledge.amount_minor):
            pledge.amount_minor, pledge.currency = report.amount_minor, report.currency
        pledge.save()
        if pledge.customer:
            Gift.objects.filter(
                provider=pledge.provider, customer=pledge.customer, pledge=None
            ).update(pledge=pledge)
        return pledge


def hold_customer(provider: str, customer: str) -> None:
    """Let a donor's payments and monthly gift find each other when both come at once.

    Taken before the rows of either, so that two that come at once cannot wait for each other.
    """
    if customer:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{provider} {customer}"]
            )

"""How drives and gifts are asked for, with what the ledger says of them."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, JSONObject, Least
from django.utils import timezone

if TYPE_CHECKING:
    from donations.models import Campaign, Gift  # noqa: F401


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Drives by their days."""

    def running(self) -> Self:
        """Those that are active today, by the site's calendar; one-off drives first."""
        running = self.covering(Value(timezone.localdate())).filter(is_active=True, ended_at=None)
        return running.order_by("-kind", "-starts_on", "-pk")

    def covering(self, day: Value | OuterRef) -> Self:
        """Those within whose days a day lies, paused or not."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def with_raised(self) -> Self:
        """With ``raised_minor``, what the ledger counts in the drive's currency and days, and
        ``milestones_told``, what is said from which per cent on.

        A monthly drive's days are those of the current month. Nothing is stored, so the meter
        cannot differ from the ledger; the sum is read from the index ``entry_counted`` alone.
        """
        today = timezone.localdate()
        month = self.model.month_of(today)
        is_monthly = Q(kind=self.model.Kind.MONTHLY)
        rows = self.annotate(
            period_starts=Case(
                When(is_monthly, then=Greatest(F("starts_on"), Value(month.starts_on))),
                default=F("starts_on"),
            ),
            period_ends=Case(
                When(is_monthly, then=Least(F("ends_on"), Value(month.ends_on))),
                default=F("ends_on"),
            ),
        )
        entries = (
            apps.get_model("donations", "Entry")
            .objects.filter(
                currency=OuterRef("currency"),
                day__gte=OuterRef("period_starts"),
                day__lte=OuterRef("period_ends"),
            )
            .order_by()
            .values("currency")
            .annotate(total=Sum("amount_minor"))
            .values("total")
        )
        # The sum of integers is a decimal in Postgres.
        raised = Coalesce(Subquery(entries, output_field=models.BigIntegerField()), 0)
        milestones = (
            apps.get_model("donations", "Milestone")
            .objects.filter(campaign=OuterRef("pk"))
            .order_by("percent")
            .values(json=JSONObject(percent="percent", message="message"))
        )
        return rows.annotate(raised_minor=raised, milestones_told=ArraySubquery(milestones))


class GiftQuerySet(models.QuerySet["Gift"]):
    """Gifts by what is known of them."""

    def pending(self) -> Self:
        """Those that are announced: nothing has come in, nor failed to."""
        movements = apps.get_model("donations", "Movement").objects.filter(gift=OuterRef("pk"))
        return self.filter(
            Exists(movements.filter(kind="pending")),
            ~Exists(movements.filter(kind__in=["payment", "failed"])),
        )

    def waiting(self) -> Self:
        """Those that do not count in a drive of their day yet, for want of an exchange rate."""
        fixed = apps.get_model("donations", "Conversion").objects.filter(
            gift=OuterRef(OuterRef("gift")),
            currency=OuterRef(OuterRef("currency")),
            into=OuterRef("currency"),
            day=OuterRef(OuterRef("day")),
        )
        drives = (
            apps.get_model("donations", "Campaign")
            .objects.covering(OuterRef("day"))
            .exclude(currency=OuterRef("currency"))
            .exclude(Exists(fixed))
        )
        payments = apps.get_model("donations", "Movement").objects.filter(kind="payment")
        earlier = payments.filter(gift=OuterRef("gift"), occurred_at__lt=OuterRef("occurred_at"))
        waiting = payments.filter(Exists(drives), ~Exists(earlier), gift=OuterRef("pk"))
        return self.filter(Exists(waiting))

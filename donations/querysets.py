"""How drives are asked for, with what they have raised."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

if TYPE_CHECKING:
    from donations.models import Campaign  # noqa: F401


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Drives by their days."""

    def running(self) -> Self:
        """Those that are active today, by the site's calendar."""
        today = timezone.localdate()
        return self.filter(is_active=True, starts_on__lte=today, ends_on__gte=today)

    def past(self) -> Self:
        return self.filter(ends_on__lt=timezone.localdate())

    def with_raised(self) -> Self:
        """With ``raised_minor``: the gifts received in the drive's days and currency.

        Pending and refunded gifts and those in other currencies do not count. Nothing is stored,
        so the meter cannot differ from the ledger.
        """
        gifts = (
            apps.get_model("donations", "Gift")
            .objects.filter(
                status="received",
                currency=OuterRef("currency"),
                received_on__gte=OuterRef("starts_on"),
                received_on__lte=OuterRef("ends_on"),
            )
            .order_by()
            .values("currency")
            .annotate(total=Sum("amount_minor"))
            .values("total")
        )
        raised = Coalesce(Subquery(gifts, output_field=models.BigIntegerField()), 0)
        return self.annotate(raised_minor=raised)

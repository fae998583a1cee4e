"""Ways to give and the boxes' texts."""

import datetime

from django.contrib import admin
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from donations.models import DonationMethod, SupportText

COUNTED_DAYS = 30


@admin.register(DonationMethod)
class DonationMethodAdmin(ModelAdmin):
    list_display = [
        "label", "kind", "language", "position", "is_in_boxes", "is_active", "departures",
    ]  # fmt: skip
    list_editable = ["position", "is_in_boxes", "is_active"]
    fieldsets = [
        (None, {"fields": ["kind", "label", "url", "details"]}),
        (
            _("Bank transfer"),
            {
                "fields": ["account_holder", "iban", "bic", "transfer_text"],
                "description": _("Shown with a QR code that banking apps read."),
            },
        ),
        (_("Cryptocurrency"), {"fields": ["coin", "wallet"]}),
        (_("Where"), {"fields": ["language", "position", "is_in_boxes", "is_active"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DonationMethod]:
        since = timezone.localdate() - datetime.timedelta(days=COUNTED_DAYS)
        departed = Sum("departures__number", filter=Q(departures__day__gt=since))
        return super().get_queryset(request).annotate(departed=departed)  # type: ignore[no-any-return]

    @admin.display(description=_("followed in 30 days"), ordering="departed")
    def departures(self, method: DonationMethod) -> int | str:
        """How often readers followed it; only what leads out is counted."""
        return method.departed or 0 if method.leads_out else "-"  # type: ignore[attr-defined]


@admin.register(SupportText)
class SupportTextAdmin(ModelAdmin):
    list_display = ["heading", "placement", "language"]

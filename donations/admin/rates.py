"""Exchange rates in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from donations.ledger.posting import count_waiting
from donations.models import ExchangeRate


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ModelAdmin):
    """What foreign money is worth. Gifts that waited for a rate count once it is saved."""

    fields = ["currency", "into", "rate", "valid_from"]
    list_display = ["currency", "into", "rate", "valid_from"]
    list_filter = ["currency", "into"]

    def save_model(self, request: HttpRequest, obj: ExchangeRate, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if counted := count_waiting():
            text = ngettext(
                "%d gift that waited counts now.", "%d gifts that waited count now.", counted
            )
            messages.success(request, text % counted)

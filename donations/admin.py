"""Drives, ways to give, texts and the ledger in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from donations.ledger import refund_gift
from donations.meter import meter_of
from donations.models import Campaign, DonationMethod, Gift, SupportText
from donations.money import exponent_of, format_money, parse_money


class MoneyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose amount is typed as people write it, and kept in minor units."""

    amount_field: str
    amount = forms.CharField(
        label=_("Amount"), max_length=30, widget=UnfoldAdminTextInputWidget,
        help_text=_("In whole units, like 100 or 12.50."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "amount" in self.fields:
            exponent = exponent_of(self.instance.currency)
            minor = getattr(self.instance, self.amount_field)
            whole = f"{minor / 10**exponent:.{exponent}f}"
            self.fields["amount"].initial = whole

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("amount") and cleaned.get("currency"):
            try:
                minor = parse_money(cleaned["amount"], cleaned["currency"])
            except ValidationError as error:
                self.add_error("amount", error)
            else:
                setattr(self.instance, self.amount_field, minor)
        return cleaned


class CampaignForm(MoneyForm):
    amount_field = "goal_minor"

    class Meta:
        model = Campaign
        fields = ["label", "currency", "starts_on", "ends_on", "purpose", "is_active"]


class GiftForm(MoneyForm):
    amount_field = "amount_minor"

    class Meta:
        model = Gift
        fields = ["currency", "status", "received_on", "method", "donor_name", "note"]


@admin.register(Campaign)
class CampaignAdmin(ModelAdmin):
    form = CampaignForm
    fields = ["label", "amount", "currency", "starts_on", "ends_on", "purpose", "is_active"]
    list_display = ["label", "starts_on", "ends_on", "progress", "is_active"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        return super().get_queryset(request).with_raised()  # type: ignore[no-any-return]

    @admin.display(description=_("progress"))
    def progress(self, campaign: Campaign) -> str:
        meter = meter_of(campaign)
        return f"{meter.raised} / {meter.goal} ({meter.percent} %)"


@admin.register(DonationMethod)
class DonationMethodAdmin(ModelAdmin):
    list_display = ["label", "kind", "language", "position", "is_active"]
    list_editable = ["position", "is_active"]


@admin.register(SupportText)
class SupportTextAdmin(ModelAdmin):
    list_display = ["heading", "placement", "language"]


@admin.register(Gift)
class GiftAdmin(ModelAdmin):
    """The ledger, kept by hand: entries are added and refunded, not deleted."""

    form = GiftForm
    fields = ["amount", "currency", "received_on", "method", "status", "donor_name", "note"]
    list_display = ["amount_shown", "received_on", "method", "status", "donor_name"]
    list_filter = ["status", "method"]
    date_hierarchy = "received_on"
    actions = ["refund"]

    def get_changeform_initial_data(self, _request: HttpRequest) -> dict[str, Any]:
        running = Campaign.objects.running().first()
        return {"currency": running.currency if running else "USD"}

    def save_model(self, request: HttpRequest, obj: Gift, form: Any, change: bool) -> None:
        if not change:
            obj.entered_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    @admin.display(description=_("amount"), ordering="amount_minor")
    def amount_shown(self, gift: Gift) -> str:
        return format_money(gift.amount_minor, gift.currency)

    @admin.action(description=_("Mark as refunded"), permissions=["change"])
    def refund(self, request: HttpRequest, gifts: QuerySet[Gift]) -> None:
        for gift in gifts:
            try:
                refund_gift(gift=gift, by=request.user)
            except ValidationError as error:
                messages.warning(request, f"{gift}: {error.messages[0]}")

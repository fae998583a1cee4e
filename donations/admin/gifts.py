"""The ledger in the admin: gifts are entered and taken back, never changed or deleted."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from donations.admin.forms import MoneyForm
from donations.admin.overview import as_csv, overview, reconciliation
from donations.ledger.by_hand import confirm_gift, record_gift, refund_gift, reverse_gift
from donations.ledger.recording import Donor
from donations.ledger.settlement import Status
from donations.models import Campaign, Entry, Gift, Movement
from donations.money import format_money, validate_currency


class GiftForm(MoneyForm):
    """Enters a gift by hand."""

    currency = forms.CharField(
        label=_("Currency"), max_length=3, widget=UnfoldAdminTextInputWidget,
        validators=[validate_currency],
    )  # fmt: skip
    status = forms.ChoiceField(
        label=_("Status"), widget=UnfoldAdminSelectWidget,
        choices=[
            ("received", _("Received")), ("pending", _("Pending: does not count yet")),
        ],
    )  # fmt: skip
    received_on = forms.DateField(label=_("Received on"), widget=UnfoldAdminSingleDateWidget)

    class Meta:
        model = Gift
        fields = ["method", "donor_name", "donor_email", "note"]

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("That day is still to come."))
        return day


class StatusFilter(admin.SimpleListFilter):
    """Gifts that are announced, or that do not count yet for want of a rate."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, _request: Any, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("pending", _("Pending")), ("waiting", _("Waits for an exchange rate"))]

    def queryset(self, _request: Any, queryset: Any) -> Any:
        match self.value():
            case "pending":
                return queryset.pending()
            case "waiting":
                return queryset.waiting()
        return queryset


class LedgerInline(TabularInline):
    """Lines of the ledger, to be read."""

    extra = 0
    max_num = 0
    can_delete = False

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return request.user.has_perm("donations.view_gift")

    @admin.display(description=_("amount"))
    def amount(self, row: Any) -> str:
        if row.amount_minor is None:
            return str(_("All of it"))
        return format_money(row.amount_minor, row.currency)


class MovementInline(LedgerInline):
    model = Movement
    fields = readonly_fields = ["kind", "amount", "day", "reference", "recorded_at"]
    verbose_name_plural = _("What was told of it")


class EntryInline(LedgerInline):
    model = Entry
    fields = readonly_fields = ["day", "amount", "posted_at"]
    verbose_name_plural = _("What counts of it")


@admin.register(Gift)
class GiftAdmin(ModelAdmin):
    list_display = ["amount_shown", "received_on", "provider", "method", "status", "donor_name"]
    list_filter = [StatusFilter, "provider", "method"]
    list_select_related = ["method"]
    search_fields = ["reference", "donor_name", "donor_email"]
    actions = ["confirm", "refund", "reverse"]

    list_before_template = "admin/donations/gift/links.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("overview/", view(overview), name="donations_gift_overview"),
            path("reconciliation/", view(reconciliation), name="donations_gift_reconciliation"),
            path("csv/", view(as_csv), name="donations_gift_csv"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Gift]:
        return super().get_queryset(request).prefetch_related("movements")  # type: ignore[no-any-return]

    def get_form(
        self, request: Any, obj: Gift | None = None, change: bool = False, **kw: Any
    ) -> Any:
        return super().get_form(
            request, obj, change, **({} if change else {"form": GiftForm}), **kw
        )

    def get_fields(self, _request: HttpRequest, obj: Gift | None = None) -> list[str]:
        entered = ["provider", "reference", "amount_shown", "received_on", "status", "pledge"]
        asked = ["amount", "currency", "received_on", "status"]
        return [*(entered if obj else asked), "method", "donor_name", "donor_email", "note"]

    def get_readonly_fields(self, _request: HttpRequest, obj: Gift | None = None) -> list[str]:
        told = ["provider", "reference", "amount_shown", "received_on", "status", "pledge"]
        return told if obj else []

    def get_inlines(self, _request: HttpRequest, obj: Gift | None) -> list[Any]:
        return [MovementInline, EntryInline] if obj else []

    def get_changeform_initial_data(self, _request: HttpRequest) -> dict[str, Any]:
        running = Campaign.objects.running().first()
        return {
            "currency": running.currency if running else "USD",
            "received_on": timezone.localdate(),
        }

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Return the gift: a new one is entered by the ledger's own function."""
        if change:
            return super().save_form(request, form, change)
        told = form.cleaned_data
        form.save_m2m = lambda: None
        form.instance = record_gift(
            amount_minor=told["amount_minor"], currency=told["currency"],
            received_on=told["received_on"], is_pending=told["status"] == "pending",
            by=request.user,
            donor=Donor(
                name=told["donor_name"], email=told["donor_email"], note=told["note"],
                method=told["method"],
            ),
        )  # fmt: skip
        return form.instance

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    @admin.display(description=_("amount"))
    def amount_shown(self, gift: Gift) -> str:
        told = next((m for m in gift.movements.all() if m.amount_minor), None)
        return format_money(told.amount_minor or 0, told.currency) if told else ""

    @admin.display(description=_("received on"))
    def received_on(self, gift: Gift) -> Any:
        return gift.standing.day

    @admin.display(description=_("status"))
    def status(self, gift: Gift) -> str:
        return str(Status(gift.standing.status).label)

    @admin.action(description=_("Confirm: the money has come in"), permissions=["change"])
    def confirm(self, request: HttpRequest, gifts: QuerySet[Gift]) -> None:
        self._do(confirm_gift, request, gifts)

    @admin.action(description=_("Mark as refunded"), permissions=["change"])
    def refund(self, request: HttpRequest, gifts: QuerySet[Gift]) -> None:
        self._do(refund_gift, request, gifts)

    @admin.action(
        description=_("Reverse: entered by mistake, or never came"), permissions=["change"]
    )
    def reverse(self, request: HttpRequest, gifts: QuerySet[Gift]) -> None:
        self._do(reverse_gift, request, gifts)

    def _do(
        self, use_case: Callable[..., None], request: HttpRequest, gifts: QuerySet[Gift]
    ) -> None:
        for gift in gifts:
            try:
                use_case(gift=gift, by=request.user)
            except ValidationError as error:
                messages.warning(request, f"{gift}: {error.messages[0]}")

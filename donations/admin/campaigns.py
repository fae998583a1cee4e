"""Drives in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from donations.admin.forms import MoneyForm, in_whole_units
from donations.campaigns import end_campaign, save_campaign
from donations.meter import meter_of
from donations.models import Campaign, Milestone


class CampaignForm(MoneyForm):
    class Meta:
        model = Campaign
        fields = ["label", "kind", "currency", "starts_on", "ends_on", "purpose", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = _("Goal")
        if self.instance.pk:
            goal = in_whole_units(self.instance.goal_minor, self.instance.currency)
            self.fields["amount"].initial = goal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "amount_minor" in cleaned:
            self.instance.goal_minor = cleaned["amount_minor"]
        return cleaned


class MilestoneInline(TabularInline):
    model = Milestone
    extra = 0


@admin.register(Campaign)
class CampaignAdmin(ModelAdmin):
    """Drives. One that has begun keeps its currency and kind: its past is told in them."""

    form = CampaignForm
    fields = [
        "label", "kind", "amount", "currency", "starts_on", "ends_on", "purpose", "is_active",
    ]  # fmt: skip
    list_display = ["label", "kind", "starts_on", "ends_on", "progress", "is_active"]
    inlines = [MilestoneInline]
    actions = ["end_selected"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        return super().get_queryset(request).with_raised()  # type: ignore[no-any-return]

    def get_readonly_fields(self, _request: HttpRequest, obj: Campaign | None = None) -> list[str]:
        has_begun = obj is not None and obj.starts_on <= timezone.localdate()
        return ["kind", "currency"] if has_begun else []

    def save_model(self, _request: HttpRequest, obj: Campaign, _form: Any, _change: bool) -> None:
        save_campaign(campaign=obj)

    @admin.display(description=_("progress"))
    def progress(self, campaign: Campaign) -> str:
        meter = meter_of(campaign)
        return f"{meter.raised} / {meter.goal} ({meter.percent} %)"

    @admin.action(description=_("End"), permissions=["change"])
    def end_selected(self, request: HttpRequest, campaigns: QuerySet[Campaign]) -> None:
        for campaign in campaigns:
            try:
                end_campaign(campaign=campaign, by=request.user)
            except ValidationError as error:
                messages.warning(request, f"{campaign}: {error.messages[0]}")
            else:
                messages.success(request, gettext("“%(label)s” has ended.") % {"label": campaign})

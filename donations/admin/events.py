"""What providers delivered, to be read."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from donations.events import process_again
from donations.models import RefusedDelivery, WebhookEvent
from donations.providers.base import Reason


class ReadOnlyAdmin(ModelAdmin):
    """Rows that nobody adds, changes or deletes by hand."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    """Events, without their bodies: those hold names and addresses that nobody needs here."""

    fields = ["provider", "kind", "event_id", "received_at", "status", "error"]
    list_display = ["provider", "kind", "received_at", "status", "error"]
    list_filter = ["status", "provider"]
    search_fields = ["event_id"]
    actions = ["process_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEvent]:
        return super().get_queryset(request).defer("body", "headers")  # type: ignore[no-any-return]

    def has_process_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("donations.change_webhookevent")

    @admin.action(description=_("Process again"), permissions=["process"])
    def process_again(self, _request: HttpRequest, events: QuerySet[WebhookEvent]) -> None:
        for event in events:
            process_again(event)


@admin.register(RefusedDelivery)
class RefusedDeliveryAdmin(ReadOnlyAdmin):
    """How often deliveries were refused, by day, provider and reason."""

    fields = ["day", "provider", "why", "count", "last_at"]
    list_display = ["day", "provider", "why", "count", "last_at"]
    list_filter = ["provider"]

    @admin.display(description=_("reason"))
    def why(self, refusal: RefusedDelivery) -> str:
        return str(Reason(refusal.reason).label)

"""What donors asked for, and what was sent to them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from donations.donors.wall import decide_wall_names
from donations.models import Receipt, WallName
from donations.tasks import send_receipts


@admin.register(WallName)
class WallNameAdmin(ModelAdmin):
    """Names that donors want to have on the wall: shown or refused by staff, never rewritten."""

    list_display = ["name", "state", "asked_at", "decided_by"]
    list_filter = ["state"]
    actions = ["show_selected", "refuse_selected"]
    fields = readonly_fields = ["name", "state", "asked_at", "decided_by", "gift"]

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Show to readers"), permissions=["change"])
    def show_selected(self, request: HttpRequest, names: QuerySet[WallName]) -> None:
        self._decide(request, names, WallName.State.SHOWN)

    @admin.action(description=_("Refuse"), permissions=["change"])
    def refuse_selected(self, request: HttpRequest, names: QuerySet[WallName]) -> None:
        self._decide(request, names, WallName.State.REFUSED)

    def _decide(self, request: HttpRequest, names: QuerySet[WallName], state: Any) -> None:
        number = decide_wall_names(names=names, state=state, by=request.user)
        said = ngettext("%d name was changed.", "%d names were changed.", number) % number
        messages.success(request, said)


@admin.register(Receipt)
class ReceiptAdmin(ModelAdmin):
    """Letters of thanks: what was sent, what waits, and what could not be sent."""

    list_display = ["number", "gift", "created_at", "sent_at", "attempts", "is_given_up"]
    list_filter = ["is_given_up", ("sent_at", admin.EmptyFieldListFilter)]
    list_select_related = ["gift"]
    fields = readonly_fields = [
        "number", "gift", "created_at", "due_at", "sent_at", "attempts", "error", "is_given_up",
    ]  # fmt: skip
    actions = ["send_again"]

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Receipt | None = None) -> bool:
        return False

    @admin.action(description=_("Try to send once more"), permissions=["change"])
    def send_again(self, request: HttpRequest, receipts: QuerySet[Receipt]) -> None:
        number = receipts.filter(sent_at=None).update(
            is_given_up=False, attempts=0, due_at=timezone.now()
        )
        send_receipts.enqueue()
        said = ngettext("%d letter waits anew.", "%d letters wait anew.", number) % number
        messages.success(request, said)

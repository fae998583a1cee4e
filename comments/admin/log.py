"""The moderation log and the bans, to be searched."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from comments.models import Ban, ModerationEvent
from comments.moderation.bans import lift_ban


class ReadOnlyAdmin(ModelAdmin):
    """What is seen here, and made and changed nowhere but on the moderation desk."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


@admin.register(ModerationEvent)
class ModerationEventAdmin(ReadOnlyAdmin):
    """Who decided what, why and when."""

    list_display = ["at", "action", "who", "about", "reason", "rule", "note"]
    list_filter = ["action", "reason", "by"]
    search_fields = ["note", "rule", "article__headline", "by__display_name", "=comment__pk"]
    search_help_text = _("A word of the note, a rule, a headline, a name, or a comment's number.")
    list_select_related = ["by", "article"]
    date_hierarchy = "at"
    show_full_result_count = False
    fields = [
        "at", "action", "who", "about", "from_status", "to_status", "reason", "rule", "note",
        "told", "undoes",
    ]  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("who"))
    def who(self, event: ModerationEvent) -> str:
        # An account that is gone leaves its number behind.
        return event.by.display_name if event.by_id and event.by else "-"

    @admin.display(description=_("comment"))
    def about(self, event: ModerationEvent) -> str:
        if event.comment_id is None:
            return "-"
        address = reverse("admin:comments_comment_change", args=[event.comment_id])
        return format_html('<a href="{}">{}</a>', address, event.comment_id)


@admin.register(Ban)
class BanAdmin(ReadOnlyAdmin):
    """Who is kept out, since when, until when and why."""

    list_display = ["created_at", "kind", "mode", "reason", "expires_at", "lifted_at", "by"]
    list_filter = ["mode", "kind", "reason"]
    search_fields = ["note", "user__display_name", "=comment__pk"]
    list_select_related = ["by"]
    show_full_result_count = False
    actions = ["lift"]
    fields = [
        "kind", "mode", "user", "reason", "note", "comment", "by", "created_at", "expires_at",
        "lifted_at",
    ]  # fmt: skip
    readonly_fields = fields

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comments.moderate_comment")

    @admin.action(description=_("Lift the ban"), permissions=["moderate"])
    def lift(self, request: HttpRequest, bans: QuerySet[Ban]) -> None:
        for ban in list(bans):
            lift_ban(ban=ban, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Lifted."))

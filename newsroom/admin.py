"""What the site notes about itself, in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from newsroom.models import RetentionRun
from newsroom.retention.rules import RULES


@admin.register(RetentionRun)
class RetentionRunAdmin(ModelAdmin):
    """When what was kept long enough was last forgotten, and how much it was. Only seen here."""

    list_display = ["started_at", "finished_at", "forgotten"]
    fields = ["started_at", "finished_at", "forgotten"]
    readonly_fields = fields
    show_full_result_count = False

    @admin.display(description=_("removed"))
    def forgotten(self, run: RetentionRun) -> str:
        said = ((rule.label, run.removed[rule.name]) for rule in RULES if rule.name in run.removed)
        return format_html_join(", ", "{}: {}", said) or str(_("nothing"))

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

"""The media library."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from articles.models import Image


@admin.register(Image)
class ImageAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ["preview", "alt", "credit", "created_at"]
    list_display_links = ["preview", "alt"]
    search_fields = ["alt", "caption", "credit", "file"]
    readonly_fields = ["preview"]
    fields = ["file", "preview", "alt", "caption", "credit", ("focal_x", "focal_y")]

    @admin.display(description=_("picture"))
    def preview(self, image: Image) -> str:
        if not image.file:
            return _("No file")
        return format_html(
            '<img src="{}" alt="" width="120" height="80" class="object-cover">', image.file.url
        )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in {"file", "alt"} and field is not None:
            # Only an import leaves these empty; an editor who uploads fills them in.
            field.required = True
        return field

"""The media library."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminImageFieldWidget

from articles.forms import PictureFormField
from articles.models import Image


class ImageForm(forms.ModelForm):  # type: ignore[type-arg]
    """A picture and its words. Only an import leaves the file out."""

    file = PictureFormField(
        label=_("File"), widget=UnfoldAdminImageFieldWidget,
        help_text=_("JPEG, PNG, WebP or AVIF, up to 15 MB. Where it was taken is not kept."),
    )  # fmt: skip

    class Meta:
        model = Image
        fields = ["file", "alt", "is_decorative", "caption", "credit", "focal_x", "focal_y"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "caption" in self.fields:  # not for those who may only look
            self.fields["caption"].widget.attrs["rows"] = 3


@admin.register(Image)
class ImageAdmin(ModelAdmin):
    form = ImageForm
    list_display = ["preview", "alt", "credit", "size", "created_at"]
    list_display_links = ["preview", "alt"]
    search_fields = ["alt", "caption", "credit", "file"]
    readonly_fields = ["preview"]
    fields = [
        "file", "preview", "alt", "is_decorative", "caption", "credit", ("focal_x", "focal_y"),
    ]  # fmt: skip

    class Media:
        js = [forms.Script("js/admin/focal-point.js", type="module")]

    @admin.display(description=_("picture"))
    def preview(self, image: Image) -> str:
        if not image.file:
            return str(_("No file"))
        return format_html(
            '<img src="{}" alt="" loading="lazy" class="desk-preview" data-focal-point>',
            image.file.url,
        )

    @admin.display(description=_("size"))
    def size(self, image: Image) -> str:
        return f"{image.width} \N{MULTIPLICATION SIGN} {image.height}" if image.width else ""

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        if "file" in form.changed_data:
            obj.has_renditions = False  # until the worker has made those of the new file
        super().save_model(request, obj, form, change)

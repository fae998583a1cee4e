"""The media library."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from articles.admin.media_filters import AlternativeFilter, CreditFilter, UseFilter
from articles.admin.picture_choice import picture_choice
from articles.forms import ImageForm
from articles.models import Article, Image, Page
from articles.picture_usage import Use, delete_image, refusal, uses_of
from articles.renditions import discard_files, queue_missing


@admin.register(Image)
class ImageAdmin(ModelAdmin):
    """Authors add and describe pictures, editors delete those that nothing shows."""

    form = ImageForm
    list_display = ["preview"]
    search_fields = ["alt", "caption", "credit", "file"]
    search_help_text = _("Alternative, caption, credit or file name")
    list_filter = [UseFilter, AlternativeFilter, CreditFilter, "created_at"]
    list_per_page = 60
    readonly_fields = ["preview"]
    fields = [
        "file", "keep_both", "preview", ("focal_x", "focal_y"), "alt", "is_decorative", "caption",
        "credit",
    ]  # fmt: skip
    change_form_outer_after_template = "admin/articles/image/uses.html"

    class Media:
        js = [forms.Script("js/admin/focal-point.js", type="module")]

    def get_urls(self) -> list[URLPattern]:
        choice = self.admin_site.admin_view(partial(picture_choice, self))
        urls: list[URLPattern] = super().get_urls()
        return [path("choice/", choice, name="articles_image_choice"), *urls]

    @admin.display(description=_("picture"))
    def preview(self, image: Image) -> str:
        return render_to_string("admin/articles/image/focal_point.html", {"image": image})

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        """Save, and have the worker make what the new file or focal point needs."""
        replaced = form.initial.get("file") if "file" in form.changed_data else None
        if "file" in form.changed_data:
            obj.has_renditions, obj.crops_for = False, ""  # until the worker has made them
        super().save_model(request, obj, form, change)
        if replaced:
            discard_files(replaced)
        elif {"focal_x", "focal_y"} & set(form.changed_data) and change and obj.file:
            queue_missing(obj)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        page: HttpResponse = super().changeform_view(request, object_id, *args, **kwargs)
        context = getattr(page, "context_data", None)
        if context and context.get("original") is not None:
            context |= self._uses_context(request, context["original"])
        return page

    def _uses_context(self, request: HttpRequest, image: Image) -> dict[str, Any]:
        """Return the uses that the asker may know of, with their addresses, and how many more."""
        uses = uses_of(image)
        seen = [use for use in uses if self._may_see(request, use)]
        return {
            "uses": [(use, self._address(use)) for use in seen],
            "uses_unseen": len(uses) - len(seen),
        }

    def _may_see(self, request: HttpRequest, use: Use) -> bool:
        shown_by = use.shown_by
        desk: Any = self.admin_site.get_model_admin(type(shown_by))
        rows = desk.get_queryset(request)
        return bool(
            desk.has_view_or_change_permission(request) and rows.filter(pk=shown_by.pk).exists()
        )

    def _address(self, use: Use) -> str:
        name = {Article: "article", Page: "page"}[type(use.shown_by)]
        return reverse(f"admin:articles_{name}_change", args=[use.shown_by.pk])

    # Deleting -------------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Lead back to the picture, and to what shows it, where it cannot be deleted."""
        image = self.get_object(request, object_id)
        if (
            image is not None
            and self.has_delete_permission(request, image)
            and (uses := uses_of(image))
        ):
            messages.error(request, refusal(image, uses))
            return HttpResponseRedirect(reverse("admin:articles_image_change", args=[image.pk]))
        page: HttpResponse = super().delete_view(request, object_id, extra_context)
        return page

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        texts, counts, lacking, protected = super().get_deleted_objects(objs, request)
        refusals = [refusal(image, uses) for image in objs if (uses := uses_of(image))]
        return texts, counts, lacking, [*protected, *refusals]

    def delete_model(self, _request: HttpRequest, obj: Image) -> None:
        delete_image(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> None:
        for image in queryset:
            try:
                delete_image(image)
            except ValidationError as error:  # put into a report since the question was asked
                messages.error(request, error.messages[0])

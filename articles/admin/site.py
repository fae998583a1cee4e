"""The publication's identity, its menus and its standing pages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminColorInputWidget

from articles.admin.editor import body_field
from articles.models import MenuItem, Page, Publication


class PageForm(forms.ModelForm):  # type: ignore[type-arg]
    body = body_field(label=_("Body"), required=False)

    class Meta:
        model = Page
        fields = ["title", "slug", "body", "parent", "is_public"]


@admin.register(Page)
class PageAdmin(ModelAdmin):  # type: ignore[misc]
    form = PageForm
    list_display = ["title", "slug", "is_public", "modified_at"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}


@admin.register(MenuItem)
class MenuItemAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ["label", "menu", "url", "position"]
    list_editable = ["position"]
    list_filter = ["menu"]


@admin.register(Publication)
class PublicationAdmin(ModelAdmin):  # type: ignore[misc]
    """There is one; its list leads straight to it."""

    fields = [
        "name", "tagline", "logo", "accent_colour", "language", "time_zone", "currency",
        "comment_policy", "contact_email", "social_links", "footer_text",
    ]  # fmt: skip

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "accent_colour":
            kwargs["widget"] = UnfoldAdminColorInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        publication, _created = Publication.objects.get_or_create(pk=1)
        return HttpResponseRedirect(
            reverse("admin:articles_publication_change", args=[publication.pk])
        )

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

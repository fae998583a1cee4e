"""The publication's identity, its menus and its standing pages."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import (
    UnfoldAdminColorInputWidget,
    UnfoldAdminImageFieldWidget,
    UnfoldAdminSelectWidget,
)

from articles.admin.editor import BodyEditorAdmin, body_field
from articles.admin.family import FamilyForm
from articles.forms import PictureFormField
from articles.models import MenuItem, Page, Publication


class PageForm(FamilyForm):
    body = body_field(label=_("Body"), required=False)

    class Meta:
        model = Page
        fields = ["title", "slug", "body", "parent", "is_public"]


@admin.register(Page)
class PageAdmin(BodyEditorAdmin):
    form = PageForm
    list_display = ["title", "slug", "is_public", "modified_at"]
    list_display_links = ["title", "slug"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}
    warn_unsaved_form = True

    def view_on_site(self, obj: Page) -> str | None:
        return obj.get_absolute_url() if obj.is_public else None


@admin.register(MenuItem)
class MenuItemAdmin(ModelAdmin):
    list_display = ["label", "menu", "url", "position"]
    list_editable = ["position"]
    list_filter = ["menu"]


class PublicationForm(forms.ModelForm):  # type: ignore[type-arg]
    logo = PictureFormField(
        label=_("Logo"), required=False, widget=UnfoldAdminImageFieldWidget,
        help_text=_("PNG, WebP, AVIF or JPEG. Without one the name is set in type."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=UnfoldAdminSelectWidget
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), widget=UnfoldAdminSelectWidget,
        choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())],
    )  # fmt: skip

    class Meta:
        model = Publication
        fields = [
            "name", "tagline", "logo", "accent_colour", "language", "time_zone", "currency",
            "four_eyes", "comment_policy", "comments_close_after", "report_threshold", "downvotes",
            "trust_after", "trust_refused", "spam_hold_from", "spam_from", "burst_votes",
            "contact_email", "social_links",
            "address_days", "letter_days", "follow_days", "network_days",
            "footer_text",
        ]  # fmt: skip
        widgets = {"accent_colour": UnfoldAdminColorInputWidget}


@admin.register(Publication)
class PublicationAdmin(ModelAdmin):
    """There is one; its list leads straight to it."""

    form = PublicationForm
    fieldsets = [
        (None, {"fields": ["name", "tagline", "logo", "accent_colour"]}),
        (_("Place and money"), {"fields": ["language", "time_zone", "currency"]}),
        (_("Newsroom"), {"fields": ["four_eyes"]}),
        (
            _("Readers"),
            {
                "fields": [
                    "comment_policy",
                    "comments_close_after",
                    "report_threshold",
                    "downvotes",
                    "contact_email",
                    "social_links",
                ]
            },
        ),
        (
            _("For how many days is kept what is known of people"),
            {"fields": ["address_days", "letter_days", "follow_days", "network_days"]},
        ),
        (
            _("Trust and spam"),
            {
                "fields": [
                    "trust_after",
                    "trust_refused",
                    "spam_hold_from",
                    "spam_from",
                    "burst_votes",
                ]
            },
        ),
        (_("Foot of every page"), {"fields": ["footer_text"]}),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            refusal: HttpResponse = super().changelist_view(request, extra_context)
            return refusal
        publication, _created = Publication.objects.get_or_create(pk=1)
        return HttpResponseRedirect(
            reverse("admin:articles_publication_change", args=[publication.pk])
        )

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

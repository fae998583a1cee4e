"""Sections, series, tags and authors."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from articles.admin.family import FamilyForm
from articles.models import Author, Section, Series, Tag
from articles.tasks import index_reports_of


class SectionForm(FamilyForm):
    class Meta:
        model = Section
        fields = ["name", "slug", "description", "parent", "position"]


@admin.register(Section)
class SectionAdmin(ModelAdmin):
    form = SectionForm
    list_display = ["name", "slug", "parent", "position"]
    list_editable = ["position"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Series)
class SeriesAdmin(ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class SearchedNameAdmin(ModelAdmin):
    """Rows whose name finds reports: by a new name, the reports are indexed anew."""

    indexed_relation = ""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            index_reports_of.enqueue(self.indexed_relation, obj.pk)


@admin.register(Tag)
class TagAdmin(SearchedNameAdmin):
    indexed_relation = "tags"
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Author)
class AuthorAdmin(SearchedNameAdmin):
    indexed_relation = "authors"
    list_display = ["name", "role", "user"]
    list_select_related = ["user"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]
    prepopulated_fields = {"slug": ["name"]}

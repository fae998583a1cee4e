"""Sections, series, tags and authors."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from articles.admin.family import FamilyForm
from articles.models import Author, Section, Series, Tag


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


@admin.register(Tag)
class TagAdmin(ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Author)
class AuthorAdmin(ModelAdmin):
    list_display = ["name", "role", "user"]
    list_select_related = ["user"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]
    prepopulated_fields = {"slug": ["name"]}

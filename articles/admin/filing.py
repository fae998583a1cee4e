"""Sections, series, tags and authors."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from articles.models import Author, Section, Series, Tag


@admin.register(Section)
class SectionAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ["name", "slug", "parent", "position"]
    list_editable = ["position"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Series)
class SeriesAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Tag)
class TagAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Author)
class AuthorAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ["name", "role", "user"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]
    prepopulated_fields = {"slug": ["name"]}

"""Corrections on the desk: issued, looked at, and left as they are."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from articles.corrections import issue_correction
from articles.models import Correction
from articles.workflow import first_publication


class CorrectionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Correction
        fields = ["article", "kind", "text"]

    def clean_article(self) -> Any:
        article = self.cleaned_data["article"]
        if first_publication(article) is None:
            raise ValidationError(
                _("Readers have not seen this report, so there is nothing to correct.")
            )
        return article


@admin.register(Correction)
class CorrectionAdmin(ModelAdmin):
    """Editors issue corrections. The record is public: nobody changes or deletes an entry."""

    form = CorrectionForm
    list_display = ["text_shown", "kind", "article", "issued_at", "issued_by"]
    list_filter = ["kind"]
    list_select_related = ["article", "issued_by"]
    search_fields = ["text", "article__headline"]
    autocomplete_fields = ["article"]

    @admin.display(description=_("text"), ordering="text")
    def text_shown(self, correction: Correction) -> str:
        return correction.text[:100]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        rows: QuerySet[Correction] = super().get_queryset(request)
        return rows.defer("article__body", "article__search_vector")

    def get_fields(self, _request: HttpRequest, obj: Correction | None = None) -> Any:
        return ["article", "kind", "text", *(["issued_at", "issued_by"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Correction, *_form: Any) -> None:
        by: Any = request.user
        issued = issue_correction(article=obj.article, kind=obj.kind, text=obj.text, by=by)
        obj.pk, obj.issued_at = issued.pk, issued.issued_at

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

"""What the media library can be narrowed down to."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.models import Image
from articles.picture_usage import unused

type Choices = list[tuple[str, Any]]


class UseFilter(SimpleListFilter):
    title = _("use")
    parameter_name = "use"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [("none", _("Unused")), ("some", _("In use"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        if self.value() == "none":
            return unused(queryset)
        if self.value() == "some":
            return queryset.exclude(pk__in=unused(Image.objects.all()).values("pk"))
        return queryset


class AlternativeFilter(SimpleListFilter):
    title = _("text alternative")
    parameter_name = "alternative"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [
            ("missing", _("Missing")), ("given", _("Given")), ("decorative", _("Decorative")),
        ]  # fmt: skip

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        if self.value() == "missing":
            return queryset.filter(alt="", is_decorative=False)
        if self.value() == "given":
            return queryset.exclude(alt="")
        if self.value() == "decorative":
            return queryset.filter(is_decorative=True)
        return queryset


class CreditFilter(SimpleListFilter):
    title = _("credit")
    parameter_name = "credit"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [("missing", _("Missing")), ("given", _("Given"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        if self.value() == "missing":
            return queryset.filter(credit="")
        if self.value() == "given":
            return queryset.exclude(credit="")
        return queryset

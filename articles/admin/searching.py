"""The desk searches reports as readers do, and finds drafts too."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from articles.models import Article
from articles.search.results import MAX_QUERY


class FullTextSearchAdmin(ModelAdmin):
    """Searches the whole text; a part of a headline or an address finds a report as well."""

    search_fields = ["headline", "slug"]
    search_help_text = _("Words of the text, “an exact phrase”, -without; or a part of a headline")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        term = search_term.replace("\x00", "")[:MAX_QUERY].strip()
        if not term:
            return queryset, False
        named, _may_double = super().get_search_results(request, queryset, term)
        matching = Article.objects.matching(term).values("pk")
        return queryset.filter(Q(pk__in=named.values("pk")) | Q(pk__in=matching)), False

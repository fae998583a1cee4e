"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.search.form import SearchForm
from articles.search.results import Results, search_articles
from articles.search.suggestions import suggest_query

FEW = 3  # results; with fewer, a reader may have mistyped


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what matches ``?q=`` and the filters, best first; without a query, only the form."""
    form = SearchForm(request.GET)
    results, suggestion = Results([], ""), ""
    if form.is_valid():
        query, after = form.cleaned_data["q"], request.GET.get("after", "")
        results = search_articles(query, filters=form.filters, after=after)
        if query and not after and len(results.items) < FEW:
            suggestion = suggest_query(query, form.filters)
    return render(
        request,
        "articles/search.html",
        {"form": form, "results": results, "suggestion": suggestion},
    )

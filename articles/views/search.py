"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.search import search_articles


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what matches ``?q=``, best first; without a query, only the form."""
    query = request.GET.get("q", "").strip()
    results = search_articles(query, after=request.GET.get("after", ""))
    return render(request, "articles/search.html", {"query": query, "results": results})

"""Reading without a connection: the page of saved reports, and the worker behind it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pagecache import cached_page


@cached_page()
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """Show the page on which a browser lists what it keeps. The server knows nothing of it."""
    return render(request, "articles/saved.html")


@cached_page()
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the worker, asked for anew each time; switched off, one that removes itself."""
    response = render(
        request,
        "articles/service-worker.js",
        {"is_on": settings.OFFLINE_READING},
        content_type="text/javascript; charset=utf-8",
    )
    response.headers["Cache-Control"] = "public, no-cache"
    return response

"""Small files that belong to the site as a whole."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from articles.colours import readable_accents


@require_safe
def identity(_request: HttpRequest, colour: str) -> HttpResponse:
    """Return the stylesheet that sets the accent. Its address names the colour: kept for a year.

    Raises Http404 when colour is not six hexadecimal digits.
    """
    try:
        accents = readable_accents(colour)
    except ValueError as error:
        raise Http404 from error
    text = (
        f"@layer tokens{{:root{{--accent:{accents.on_light};"
        f"--link:light-dark({accents.on_light},{accents.on_dark})}}}}"
    )
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers where not to go, and where the sitemap is."""
    return render(
        request,
        "articles/robots.txt",
        {
            "sitemap_url": request.build_absolute_uri(reverse("articles:sitemap")),
            "news_sitemap_url": request.build_absolute_uri(reverse("articles:news_sitemap")),
        },
        content_type="text/plain; charset=utf-8",
    )

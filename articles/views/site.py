"""Small files that belong to the site as a whole."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from articles import share_image as pictures
from articles.colours import readable_accents
from articles.models import Article, Publication
from pagecache import cached_page, shows

FOR_EVER = 31_536_000  # seconds: a year, the longest that is asked of a cache
ICON_SIZES = (180, 192, 512)  # pixels: of telephones' home screens, and what browsers ask for


@cached_page()
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
    patch_cache_control(response, public=True, max_age=FOR_EVER, immutable=True)
    return response


@cached_page()
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


@cached_page()
@require_safe
def share_image(_request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """Show what stands for a report where it is shared. Its address is kept for a year.

    One that names another state of the report leads to the picture as it is now, so that made-up
    addresses draw nothing.
    """
    rows = Article.objects.published().select_related("section").with_bylines()
    article = get_object_or_404(rows.defer("body", "search_vector"), slug=slug)
    shows(f"article:{article.pk}")
    card = pictures.share_card(article, Publication.current())
    if card.digest != digest:
        return HttpResponseRedirect(reverse("articles:share_image", args=[slug, card.digest]))
    response = HttpResponse(pictures.share_image(card), content_type="image/png")
    patch_cache_control(response, public=True, max_age=FOR_EVER, immutable=True)
    return response


@cached_page()
@require_safe
def icon(_request: HttpRequest, size: int) -> HttpResponse:
    """Return the site's icon. Raises Http404 for a size that nothing asks for."""
    if size not in ICON_SIZES:
        raise Http404
    data = pictures.draw_icon(Publication.current(), size)
    response = HttpResponse(data, content_type="image/png")
    patch_cache_control(response, public=True, max_age=86_400)
    return response


@cached_page()
@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Return what a browser needs to install the site (W3C, Web Application Manifest)."""
    publication = Publication.current()
    accents = readable_accents(publication.accent_colour.removeprefix("#"))
    return JsonResponse(
        {
            "id": "/", "name": publication.name, "short_name": publication.name[:12].strip(),
            "description": publication.tagline, "lang": publication.language,
            "start_url": "/", "scope": "/", "display": "standalone",
            "background_color": pictures.PAPER, "theme_color": accents.on_light,
            "icons": [
                {
                    "src": reverse("articles:icon", args=[size]), "sizes": f"{size}x{size}",
                    "type": "image/png", "purpose": purpose,
                }
                for size in (192, 512)
                for purpose in ("any", "maskable")
            ],
        },
        content_type="application/manifest+json",
    )  # fmt: skip

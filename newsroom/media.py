"""Uploaded files, where no web server in front of us serves them."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.static import serve


def media_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Return an uploaded file (anyone may). A name is never used twice, so caches keep it.

    The policy keeps a file that a browser takes for a document (an SVG logo) from doing anything.
    """
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response

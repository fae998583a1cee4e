"""Uploaded files, where no web server in front of us serves them."""

import mimetypes

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve


@require_safe
def media_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Return an uploaded file (anyone may). A name is never used twice, so caches keep it.

    The policy keeps a file that a browser takes for a document (an SVG logo) from doing anything.
    """
    response: HttpResponseBase
    if isinstance(storages["default"], FileSystemStorage):
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    else:
        response = _from_elsewhere(path)
    patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _from_elsewhere(path: str) -> HttpResponseBase:
    """Return a file of a storage that has no folder here, whole."""
    try:
        file = storages["default"].open(path)
    except FileNotFoundError as error:
        raise Http404 from error
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return FileResponse(file, content_type=kind)

"""What every request passes through: bytes, public pages, and who may write."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override

from comments.text import MAX_BODY, spelled
from newsroom.bodies import content_length

type GetResponse = Callable[[HttpRequest], HttpResponse]

# What caches between us and readers may do with a public page, in seconds. Our own page cache
# answers as fast as they would, and exactly: so they keep it for a moment, and through a failure.
SHARED = {"s_maxage": 1, "stale_if_error": 3_600}
# Told to them alone (RFC 9213): Chromium, too, would show a reader the older page meanwhile.
BETWEEN = "max-age=1, stale-while-revalidate=2, stale-if-error=3600"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class BadBytesMiddleware:
    """Refuses what Postgres cannot store: a NUL in the address or its query, or a lone surrogate.

    UTF-8 brings none, but a client may name another encoding that does (``raw_unicode_escape``).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(
                "The address holds a NUL byte.", content_type="text/plain"
            )
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8", "us-ascii"}:
            return HttpResponseBadRequest("Send UTF-8.", content_type="text/plain")
        return self.get_response(request)


class LargeBodyMiddleware:
    """Refuses what is too large before any of it is read, in words."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if content_length(request.META) <= largest_body(request.path_info):
            return self.get_response(request)
        message = _(
            "That is far too long, so nothing of it was kept. A comment may have %s characters."
        ) % spelled(MAX_BODY)
        if request.headers.get("HX-Request"):
            return HttpResponse(message, status=413, content_type="text/plain; charset=utf-8")
        return HttpResponse(render_to_string("413.html", {"message": message}), status=413)


def largest_body(path: str) -> int:
    """Return how many bytes may be sent to an address; pictures come to the desk alone."""
    return settings.LARGEST_UPLOAD if path.startswith("/admin/") else settings.LARGEST_FORM


class PublicPageMiddleware:
    """Gives every answer its place in caches.

    A page is public when it was made without asking who reads it: no session, no cookie of the
    reader's, no CSRF token, so ``Vary`` names no cookie. Such a page says the same to everyone and
    may be kept by caches for a moment; whatever else there is, is for its asker alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        is_public = (
            request.method in {"GET", "HEAD"}
            and response.status_code in {200, 301, 404, 410}
            and not response.cookies
            and "cookie" not in response.get("Vary", "").lower()
        )
        if is_public:
            patch_cache_control(response, public=True, max_age=0, **SHARED)
            response["CDN-Cache-Control"] = BETWEEN
        else:
            patch_cache_control(response, private=True, no_store=True)
        return response


class SameOriginWritesMiddleware:
    """Guards the writes whose forms stand on public pages, and so can carry no token.

    Those views are exempt from Django's CSRF token; here a browser's request to them must come from
    our own origin (OWASP's Fetch-Metadata defence, with Origin for browsers without it). A client
    that sends neither header is no browser and carries nobody's cookies against their will.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_args: object
    ) -> None:
        if request.method in SAFE_METHODS or not getattr(view, "csrf_exempt", False):
            return
        if not is_same_origin(request):
            raise PermissionDenied(_("This form was sent from another site, so nothing was done."))


class AdminPolicyMiddleware:
    """Gives the admin its own content security policy (see ``ADMIN_CSP``).

    Its "+" buttons open their forms in a frame of the same page, so it may frame itself.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.resolver_match is not None and request.resolver_match.app_name == "admin":
            if not hasattr(response, "_csp_config"):  # a view may be stricter
                csp_override(settings.ADMIN_CSP)(lambda _request: response)(request)
            response.setdefault("X-Frame-Options", "SAMEORIGIN")
        return response


def is_same_origin(request: HttpRequest) -> bool:
    """Tell whether the request was made by a page of ours, or by no page at all."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin)[:2] == (request.scheme, request.get_host())
    return True

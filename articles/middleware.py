"""The publication that a request is for, and where things are that stood elsewhere."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone, translation

from articles.models import Publication
from articles.redirects import asks_by_number, new_address


class PublicationMiddleware:
    """Reads the publication, and shows times in its zone.

    It is read anew for each request, so that a change in the admin shows at once everywhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        publication = Publication.current()
        request.publication = publication  # type: ignore[attr-defined]
        with timezone.override(publication.time_zone), translation.override(publication.language):
            return self.get_response(request)


class RedirectMiddleware:
    """Leads old addresses to where things are now: only where nothing else answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        if asks_by_number(request) and (address := new_address(request)):
            return HttpResponsePermanentRedirect(address)
        response = self.get_response(request)
        if response.status_code == 404 and (address := new_address(request)):
            return HttpResponsePermanentRedirect(address)
        return response

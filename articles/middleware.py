"""The publication that a request is for, and where things are that stood elsewhere."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone, translation

from articles.models import Publication
from articles.redirects import asks_by_number, new_address
from articles.withdrawal import Withdrawn


class PublicationMiddleware:
    """Reads the publication, and shows times in its zone.

    It is read anew once the page cache has heard that everything changed, and for each request
    while that hears nothing; so a change in the admin shows at once everywhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._kept: tuple[object, Publication] | None = None  # beside its generation

    def __call__(self, request: HttpRequest) -> HttpResponse:
        publication = self._current(request.META.get("pagecache.generation"))
        request.publication = publication  # type: ignore[attr-defined]
        with timezone.override(publication.time_zone), translation.override(publication.language):
            return self.get_response(request)

    def _current(self, generation: object | None) -> Publication:
        """Return the publication. generation: as ``PageCache`` tells it, before this is called."""
        kept = self._kept
        if kept and kept[0] is generation:
            return kept[1]
        publication = Publication.current()
        if generation:
            self._kept = (generation, publication)
        return publication


class RedirectMiddleware:
    """Leads old addresses to where things are now: only where nothing else answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_read = request.method in {"GET", "HEAD"}
        if is_read and asks_by_number(request) and (address := new_address(request)):
            return HttpResponsePermanentRedirect(address)
        response = self.get_response(request)
        if response.status_code == 404 and (address := new_address(request)):
            # What was written while an editor changed the address is sent again, there (308).
            return HttpResponsePermanentRedirect(address, preserve_request=not is_read)
        return response


class WithdrawalMiddleware:
    """Answers with the notice of a withdrawn report, and gives back what was written to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Withdrawn):
            return None
        context = {"article": error.article}
        return render(request, "articles/withdrawn.html", context, status=410)

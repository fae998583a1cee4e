"""The publication that a request is for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from articles.models import Publication


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

"""A flood is answered before anything is read for it."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from comments.limits.challenging import ask_for_proof
from comments.limits.guarding import too_busy
from comments.limits.suspicion import known_flood

DISCUSSION = re.compile(r"/articles/[^/]+/comments/$")
BUSY = "newsroom.is_busy"  # in a request that is to be refused, as too many write already


class FloodMiddleware:
    """Answers comments of a flood that this process knows of, as their view would.

    So it does with what comes while too many write. It stands before what reads sessions and the
    publication, so such an answer costs no statement; it is in the language that the publication
    had for the request before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.language = settings.LANGUAGE_CODE

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(self.language):
            refused = _refused(request)
        if refused is not None:
            # What else sets it comes later.
            refused["Content-Length"] = str(len(refused.content))
            return refused
        response = self.get_response(request)
        publication = getattr(request, "publication", None)
        self.language = publication.language if publication else self.language
        return response


def _refused(request: HttpRequest) -> HttpResponse | None:
    if request.META.get(BUSY):
        return too_busy(request)
    if (
        request.method == "POST"
        and settings.COMMENT_LIMITS
        and DISCUSSION.match(request.path_info)
        and (suspicion := known_flood(request))
    ):
        return ask_for_proof(request, suspicion)
    return None

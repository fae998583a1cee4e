"""A flood is answered before anything is read for it."""

import re
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from comments.limits.challenging import ask_for_proof
from comments.limits.guarding import too_busy
from comments.limits.suspicion import known_flood

DISCUSSION = re.compile(r"/articles/[^/]+/comments/$")
TO_REFUSE = "newsroom.to_refuse"  # in a request that comes while too many write already


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
        refuse = _refusal(request)
        if refuse is not None:
            with translation.override(self.language):
                return refuse(request)
        response = self.get_response(request)
        publication = getattr(request, "publication", None)
        self.language = publication.language if publication else self.language
        return response


def _refusal(request: HttpRequest) -> Callable[[HttpRequest], HttpResponse] | None:
    """Return what makes the answer to a request that goes no further."""
    if request.META.get(TO_REFUSE):
        return too_busy
    if (
        request.method == "POST"
        and settings.COMMENT_LIMITS
        and DISCUSSION.match(request.path_info)
        and (suspicion := known_flood(request))
    ):
        return partial(ask_for_proof, suspicion=suspicion)
    return None

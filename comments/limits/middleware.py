"""A flood is answered before anything is read for it."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from comments.limits.challenging import ask_for_proof
from comments.limits.suspicion import known_flood

DISCUSSION = re.compile(r"/articles/[^/]+/comments/$")


class FloodMiddleware:
    """Answers comments of a flood that this process knows of, as their view would.

    It stands before what reads sessions and the publication, so such an answer costs no statement;
    it is in the language that the publication had for the request before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.language = settings.LANGUAGE_CODE

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.method == "POST"
            and settings.COMMENT_LIMITS
            and DISCUSSION.match(request.path_info)
            and (suspicion := known_flood(request))
        ):
            with translation.override(self.language):
                answer = ask_for_proof(request, suspicion)
            answer["Content-Length"] = str(len(answer.content))  # what else sets it comes later
            return answer
        response = self.get_response(request)
        publication = getattr(request, "publication", None)
        self.language = publication.language if publication else self.language
        return response

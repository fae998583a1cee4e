"""What looks automatic is asked to show that it is none, and loses nothing by it."""

import functools
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from comments.limits.challenges import is_solved
from comments.limits.guarding import View, page_with_text, too_many, wait_for
from comments.limits.suspicion import Suspicion, is_known, suspicion_of


def challenged(view: View) -> View:
    """Let a posted comment through to the view unless it looks automatic, and nothing excuses it.

    A solved challenge does. So does the wish that a moderator reads it first, for those whose
    browser cannot calculate: then the view gets ``doubt``, a sentence for moderators.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and settings.COMMENT_LIMITS:
            found = _look_at(request)
            if isinstance(found, HttpResponse):
                return found
            kwargs["doubt"] = found
        return view(request, *args, **kwargs)

    return guarded


def _look_at(request: HttpRequest) -> HttpResponse | str:
    """Return the answer to what is not let through; else a doubt about it, empty where is none."""
    typed = request.POST
    if "preview" in typed:
        wait = 0 if is_known(request) else wait_for("preview", request)
        return too_many(request, wait) if wait else ""
    if is_solved(typed.get("altcha", "")):
        return ""
    suspicion = suspicion_of(request)
    if suspicion is None:
        return ""
    if "unchecked" not in typed:
        return ask_for_proof(request, suspicion)
    wait = wait_for("unchecked", request)
    return too_many(request, wait) if wait else suspicion.why


def ask_for_proof(request: HttpRequest, suspicion: Suspicion) -> HttpResponse:
    """Return the question, with what they typed: 429 where waiting would help as well, else 400."""
    message = (
        _("Very many comments are arriving, so yours was not posted yet. Your text is still here.")
        if suspicion.wait
        else _("A program seems to have sent this, so it was not posted yet. It is still here.")
    )
    context = {"message": message}
    if request.headers.get("HX-Request"):
        # The form stays on the page as it is, and gets the question.
        response = HttpResponse(
            render_to_string("comments/_challenge.html", context | {"in_form": True})
        )
    else:
        response = HttpResponse(page_with_text(request, context | {"is_challenged": True}))
    response.status_code = 429 if suspicion.wait else 400
    if suspicion.wait:
        response["Retry-After"] = str(suspicion.wait)
    response["Cache-Control"] = "private, no-store"
    return response

"""Views that may be asked only so often."""

import functools
import hashlib
import logging
import math
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape, format_html_join
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from comments.limits import buckets
from comments.limits.buckets import seconds_to_wait
from comments.limits.rate import Rate
from comments.networks import network_key
from comments.readers import guest_id_of

logger = logging.getLogger(__name__)
type View = Callable[..., HttpResponse]
SECRET = "/accounts/"  # noqa: S105 (an address)
HOLE = "\x1a"  # what is typed takes its place
ANEW = {"body", "altcha", "unchecked", "preview"}  # not kept behind the page as they were sent


def limited(what: str) -> Callable[[View], View]:
    """Answer a POST with 429 where the reader or the network has done too much of it.

    what: a kind of action in ``settings.COMMENT_RATES``. It is looked at before anything else, so
    that a flood costs one statement a request, and no page.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and settings.COMMENT_LIMITS:
                wait = wait_for(what, request)
                if wait:
                    return too_many(request, wait)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def wait_for(what: str, request: HttpRequest) -> int:
    """Note an action; return 0, or for how many seconds there was too much of it.

    what: a kind of action in ``settings.COMMENT_RATES``, where stands how much of it a reader, a
    network, and all together may do.
    """
    rates = _rates(what, request)
    try:
        return seconds_to_wait(rates)
    except DatabaseError:
        # Better a reader too many than none. Whether they can write at all, the view finds out.
        logger.warning("Limits could not be looked at.")
        return 0


def known_wait_for(what: str, request: HttpRequest) -> int:
    """Return for how many seconds this process knows that there was too much; ask nobody."""
    return math.ceil(max(buckets.full_buckets.waits(_rates(what, request)).values(), default=0))


def _rates(what: str, request: HttpRequest) -> dict[str, Rate]:
    """Return the rate of each bucket that the action would fill, by its key."""
    rates = {}
    for who, rate in settings.COMMENT_RATES[what].items():
        name = _name(who, request)
        if name:
            key = hashlib.sha256(f"{what} {who} {name}".encode()).hexdigest()
            rates[key] = Rate(*rate)
    return rates


def _name(who: str, request: HttpRequest) -> str:
    if who == "network":
        return network_key(request)
    if who == "reader":
        # Something of their own, without a query: the guest's cookie, or the session's.
        return str(guest_id_of(request) or request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
    return "everybody"


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """Return the answer to who must wait so many seconds, with what they typed."""
    message = ngettext(
        "That was a lot at once. Try again in %d second: what you wrote is still here.",
        "That was a lot at once. Try again in %d seconds: what you wrote is still here.",
        wait,
    )
    return _told_to_wait(request, message % wait, wait, status=429)


def too_busy(request: HttpRequest) -> HttpResponse:
    """Return the answer where the server takes in as much as it can, with what they typed."""
    message = _(
        "Very much is being sent at once. Try again in a moment: what you wrote is still here."
    )
    return _told_to_wait(request, message, 2, status=503)


def _told_to_wait(request: HttpRequest, message: str, wait: int, *, status: int) -> HttpResponse:
    if request.headers.get("HX-Request") or request.path_info.startswith(SECRET):
        # The form stays on the page as it is; and a password does not come back in one.
        response = HttpResponse(message, content_type="text/plain; charset=utf-8")
    else:
        response = HttpResponse(page_with_text(request, {"message": message}))
    response.status_code = status
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "private, no-store"
    return response


def page_with_text(request: HttpRequest, context: dict[str, Any]) -> str:
    """Return a page with all that was typed, to be sent again. It costs no statement.

    context: ``message``, which the page begins with, and what else it shows, nothing personal.
    """
    typed = request.POST
    fields = format_html_join(
        "",
        '<input type="hidden" name="{}" value="{}">',
        ((name, value) for name, value in typed.items() if name not in ANEW),
    )
    body = typed.get("body", "")
    frame = _frame(get_language() or "", bool(body), tuple(sorted(context.items())))
    filled = (escape(request.path), fields, *([escape(body)] if body else []), "")
    return "".join(part + text for part, text in zip(frame, filled, strict=True))


@functools.lru_cache(maxsize=256)
def _frame(_language: str, has_body: bool, context: tuple[tuple[str, Any], ...]) -> list[str]:
    """Return the page's parts between which stand the address, the hidden fields and the text.

    Kept, as a flood gets it a hundred times a second, in each language of its own.
    """
    holes = {"action": HOLE, "fields": HOLE, "body": HOLE if has_body else ""}
    return render_to_string("comments/limited.html", dict(context) | holes).split(HOLE)

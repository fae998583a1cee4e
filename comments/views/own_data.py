"""What is kept of a guest: asked for by address, shown to whom the letter reached.

Behind the link everything that does something is a post: mail programs and scanners open links by
themselves.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.personal_data.writing import json_download
from comments.limits.guarding import limited
from comments.models import OwnDataRequest
from comments.personal_data.asking import ask_for_own_data, begin_erasure
from comments.personal_data.exporting import sections
from comments.personal_data.links import by_token
from comments.personal_data.person import Person
from comments.readers import COOKIE

CHOICES = {"keep": True, "remove": False}


@csrf_exempt
@limited("ask")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_own_data(request: HttpRequest) -> HttpResponse:
    """Ask for a letter by which to see, take or erase what is kept (anyone).

    The answer is the same for every address: it must not tell whose comments are here.
    """
    if request.method != "POST":
        return render(request, "comments/own_data_ask.html")
    context: dict[str, Any] = {"email": request.POST.get("email", "")}
    try:
        ask_for_own_data(context["email"])
        context["is_asked"] = True
    except ValidationError as error:
        context["error"] = " ".join(error.messages)
    status = 400 if "error" in context else 200
    response = render(request, "comments/own_data_ask.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _by_link(view: Callable[[HttpRequest, OwnDataRequest, str], Any]) -> Callable[..., Any]:
    """Give the view what the link names; say in words that it is used up where it is."""

    @never_cache
    @functools.wraps(view)
    def found(request: HttpRequest, token: str) -> Any:
        named = by_token(token)
        if named is None:
            return render(request, "comments/own_data_gone.html", status=404)
        return view(request, named, token)

    return found


@require_safe
@_by_link
def own_data(request: HttpRequest, named: OwnDataRequest, token: str) -> HttpResponse:
    """Show how much is kept of a guest, and what can be done (who holds the link, for a day)."""
    person = Person(address=named.address)
    context = {
        "token": token,
        "comments": person.comments().count(),
        "votes": person.votes().count(),
        "subscriptions": person.subscriptions().count(),
    }
    return render(request, "comments/own_data.html", context)


@csrf_exempt
@require_POST
@_by_link
def download_own_data(
    _request: HttpRequest, named: OwnDataRequest, _token: str
) -> HttpResponseBase:
    """Give all that is kept of a guest, as JSON (whoever holds the link, for a day)."""
    return json_download(sections(Person(address=named.address)), name="my-comments.json")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def erase_own_data(request: HttpRequest, named: OwnDataRequest, token: str) -> HttpResponse:
    """Erase what is kept of a guest, once it was asked twice (who holds the link, for a day)."""
    choice = request.POST.get("comments", "")
    context = {"token": token, "choice": choice}
    if request.method != "POST":
        return render(request, "comments/own_data_erase.html", context)
    if choice not in CHOICES:
        context["error"] = _("Choose what becomes of your comments.")
        return render(request, "comments/own_data_erase.html", context, status=400)
    if request.POST.get("really") != "yes":
        return render(request, "comments/own_data_erase_really.html", context)
    begin_erasure(named, keep_comments=CHOICES[choice])
    response = render(request, "comments/own_data_erased.html")
    response.delete_cookie(COOKIE, samesite="Lax")
    return response

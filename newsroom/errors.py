"""What is answered when something broke."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

RETRY_AFTER = 10  # seconds
# What a comment's form holds besides the text.
KEPT = ("name", "email", "parent", "key", "notify", "exact", "prefix", "suffix")


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500; without a database 503, with what was typed into a form, to be sent again.

    The page is made without the database.
    """
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return server_error(request)
    typed = request.POST if request.method == "POST" else {}
    context = {
        "path": request.path,
        "body": typed.get("body", ""),
        "fields": [(name, typed[name]) for name in KEPT if name in typed],
    }
    page = render_to_string("503.html", context)
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)

"""What is answered when something broke, or was asked for too often."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error
from psycopg.errors import ReadOnlySqlTransaction

from newsroom.replicas.routing import AWAY, note_failure

RETRY_AFTER = 10  # seconds
TOO_OFTEN = 60  # seconds until allauth's limits let the next one through, as most of them say
# What a comment's form holds besides the text.
KEPT = ("name", "email", "parent", "key", "notify", "exact", "prefix", "suffix")


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500; without a database 503, with what was typed into a form, to be sent again.

    The page is made without the database.
    """
    error = sys.exception()
    note_failure(error)
    if not is_database_away(error):
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


def is_database_away(error: BaseException | None) -> bool:
    """Tell whether an error says that the database does not answer, or takes no writes for now.

    A server that stands in for another one, until it is made the primary, only reads.
    """
    only_reads = isinstance(error and error.__cause__, ReadOnlySqlTransaction)
    return only_reads or isinstance(error, AWAY)


def too_often(request: HttpRequest) -> HttpResponse:
    """Answer 429 to who logs in, signs up or asks for letters too often (allauth calls this)."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(TOO_OFTEN)
    response.headers["Cache-Control"] = "no-store"
    return response

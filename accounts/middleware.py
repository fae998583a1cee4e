"""Staff without a second factor get no further than to one; sessions know when they were used."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

type GetResponse = Callable[[HttpRequest], HttpResponse]

SEEN = "accounts.seen"  # the hour in which the session was last used, as it holds it
HOUR = 3600  # seconds


class SecondFactorMiddleware:
    """Leads staff without a second factor from the desk's pages to where they get one.

    This is only the way there: what they may not do meanwhile, here or elsewhere, ``User.has_perm``
    says.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if not request.path.startswith(reverse("admin:index")):
            return None
        user = request.user
        if not user.is_authenticated or not user.lacks_second_factor:
            return None
        if request.path == reverse("admin:logout"):
            return None
        messages.warning(request, _("To work here you need a second factor. Set one up first."))
        wanted = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
        return HttpResponseRedirect(f"{reverse('mfa_index')}?{wanted}".rstrip("?"))


class LastSeenMiddleware:
    """Notes once an hour that a session is used, for the list of sessions.

    It looks only at what was looked at anyway: a public page stays one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        if session.accessed and session.session_key and SESSION_KEY in session:
            hour = int(time.time()) // HOUR
            if session.get(SEEN) != hour and _note_seen(session.session_key):
                session[SEEN] = hour
        return response


def _note_seen(session_key: str) -> bool:
    """Note that a session is used; return False while the database takes no writes.

    What was read meanwhile from elsewhere is answered all the same.
    """
    try:
        UserSession.objects.filter(session_key=session_key).update(last_seen_at=timezone.now())
    except (OperationalError, InterfaceError, InternalError):
        return False
    return True

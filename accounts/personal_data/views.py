"""An account's pages about what is kept of it. Whose it is was proven again minutes before."""

import functools
import time
from collections.abc import Callable
from itertools import chain
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from django.conf import settings
from django.contrib.auth import get_user, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.personal_data import own
from accounts.personal_data.erasing import begin_erasure
from accounts.personal_data.parts import registered
from accounts.personal_data.writing import json_download

CHOICES = {"keep": True, "remove": False}
type View = Callable[..., Any]


def proven_anew(view: View) -> View:
    """Let in who has given the password (or passkey) minutes ago; who has none logs in again."""

    @never_cache
    @login_required
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user: Any = get_user(request)
        if get_reauthentication_flows(user):
            raise_if_reauthentication_required(request, app="account")
        elif not _has_just_logged_in(request, user):
            logout(request)
            return redirect_to_login(reverse("own_data"), settings.LOGIN_URL)
        return view(request, *args, **kwargs)

    return guarded


def _has_just_logged_in(request: HttpRequest, user: Any) -> bool:
    at = [record["at"] for record in get_authentication_records(request, user)]
    return bool(at) and time.time() - max(at) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


@proven_anew
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    """Show an account what can be done with its data (itself)."""
    return render(request, "accounts/own_data.html")


@proven_anew
@require_POST
def download(request: HttpRequest) -> StreamingHttpResponse:
    """Give an account all that is kept of it, as JSON (itself)."""
    user: Any = get_user(request)
    sections = chain(own.sections(user), *(part.sections(user) for part in registered()))
    return json_download(sections, name="my-account.json")


@proven_anew
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Erase an account for good, once it was asked twice (itself; not staff)."""
    user: Any = get_user(request)
    choice = request.POST.get("comments", "")
    context = {"choice": choice, "is_staff": user.is_staff}
    if request.method != "POST":
        return render(request, "accounts/own_data_erase.html", context)
    if choice not in CHOICES:
        context["error"] = _("Choose what becomes of your comments.")
        return render(request, "accounts/own_data_erase.html", context, status=400)
    if request.POST.get("really") != "yes":
        return render(request, "accounts/own_data_erase_really.html", context)
    try:
        begin_erasure(user=user, keep_comments=CHOICES[choice])
    except PermissionDenied as refusal:
        context["error"] = str(refusal)
        return render(request, "accounts/own_data_erase.html", context, status=403)
    logout(request)
    response = HttpResponseRedirect(reverse("own_data_erased"))
    response.status_code = 303
    return response


@never_cache
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """Say that an account is being erased (anyone; it tells of nobody)."""
    return render(request, "accounts/own_data_erased.html")

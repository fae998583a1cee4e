"""What an account wrote before it was one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comments.claiming import claim_comments, claimable_comments

SHOWN = 50


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Show an account what guests wrote under its verified address, and hand it over (its own)."""
    user: Any = request.user
    if request.method == "POST":
        told = request.POST.getlist("leave")[:SHOWN]
        leave = [int(one) for one in told if one.isascii() and one.isdigit() and len(one) < 19]
        number = claim_comments(user=user, leave=leave)
        text = ngettext("%(number)d comment is yours.", "%(number)d comments are yours.", number)
        messages.success(request, text % {"number": number})
        return HttpResponseRedirect(reverse("comments:claim"))
    found = claimable_comments(user)
    shown = found.select_related("discussion__article").defer("discussion__article__body")
    context = {
        "number": found.count(),
        "comments": shown.order_by("-created_at", "-pk")[:SHOWN],
    }
    return render(request, "comments/claim.html", context)

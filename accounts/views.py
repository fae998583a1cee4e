"""An account's own pages, besides those that allauth brings."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.following import readmit_follower, remove_follower, unfollow_reader
from accounts.forms import ProfileForm
from accounts.models import Profile, User
from accounts.sessions import end_sessions
from accounts.user_agents import browser_of


@method_decorator([never_cache, login_required], name="dispatch")
class SessionsView(ListUserSessionsView):
    """Shows an account where it is logged in, and ends one of its own sessions or all others."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.browser = browser_of(session.user_agent)
        return context

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        user: Any = request.user
        number = request.POST.get("session", "")
        if "others" in request.POST:
            end_sessions(user, but=request.session.session_key)
        elif number.isascii() and number.isdigit() and len(number) < 19:
            for session in UserSession.objects.filter(user=user, pk=number):
                session.end()
        get_adapter().add_message(
            request, messages.INFO, "usersessions/messages/sessions_logged_out.txt"
        )
        return HttpResponseRedirect(reverse("usersessions_list"))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Let an account say what readers see of it: name, words, comments, followers (its own)."""
    user: Any = request.user
    initial = {"display_name": user.display_name}
    form = ProfileForm(request.POST or None, instance=Profile.of(user), initial=initial)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
        messages.success(request, _("Kept."))
        return HttpResponseRedirect(reverse("profile"))
    return render(
        request, "account/profile.html", {"form": form}, status=400 if form.errors else 200
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def followers(request: HttpRequest) -> HttpResponse:
    """Show an account who follows it and whom it follows; send followers away, stop (its own)."""
    user: Any = request.user
    if request.method == "POST":
        for name, change in CHANGES.items():
            number = request.POST.get(name, "")
            if number.isascii() and number.isdigit() and len(number) < 19:
                change(user, int(number))
        return HttpResponseRedirect(reverse("followers"))
    rows = user.followers.select_related("follower").order_by("-created_at", "-pk")
    context = {
        "profile": Profile.of(user),
        "followers": rows.filter(removed_at=None),
        "removed": rows.exclude(removed_at=None),
        "following": user.following.filter(removed_at=None)
        .select_related("followed")
        .order_by("-created_at", "-pk"),
    }
    return render(request, "account/followers.html", context)


def _stop(user: User, number: int) -> None:
    unfollow_reader(follower=user, followed=get_object_or_404(User, pk=number))


# What the buttons of that page do to the account whose number they carry.
CHANGES = {
    "remove": lambda user, number: remove_follower(reader=user, number=number),
    "readmit": lambda user, number: readmit_follower(reader=user, number=number),
    "stop": _stop,
}

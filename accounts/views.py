"""An account's own pages, besides those that allauth brings."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

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

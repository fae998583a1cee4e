"""An account's page of notifications, and of what it follows."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comments.keyset import ORDERS, Cursor
from comments.models import Notification, Subscription
from comments.readers import user_of
from comments.views.following import change_one

PER_PAGE = 30


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """Show an account what it was told of, mark it as seen, change what it follows (its own)."""
    user = user_of(request)
    error = ""
    if request.method == "POST":
        if "seen" in request.POST:
            Notification.objects.filter(user=user, seen_at=None).update(seen_at=timezone.now())
        else:
            rows = Subscription.objects.filter(user=user)
            try:
                change_one(rows, request.POST.get("change", ""), request.POST.get("kind", ""))
            except ValidationError as refusal:
                error = " ".join(refusal.messages)
        if not error:
            return HttpResponseRedirect(reverse("comments:notifications"))
    newest = ORDERS["newest"]
    told = newest.sorted(Notification.objects.filter(user=user, comment__status="approved"))
    after = request.GET.get("after", "")
    try:
        told = newest.after(told, newest.read(after)) if after else told
    except ValueError:
        after = ""
    told = told.select_related("comment__user", "comment__discussion__article")
    found = list(told[: PER_PAGE + 1])
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    context = {
        "notifications": found[:PER_PAGE],
        "has_unseen": Notification.objects.filter(user=user, seen_at=None).exists(),
        "next_cursor": str(Cursor(last.created_at, last.pk)) if last else "",
        "is_first": not after,
        "subscriptions": Subscription.objects.filter(user=user)
        .select_related("discussion__article")
        .order_by("-created_at", "-pk"),
        "kinds": [*Subscription.Kind.choices, ("none", _("Nothing"))],
        "error": error,
    }
    return render(request, "comments/notification_list.html", context, status=400 if error else 200)

"""Following a discussion: the bar's form, and the pages behind the links in letters.

The pages are their asker's alone: whoever holds a signed link, or an account its own.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from comments.limits.guarding import limited
from comments.models import Discussion, Subscription
from comments.notifications.following import (
    by_token,
    change_subscription,
    confirm_subscription,
    follow,
    subscriptions_of,
    token_of,
    unfollow,
)
from comments.readers import user_of
from comments.views.reading import article_named, context_of


@csrf_exempt
@limited("ask")
@require_POST
def follow_discussion(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow an article's discussion, or stop (anyone; a guest's wish waits for a confirmation)."""
    article = article_named(slug)
    discussion, _created = Discussion.objects.get_or_create(article=article)
    if discussion.state == Discussion.State.NONE:
        raise Http404
    user = user_of(request)
    kind, email = request.POST.get("kind", ""), request.POST.get("email", "")
    context: dict[str, Any] = {"kind": kind, "email": email}
    try:
        if kind == "none" and user is not None:
            unfollow(discussion=discussion, user=user)
            context["said"] = _("You are told of nothing more here.")
        else:
            follow(discussion=discussion, kind=kind, user=user, email=email)
            # The same answer for every address: it must not tell who follows what.
            context["said"] = (
                _("You are told from now on.")
                if user
                else _(
                    "Nearly done: confirm it by the link in the email that is on its way to you."
                )
            )
    except ValidationError as error:
        context["error"] = " ".join(error.messages)
    template = "comments/follow.html"
    if request.htmx:  # type: ignore[attr-defined]
        template += "#bar"
    status = 400 if "error" in context else 200
    response = render(request, template, context_of(article, discussion) | context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a subscription (whoever holds the link). Only the button does it: mail programs and
    scanners open links by themselves.
    """
    subscription = _named(token)
    is_done = request.method == "POST"
    if is_done:
        confirm_subscription(subscription)
    return _page(request, subscription, "confirm", is_done=is_done)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End a subscription (whoever holds the link), also by a mail program's own post (RFC 8058).

    Once it is ended it is gone; a second post is answered as the first was.
    """
    subscription = by_token(token)
    if request.method == "POST":
        if subscription is not None:
            subscription.delete()
        return render(request, "comments/subscription_ended.html")
    if subscription is None:
        raise Http404
    return _page(request, subscription, "unsubscribe")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscriptions(request: HttpRequest, token: str) -> HttpResponse:
    """Show and change all that the reader of a signed link follows."""
    subscription = _named(token)
    if request.method != "POST":
        return _list(request, subscription)
    rows = subscriptions_of(subscription)
    if "stop_all" in request.POST:
        rows.delete()
        return render(request, "comments/subscription_ended.html")
    try:
        change_one(rows, request.POST.get("change", ""), request.POST.get("kind", ""))
    except ValidationError as error:
        return _list(request, subscription, error=" ".join(error.messages))
    left = rows.filter(pk=subscription.pk).first() or rows.first()
    if left is None:
        return render(request, "comments/subscription_ended.html")
    response = HttpResponseRedirect(reverse("comments:subscriptions", args=[token_of(left)]))
    response.status_code = 303
    return response


def change_one(rows: Any, number: str, kind: str) -> None:
    """Change one of a reader's subscriptions, or end it (kind ``none``). Raises ValidationError."""
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    row = rows.filter(pk=int(number)).first() if is_number else None
    if row is None:
        raise ValidationError(_("That one has ended already. Nothing was changed."))
    if kind == "none":
        row.delete()
    else:
        change_subscription(row, kind)


def _named(token: str) -> Subscription:
    subscription = by_token(token)
    if subscription is None:
        raise Http404
    return subscription


def _list(request: HttpRequest, subscription: Subscription, error: str = "") -> HttpResponse:
    rows = subscriptions_of(subscription).select_related("discussion__article")
    context = {
        "subscriptions": rows.order_by("-created_at", "-pk"),
        "kinds": [*Subscription.Kind.choices, ("none", _("Nothing"))],
        "address": request.path,
        "error": error,
    }
    status = 400 if error else 200
    return render(request, "comments/subscription_list.html", context, status=status)


def _page(request: HttpRequest, subscription: Subscription, name: str, **more: Any) -> HttpResponse:
    context: dict[str, Any] = {"subscription": subscription}
    context |= {"article": subscription.discussion.article}
    context |= {"manage": reverse("comments:subscriptions", args=[token_of(subscription)])}
    return render(request, f"comments/subscription_{name}.html", context | more)

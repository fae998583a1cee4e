"""Pages for those who gave. Their links are signed: whoever holds one is the donor."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from donations.checkout import CheckoutError, can_open_portal, open_portal
from donations.donors.links import gift_by_token, gift_path, pledge_by_token
from donations.donors.managing import amount_of, ask_for_links
from donations.donors.receipts import facts_of
from donations.donors.wall import ask_for_wall, leave_wall
from donations.models import WallName

READ_WRITE = ["GET", "HEAD", "POST"]


@csrf_exempt
@never_cache
@require_http_methods(READ_WRITE)
def gift(request: HttpRequest, token: str) -> HttpResponse:
    """Show a gift's receipt; let the donor be named on the wall, or not. Whoever holds the link."""
    found = gift_by_token(token)
    if found is None:
        raise Http404
    context = facts_of(found) | {"wall_name": WallName.objects.filter(gift=found).first()}
    if request.method == "POST":
        try:
            if "leave" in request.POST:
                leave_wall(gift=found)
            else:
                ask_for_wall(gift=found, name=request.POST.get("name", ""))
        except ValidationError as error:
            context |= {"error": error.messages[0], "name": request.POST.get("name", "")}
            return render(request, "donations/gift.html", context, status=400)
        return HttpResponseRedirect(f"{gift_path(found)}#wall")
    return render(request, "donations/gift.html", context)


@csrf_exempt
@never_cache
@require_http_methods(READ_WRITE)
def pledge(request: HttpRequest, token: str) -> HttpResponse:
    """Show a monthly gift, and lead to where it is changed or ended. Whoever holds the link."""
    found = pledge_by_token(token)
    if found is None:
        raise Http404
    status, broken = 200, ""
    if request.method == "POST":
        try:
            return HttpResponseRedirect(open_portal(pledge=found, return_path=request.path))
        except CheckoutError:
            status = 503
            broken = _("The page of Stripe cannot be opened at the moment. Nothing was changed.")
    gifts = [facts_of(one) for one in found.gifts.prefetch_related("movements")[:24]]
    context = {
        "pledge": found, "amount": amount_of(found), "gifts": gifts, "broken": broken,
        "has_portal": found.is_running and can_open_portal(found),
    }  # fmt: skip
    page = render(request, "donations/pledge.html", context, status=status)
    # Browsers hold the redirect after a form to the policy too.
    policy = settings.SECURE_CSP | {"form-action": [CSP.SELF, settings.STRIPE_PORTAL_ORIGIN]}
    return csp_override(policy)(lambda _request: page)(request)


@csrf_exempt
@never_cache
@require_http_methods(READ_WRITE)
def links(request: HttpRequest) -> HttpResponse:
    """Send the links to monthly gifts to their donor's address. Anyone may ask, for any address."""
    context = {"email": request.POST.get("email", "").strip()}
    if request.method == "POST":
        try:
            ask_for_links(context["email"])
        except ValidationError:
            context["error"] = _("Write an email address, like name@example.org.")
            return render(request, "donations/links.html", context, status=400)
        context["said"] = _(
            "If a monthly gift runs under this address, a letter with the link is on its way."
        )
    return render(request, "donations/links.html", context)

"""The donate page, and the ways out of it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from donations.campaigns import past_drives
from donations.checkout import takes_cards
from donations.departures import count_departure, is_somebody
from donations.donors.wall import names_on_wall
from donations.meter import meter_of
from donations.models import Campaign, DonationMethod
from donations.payment_codes import payment_code_svg
from donations.templatetags.donations import active_methods
from donations.views.checkout import card_form, leads_to_checkout
from pagecache import cached_page, changes_at, midnight

PAST_CAMPAIGNS = 24


@cached_page("giving")
@require_safe
def donate(request: HttpRequest) -> HttpResponse:
    """Show how to give, what it pays for, and how past drives went. Public."""
    changes_at(midnight)
    running = Campaign.objects.running().with_raised().first()
    page = render(
        request,
        "donations/donate.html",
        {
            "meter": meter_of(running) if running else None,
            "methods": active_methods(request),
            "names": names_on_wall(),
            "past": past_drives()[:PAST_CAMPAIGNS],
            "card": card_form(),
        },
    )
    return leads_to_checkout(request, page) if takes_cards() else page


@require_safe
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to a way to give, and count that somebody went. Public.

    It leads nowhere but to an address that the staff entered.
    """
    method = get_object_or_404(DonationMethod, pk=pk, is_active=True, url__startswith="https://")
    if is_somebody(request):
        count_departure(method=method, place=request.GET.get("from", ""))
    return HttpResponseRedirect(method.url)


@cached_page("giving")
@require_safe
def payment_code(_request: HttpRequest, pk: int) -> HttpResponse:
    """Show the QR code of a transfer or a wallet. Public."""
    method = get_object_or_404(DonationMethod, pk=pk, is_active=True)
    if not method.has_code:
        raise Http404
    response = HttpResponse(payment_code_svg(method), content_type="image/svg+xml")
    patch_cache_control(response, public=True, max_age=300)
    return response

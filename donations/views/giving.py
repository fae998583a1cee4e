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
from donations.past_chart import chart_of
from donations.payment_codes import payment_code_svg
from donations.templatetags.donations import active_methods
from donations.views.checkout import card_form, leads_to_checkout
from pagecache import cached_page, changes_at, midnight

PAST_CAMPAIGNS = 12  # on the donate page; all are on a page of their own


@cached_page("giving")
@require_safe
def donate(request: HttpRequest) -> HttpResponse:
    """Show how to give, what it pays for, and how past drives went. Public."""
    changes_at(midnight)
    running = Campaign.objects.running().with_raised().first()
    drives = past_drives()
    past = drives[:PAST_CAMPAIGNS]
    page = render(
        request,
        "donations/donate.html",
        {
            "meter": meter_of(running) if running else None,
            "methods": active_methods(request),
            "names": names_on_wall(),
            "past": past,
            "chart": chart_of(past),
            "has_more": len(drives) > len(past),
            "card": card_form(),
        },
    )
    return leads_to_checkout(request, page) if takes_cards() else page


@cached_page("giving")
@require_safe
def past(request: HttpRequest) -> HttpResponse:
    """Show how every drive went that is over. Public."""
    changes_at(midnight)
    drives = past_drives()
    return render(request, "donations/past.html", {"past": drives, "chart": chart_of(drives)})


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

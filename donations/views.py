"""The donate page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from donations.campaigns import past_drives
from donations.meter import meter_of
from donations.models import Campaign
from donations.templatetags.donations import active_methods

PAST_CAMPAIGNS = 24


@require_safe
def donate(request: HttpRequest) -> HttpResponse:
    """Show how to give, what it pays for, and how past drives went. Public."""
    running = Campaign.objects.running().with_raised().first()
    return render(
        request,
        "donations/donate.html",
        {
            "meter": meter_of(running) if running else None,
            "methods": active_methods(request),
            "past": past_drives()[:PAST_CAMPAIGNS],
        },
    )

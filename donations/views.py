"""The donate page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from donations.meter import meter_of
from donations.models import Campaign
from donations.templatetags.donations import active_methods

PAST_CAMPAIGNS = 24


@require_safe
def donate(request: HttpRequest) -> HttpResponse:
    """Show how to give, what it pays for, and how past drives went. Public."""
    running = Campaign.objects.running().with_raised().first()
    past = Campaign.objects.past().with_raised()[:PAST_CAMPAIGNS]
    return render(
        request,
        "donations/donate.html",
        {
            "meter": meter_of(running) if running else None,
            "methods": active_methods(request),
            "past": [meter_of(campaign) for campaign in past],
        },
    )

"""Where donations meet the pages of other apps: the meter and the support boxes."""

from typing import Any

from django import template
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.template.context import Context
from django.utils.translation import get_language

from donations.meter import meter_of
from donations.models import Campaign, DonationMethod, SupportText
from donations.money import format_money
from pagecache import changes_at, midnight, shows

register = template.Library()


def active_methods(request: HttpRequest) -> list[DonationMethod]:
    """Return the active ways to give, each with all ``texts`` of the support boxes.

    Asked for once a request, in one query, as the meter and both boxes need them.
    """
    shows("giving")
    if not hasattr(request, "donation_methods"):
        texts = SupportText.objects.values(
            json=JSONObject(
                placement="placement", language="language", heading="heading", text="text"
            )
        )
        request.donation_methods = list(  # type: ignore[attr-defined]
            DonationMethod.objects.filter(is_active=True).annotate(texts=ArraySubquery(texts))
        )
    return request.donation_methods  # type: ignore[attr-defined,no-any-return]


@register.inclusion_tag("donations/_meter.html", takes_context=True)
def donation_meter(context: Context) -> dict[str, Any]:
    """Show the running drive, or nothing without one or without a way to give."""
    request = context.get("request")
    if request is None or not active_methods(request):
        return {}
    changes_at(midnight)
    campaign = Campaign.objects.running().with_raised().first()
    return {"meter": meter_of(campaign)} if campaign else {}


@register.inclusion_tag("donations/_support_box.html", takes_context=True)
def support_box(context: Context, placement: str) -> dict[str, Any]:
    """Show the box of a placement ("above" or "below") in the page's language."""
    return _said_at(context, placement)


@register.inclusion_tag("donations/_support_line.html", takes_context=True)
def support_line(context: Context) -> dict[str, Any]:
    """Show one line with a link to the donate page, where staff wrote a text for it."""
    request = context.get("request")
    return {} if request is None else _said_at(context, "line")


def _said_at(context: Context, placement: str) -> dict[str, Any]:
    request = context["request"]
    language = context.get("page_language") or get_language() or ""
    methods = [m for m in active_methods(request) if m.language in {"", language}]
    if not methods:
        return {}
    every: list[dict[str, str]] = methods[0].texts  # type: ignore[attr-defined]
    texts = {t["language"]: t for t in every if t["placement"] == placement}
    text = texts.get(language) or texts.get("")
    in_boxes = [method for method in methods if method.is_in_boxes]
    return {"placement": placement, "methods": in_boxes, "text": text}


@register.simple_tag
def money(minor: int, currency: str) -> str:
    """Return an amount in minor units as people write it."""
    return format_money(minor, currency)

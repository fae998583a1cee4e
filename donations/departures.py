"""Counting how often readers follow a way to give: a number a day, and nothing about them."""

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from donations.models import Departure, DonationMethod

COUNT = """
INSERT INTO donations_departure AS kept (method_id, day, place, number) VALUES (%s, %s, %s, 1)
ON CONFLICT (method_id, day, place) DO UPDATE SET number = kept.number + 1
"""


def count_departure(*, method: DonationMethod, place: str) -> None:
    """Count one reader more who followed the way to give today. An unknown place is the page."""
    if place not in Departure.Place.values:
        place = Departure.Place.PAGE
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [method.pk, timezone.localdate(), place])


def is_somebody(request: HttpRequest) -> bool:
    """Tell whether a request is a reader's click, not a browser's guess or a look at the head."""
    purposes = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "GET" and "prefetch" not in purposes

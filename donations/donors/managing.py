"""Sending donors the links to their monthly gifts."""

from typing import Any

from django.core.validators import validate_email
from django.utils.translation import gettext as _

from donations.donors.letters import Identity, letter_to
from donations.donors.links import absolute, pledge_path
from donations.models import Pledge
from donations.money import format_money

MOST = 20


def ask_for_links(address: str) -> None:
    """Have the links to all running monthly gifts of an address sent to it.

    Whether there are any is not to be seen, nor to be timed: the worker is asked in any case. The
    address itself is not left with it. Raises ValidationError for what is no address.
    """
    from donations.tasks import send_pledge_links  # noqa: PLC0415 (the task sends by this module)

    validate_email(address)
    running = Pledge.objects.filter(donor_email__iexact=address, ended_at=None)
    send_pledge_links.enqueue(list(running.values_list("pk", flat=True)[:MOST]))


def send_links(numbers: list[int]) -> None:
    """Send one letter with the links to these monthly gifts of one donor; none for none."""
    pledges = list(
        Pledge.objects.filter(pk__in=numbers, ended_at=None).exclude(donor_email="").order_by("pk")
    )
    if not pledges:
        return

    def told(identity: Identity) -> dict[str, Any]:
        return {
            "subject": _("Your monthly gift to %(name)s") % {"name": identity.name},
            "pledges": [
                {"amount": amount_of(pledge), "address": absolute(pledge_path(pledge))}
                for pledge in pledges
            ],
        }

    letter_to(pledges[0].donor_email, "links", told).send()


def amount_of(pledge: Pledge) -> str:
    """Return how much is given each time, as readers write it; empty where it is not known."""
    if pledge.amount_minor is None:
        return ""
    return format_money(pledge.amount_minor, pledge.currency)

"""Links that stand in for a log-in: whoever holds one is the donor."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from donations.models import Gift, Pledge

GIFT, PLEDGE = signing.Signer(salt="donations.gift"), signing.Signer(salt="donations.pledge")


def gift_path(gift: Gift) -> str:
    """Return the path of a gift's own page."""
    return reverse("donations:gift", args=[GIFT.sign(str(gift.pk))])


def pledge_path(pledge: Pledge) -> str:
    """Return the path of a monthly gift's own page."""
    return reverse("donations:pledge", args=[PLEDGE.sign(str(pledge.pk))])


def absolute(path: str) -> str:
    """Return the whole address, for letters."""
    return f"{settings.NEWSROOM_URL}{path}"


def gift_by_token(token: str) -> Gift | None:
    """Return the gift that a link names, None for a link that we did not sign."""
    gifts = Gift.objects.select_related("pledge", "method", "receipt")
    return gifts.filter(pk=_number(GIFT, token)).first()


def pledge_by_token(token: str) -> Pledge | None:
    """Return the monthly gift that a link names, None for a link that we did not sign."""
    return Pledge.objects.filter(pk=_number(PLEDGE, token)).first()


def _number(signer: signing.Signer, token: str) -> int:
    """Return the signed number; one that no row has for a token that we did not sign."""
    try:
        return int(signer.unsign(token))
    except signing.BadSignature:
        return 0

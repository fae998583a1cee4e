"""Paying by card on Stripe's own page: no card ever touches the site."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from donations.models import Pledge, Provider
from donations.money import exponent_of
from donations.providers.stripe import EXPONENTS

if TYPE_CHECKING:
    import stripe

TIMEOUT = 10  # seconds; a reader waits for it
LARGEST = 99_999_999  # Stripe takes eight digits
LOCALES = frozenset({"en", "es", "de", "ru"})  # of ours, those that Stripe's page speaks


class CheckoutError(Exception):
    """Stripe opened no page."""


def takes_cards() -> bool:
    """Tell whether the environment has Stripe's key."""
    return bool(settings.STRIPE_SECRET_KEY)


def start_checkout(*, amount_minor: int, currency: str, is_monthly: bool, language: str) -> str:
    """Open a page of Stripe's for a gift; return its address.

    The gift itself is told by Stripe's webhook, when it was paid. Raises ValidationError for an
    amount that Stripe cannot take, CheckoutError when it answers badly or not at all.
    """
    import stripe  # noqa: PLC0415 (4 MB of memory, for those who use it)

    price: dict[str, Any] = {
        "currency": currency.lower(),
        "unit_amount": amount_for_stripe(amount_minor, currency),
        "product_data": {"name": _("Monthly gift") if is_monthly else _("Gift")},
    }
    if is_monthly:
        price["recurring"] = {"interval": "month"}
    params: Any = {
        "mode": "subscription" if is_monthly else "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": settings.NEWSROOM_URL + reverse("donations:thanks"),
        "cancel_url": settings.NEWSROOM_URL + reverse("donations:donate"),
        "locale": language if language in LOCALES else "auto",
        **({} if is_monthly else {"submit_type": "donate"}),
    }
    try:
        with _client() as client:
            session = client.v1.checkout.sessions.create(params=params)
    except stripe.InvalidRequestError as error:
        if error.code in {"amount_too_small", "amount_too_large"}:
            raise ValidationError(_("Stripe takes no such amount. Choose another.")) from error
        raise CheckoutError from error
    except stripe.StripeError as error:
        raise CheckoutError from error
    if not session.url:
        raise CheckoutError
    return session.url


def open_portal(*, pledge: Pledge, return_path: str) -> str:
    """Open Stripe's page on which a donor changes or ends a monthly gift; return its address.

    Raises CheckoutError for a gift that Stripe does not know the donor of, and when it answers
    badly or not at all.
    """
    import stripe  # noqa: PLC0415 (as above)

    if not can_open_portal(pledge):
        raise CheckoutError
    params: Any = {
        "customer": pledge.customer, "return_url": settings.NEWSROOM_URL + return_path,
    }  # fmt: skip
    try:
        with _client() as client:
            return client.v1.billing_portal.sessions.create(params=params).url
    except stripe.StripeError as error:
        raise CheckoutError from error


def can_open_portal(pledge: Pledge) -> bool:
    """Tell whether Stripe has a page for this monthly gift."""
    return takes_cards() and pledge.provider == Provider.STRIPE and bool(pledge.customer)


@contextmanager
def _client() -> Iterator["stripe.StripeClient"]:
    import stripe  # noqa: PLC0415 (as above)

    http: Any = stripe.RequestsClient(timeout=TIMEOUT)
    try:
        yield stripe.StripeClient(
            settings.STRIPE_SECRET_KEY, base_addresses={"api": settings.STRIPE_API_BASE},
            http_client=http, max_network_retries=1,
        )  # fmt: skip
    finally:
        http.close()


def amount_for_stripe(minor: int, currency: str) -> int:
    """Return an amount as Stripe counts it. Raises ValidationError for one that it cannot take."""
    shift = EXPONENTS.get(currency, exponent_of(currency)) - exponent_of(currency)
    amount, rest = divmod(minor * int(10 ** max(0, shift)), int(10 ** max(0, -shift)))
    if rest or (exponent_of(currency) == 3 and amount % 10):
        raise ValidationError(_("Cards take only amounts with fewer digits after the point."))
    if amount > LARGEST:
        raise ValidationError(_("The amount is too large for a card."))
    return amount

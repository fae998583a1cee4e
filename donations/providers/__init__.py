"""Who tells us of gifts by webhook: each provider's signature, and what its events say."""

from donations.providers import kofi, patreon, paypal, stripe
from donations.providers.base import WebhookProvider

PROVIDERS: dict[str, WebhookProvider] = {
    "stripe": stripe,
    "paypal": paypal,
    "patreon": patreon,
    "kofi": kofi,
}


def provider_named(name: str) -> WebhookProvider | None:
    """Return the provider of an address, or None when there is none or it is off."""
    provider = PROVIDERS.get(name)
    return provider if provider and provider.is_on() else None

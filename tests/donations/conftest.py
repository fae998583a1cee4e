"""Fixtures of the donations."""

from collections.abc import Iterator
from typing import Any

import pytest

from donations.providers.paypal_certificates import forget_keys
from tests.donations.deliveries import (
    KOFI_TOKEN,
    PATREON_SECRET,
    PAYPAL_WEBHOOK,
    STRIPE_SECRET,
    PayPal,
    paypal_server,
)


@pytest.fixture(scope="session")
def paypal_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayPal]:
    with paypal_server(tmp_path_factory.mktemp("paypal")) as paypal:
        yield paypal


@pytest.fixture
def paypal(paypal_authority: PayPal, settings: Any) -> PayPal:
    """PayPal, whose certificates nobody has asked for yet."""
    settings.PAYPAL_CERT_HOST = paypal_authority.host
    settings.PAYPAL_CA_FILE = str(paypal_authority.ca_file)
    settings.PAYPAL_WEBHOOK_ID = PAYPAL_WEBHOOK
    paypal_authority.asked.clear()
    forget_keys()
    return paypal_authority


@pytest.fixture
def providers(paypal: PayPal, settings: Any) -> PayPal:
    """All providers, with the tests' secrets; returns PayPal, which signs for itself."""
    settings.STRIPE_WEBHOOK_SECRETS = [STRIPE_SECRET]
    settings.PATREON_WEBHOOK_SECRET = PATREON_SECRET
    settings.KOFI_VERIFICATION_TOKEN = KOFI_TOKEN
    return paypal

"""A provider that fell silent is shown to staff."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from donations.models import WebhookEvent
from donations.silence import silent_providers
from tests.accounts.factories import UserFactory
from tests.donations.deliveries import STRIPE_SECRET

pytestmark = pytest.mark.django_db


def heard(*, days: int) -> None:
    WebhookEvent.objects.create(
        provider="stripe", event_id=f"evt_{days}",
        received_at=timezone.now() - datetime.timedelta(days=days),
    )  # fmt: skip


def test_provider_that_is_off_is_nobodys_worry() -> None:
    heard(days=100)
    assert silent_providers() == []


def test_provider_that_is_on_is_expected_to_be_heard(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = [STRIPE_SECRET]
    [silence] = silent_providers()
    assert (silence.provider, silence.last_at) == ("Stripe", None)
    heard(days=15)
    [silence] = silent_providers()
    assert silence.last_at is not None
    heard(days=13)
    assert silent_providers() == []


def test_staff_are_told_and_whether_deliveries_were_refused(settings: Any, client: Client) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = [STRIPE_SECRET]
    client.force_login(UserFactory(role="Chief"))
    assert "Stripe has never told of anything. Check the webhook" in told(client)
    body = b'{"id": "evt_1"}'
    refused = client.post(
        "/webhooks/stripe/", body, content_type="application/json",
        headers={"Stripe-Signature": "t=1,v1=00"},
    )  # fmt: skip
    assert refused.status_code == 400
    assert "Stripe has never told of anything. What came was refused" in told(client)
    client.force_login(UserFactory(role="Editor"))
    assert "Stripe" not in client.get("/admin/").content.decode()


def told(client: Client) -> str:
    overview = client.get("/admin/donations/gift/overview/").content.decode()
    assert "Stripe has never told of anything" in overview
    return client.get("/admin/").content.decode()

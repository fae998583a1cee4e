"""Reconciliation: silent while the books are right, and loud at every kind of wrong."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from donations.events import process_waiting
from donations.ledger.recording import record_report
from donations.models import Entry, Gift, WebhookEvent
from tests.donations.deliveries import PayPal
from tests.donations.factories import CampaignFactory, GiftFactory, RateFactory
from tests.donations.test_ledger import payment
from tests.donations.test_webhooks import deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(providers: PayPal) -> None:
    """Events of all kinds, gifts by hand, a foreign one, and drives of two months."""
    CampaignFactory(
        starts_on=datetime.date(2026, 7, 1), ends_on=datetime.date(2026, 7, 31), label="JULY"
    )
    CampaignFactory()
    RateFactory()
    for name in (
        "stripe_charge_succeeded", "stripe_refund_created", "paypal_capture_completed",
        "paypal_dispute_created", "patreon_pledge_create", "kofi_donation", "kofi_shop_order",
    ):  # fmt: skip
        deliver(name, providers)
    process_waiting()
    GiftFactory()
    GiftFactory(is_pending=True)


def reconcile() -> tuple[int, str]:
    out, error = StringIO(), StringIO()
    try:
        call_command("reconcile", stdout=out, stderr=error)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def unguarded() -> None:
    """Take the triggers away for this test, as somebody with the database's password could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("movement", "entry"):
            cursor.execute(f"ALTER TABLE donations_{table} DISABLE TRIGGER USER")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_books_that_are_right_agree(books: None) -> None:
    code, told = reconcile()
    assert code == 0, told
    assert "All agree." in told
    assert "7 events, 6 gifts" in told
    # Of a gift in pounds nobody has said what it is worth.
    assert "1 gifts wait" in told


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE donations_entry SET amount_minor = amount_minor + 1 WHERE currency = 'GBP'",
         "Counts £3.01 on 2026-07-01, and should count £3."),
        ("UPDATE donations_entry SET day = day + 1 WHERE currency = 'GBP'", "should count £0"),
        ("DELETE FROM donations_entry WHERE currency = 'USD'", "JULY: The meter shows $0"),
        ("DELETE FROM donations_movement WHERE kind = 'refund'",
         "stripe evt_example_refund_created: What it tells is not recorded so"),
        ("UPDATE donations_movement SET amount_minor = 1 WHERE kind = 'refund'",
         "Stripe pi_example_1: Counts $15 on 2026-07-01, and should count $24.99"),
    ],
)  # fmt: skip
def test_what_somebody_changed_behind_the_ledger_is_found(
    statement: str, told: str, books: None, unguarded: None
) -> None:
    run(statement)
    code, said = reconcile()
    assert code == 1
    assert told in said


def test_entry_out_of_nothing_is_found(books: None) -> None:
    gift = Gift.objects.filter(provider="hand").first()
    today = timezone.localdate()
    Entry.objects.create(gift=gift, number=9, day=today, currency="USD", amount_minor=5)
    code, told = reconcile()
    assert code == 1
    assert "The meter shows $100.05, and the gifts make $100" in told


def test_payment_that_nobody_told_of_is_found(books: None) -> None:
    record_report(payment("made up"))
    code, told = reconcile()
    assert code == 1
    assert "Stripe made up: Nobody told of this: Received: $100" in told


def test_event_that_waits_or_was_not_understood_is_found(books: None, providers: PayPal) -> None:
    deliver("paypal_sale_completed", providers)
    deliver("patreon_partly_refunded", providers)
    WebhookEvent.objects.filter(provider="patreon", status="waiting").update(status="failed")
    code, told = reconcile()
    assert code == 1
    assert told.count("Has not been processed") == 2


def test_events_whose_bodies_were_dropped_still_agree(books: None) -> None:
    WebhookEvent.objects.update(body=None)
    assert reconcile()[0] == 0

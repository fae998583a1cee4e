"""Webhooks: recorded payloads of each provider, good ones kept and counted, bad ones refused."""

import datetime
import itertools
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import Publication
from donations.events import forget_old_bodies, process_again, process_waiting
from donations.ledger.settlement import Status
from donations.models import Entry, Gift, Pledge, RefusedDelivery, WebhookEvent
from donations.providers.stripe import minor
from donations.tasks import process_events
from tests.donations.deliveries import (
    DAY,
    Authority,
    PayPal,
    kofi_body,
    patreon_headers,
    payload,
    stripe_headers,
)
from tests.donations.factories import rolled_back

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"

type Headers = dict[str, str]


def post(provider: str, body: bytes, headers: Headers, kind: str = "application/json") -> Any:
    return Client().post(f"/webhooks/{provider}/", body, content_type=kind, headers=headers)


def deliver(name: str, paypal: PayPal, **changes: Any) -> HttpResponse:
    """Deliver a recorded payload as its provider does."""
    provider = name.partition("_")[0]
    said = payload(name) | changes
    body = json.dumps(said).encode()
    match provider:
        case "stripe":
            return post(provider, body, stripe_headers(body))
        case "paypal":
            return post(provider, body, paypal.headers(body))
        case "patreon":
            return post(provider, body, patreon_headers(body))
        case _:
            return post(provider, kofi_body(said), {}, FORM)


def totals() -> dict[str, int]:
    sums: Counter[str] = Counter()
    for currency, amount in Entry.objects.values_list("currency", "amount_minor"):
        sums[currency] += amount
    return {currency: total for currency, total in sums.items() if total}


# What is delivered, what counts then, and how the gifts stand.
STORIES: list[tuple[list[str], dict[str, int], list[Status]]] = [
    (["stripe_charge_succeeded"], {"USD": 2500}, [Status.RECEIVED]),
    (["stripe_payment_intent_succeeded", "stripe_checkout_completed", "stripe_charge_succeeded"],
     {"USD": 2500}, [Status.RECEIVED]),
    (["stripe_charge_pending"], {}, [Status.PENDING]),
    (["stripe_charge_pending", "stripe_charge_failed"], {}, [Status.FAILED]),
    (["stripe_card_declined"], {}, []),
    (["stripe_customer_created"], {}, []),
    (["stripe_charge_succeeded", "stripe_refund_created", "stripe_charge_refunded"],
     {"USD": 1500}, [Status.PARTLY_REFUNDED]),
    (["stripe_charge_succeeded", "stripe_charge_refunded"], {"USD": 1500},
     [Status.PARTLY_REFUNDED]),
    (["stripe_charge_succeeded", "stripe_refund_created", "stripe_refund_failed"],
     {"USD": 2500}, [Status.RECEIVED]),
    (["stripe_charge_succeeded", "stripe_dispute_created"], {}, [Status.DISPUTED]),
    (["stripe_charge_succeeded", "stripe_dispute_inquiry"], {"USD": 2500}, [Status.RECEIVED]),
    (["stripe_charge_succeeded", "stripe_dispute_created", "stripe_dispute_won"],
     {"USD": 2500}, [Status.RECEIVED]),
    (["stripe_charge_succeeded", "stripe_dispute_created", "stripe_dispute_lost"],
     {}, [Status.CHARGED_BACK]),
    (["stripe_checkout_subscription", "stripe_subscription_charge"], {"USD": 1000},
     [Status.RECEIVED]),
    (["paypal_capture_completed"], {"EUR": 3000}, [Status.RECEIVED]),
    (["paypal_capture_pending"], {}, [Status.PENDING]),
    (["paypal_capture_pending", "paypal_capture_denied"], {}, [Status.FAILED]),
    (["paypal_capture_completed", "paypal_capture_refunded"], {"EUR": 2000},
     [Status.PARTLY_REFUNDED]),
    (["paypal_capture_completed", "paypal_capture_reversed"], {}, [Status.REVERSED]),
    (["paypal_capture_completed", "paypal_dispute_created"], {}, [Status.DISPUTED]),
    (["paypal_capture_completed", "paypal_dispute_created", "paypal_dispute_resolved_seller"],
     {"EUR": 3000}, [Status.RECEIVED]),
    (["paypal_capture_completed", "paypal_dispute_created", "paypal_dispute_resolved_buyer",
      "paypal_capture_reversed"], {}, [Status.CHARGED_BACK]),
    (["paypal_sale_completed", "paypal_subscription_activated"], {"USD": 500}, [Status.RECEIVED]),
    (["paypal_sale_completed", "paypal_sale_refunded"], {}, [Status.REFUNDED]),
    (["patreon_pledge_create"], {"USD": 500}, [Status.RECEIVED]),
    (["patreon_pending"], {}, [Status.PENDING]),
    (["patreon_pending", "patreon_declined"], {}, [Status.FAILED]),
    (["patreon_pledge_create", "patreon_raised"], {"USD": 500}, [Status.RECEIVED]),
    (["patreon_pledge_create", "patreon_refunded"], {}, [Status.REFUNDED]),
    (["patreon_pledge_create", "patreon_next_month", "patreon_pledge_delete"], {"USD": 1000},
     [Status.RECEIVED, Status.RECEIVED]),
    (["kofi_donation"], {"GBP": 300}, [Status.RECEIVED]),
    (["kofi_subscription"], {"GBP": 300}, [Status.RECEIVED]),
    (["kofi_shop_order"], {}, []),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES, ids=lambda story: "+".join(story[0]))
def test_recorded_payloads_count_the_same_in_every_order_and_twice(
    story: tuple[list[str], dict[str, int], list[Status]], providers: PayPal
) -> None:
    names, counted, statuses = story
    for order in itertools.permutations(names):
        with rolled_back():
            for name in [*order, *names]:
                answer = deliver(name, providers)
                assert answer.status_code == 200, answer.content
            assert process_waiting() == len(names)
            assert not WebhookEvent.objects.filter(status__in=["waiting", "failed"]).exists()
            assert totals() == counted
            assert sorted(g.standing.status for g in Gift.objects.all()) == sorted(statuses)


def test_event_is_kept_and_queued_before_anything_is_made_of_it(providers: PayPal) -> None:
    assert deliver("stripe_charge_succeeded", providers).status_code == 200
    event = WebhookEvent.objects.get()
    assert (event.provider, event.event_id) == ("stripe", "evt_example_charge_succeeded")
    assert event.status == "waiting"
    assert json.loads(bytes(event.body)) == payload("stripe_charge_succeeded")  # type: ignore[arg-type]
    assert event.headers["Stripe-Signature"].startswith("t=")
    assert DBTaskResult.objects.get().task_path == "donations.tasks.process_events"
    assert not Gift.objects.exists()
    # One task looks after all that wait.
    deliver("kofi_donation", providers)
    assert DBTaskResult.objects.count() == 1
    process_events.func()
    assert totals() == {"USD": 2500, "GBP": 300}


def test_donors_are_known_from_what_any_event_says(providers: PayPal) -> None:
    for name in ("stripe_payment_intent_succeeded", "stripe_charge_succeeded"):
        deliver(name, providers)
    process_waiting()
    gift = Gift.objects.get()
    assert (gift.donor_name, gift.donor_email) == ("Halvard Example", "donor@example.org")


@pytest.mark.parametrize(
    ("payment", "pledge", "amount"),
    [
        ("stripe_subscription_charge", "stripe_checkout_subscription", 1000),
        ("paypal_sale_completed", "paypal_subscription_activated", 500),
    ],
)
def test_monthly_gift_and_its_payments_find_each_other_in_either_order(
    payment: str, pledge: str, amount: int, providers: PayPal
) -> None:
    for order in ((payment, pledge), (pledge, payment)):
        with rolled_back():
            for name in order:
                deliver(name, providers)
            process_waiting()
            row = Pledge.objects.get()
            assert list(row.gifts.all()) == [Gift.objects.get()]
            assert (row.amount_minor, row.currency, row.is_running) == (amount, "USD", True)


def test_ended_monthly_gift_stays_ended_when_its_beginning_comes_late(providers: PayPal) -> None:
    for name in ("stripe_subscription_deleted", "stripe_checkout_subscription"):
        deliver(name, providers)
        process_waiting()
    pledge = Pledge.objects.get()
    assert not pledge.is_running
    assert pledge.donor_email == "donor@example.org"


def test_monthly_gifts_of_patreon_and_kofi(providers: PayPal) -> None:
    for name in ("patreon_pledge_create", "patreon_pledge_delete", "kofi_subscription"):
        deliver(name, providers)
    process_waiting()
    patreon, kofi = Pledge.objects.order_by("-provider")
    assert not patreon.is_running
    assert kofi.is_running
    assert "someone" not in kofi.reference
    assert all(gift.pledge for gift in Gift.objects.all())


def test_days_are_the_publications_own(providers: PayPal) -> None:
    Publication.objects.create(pk=1, time_zone="Pacific/Kiritimati")
    deliver("stripe_charge_succeeded", providers)  # noon of 1 July in Greenwich
    process_waiting()
    assert Entry.objects.get().day == datetime.date(2026, 7, 2)


@pytest.mark.parametrize(
    ("amount", "currency", "becomes"),
    [
        (500, "JPY", 500), (500, "USD", 500), (500, "ISK", 5), (500, "UGX", 5), (5, "MGA", 500),
        (5120, "KWD", 5120),
    ],
)  # fmt: skip
def test_stripe_counts_some_currencies_otherwise(amount: int, currency: str, becomes: int) -> None:
    assert minor(amount, currency) == becomes


# What is refused ----------------------------------------------------------------------------

BODIES = {
    "stripe": json.dumps(payload("stripe_charge_succeeded")).encode(),
    "paypal": json.dumps(payload("paypal_capture_completed")).encode(),
    "patreon": json.dumps(payload("patreon_pledge_create")).encode(),
}
NO_UTF8 = b'{"id": "evt_1", "type": "charge.succeeded", "name": "\xff"}'


def signed(provider: str, body: bytes, paypal: PayPal, **how: Any) -> Headers:
    match provider:
        case "stripe":
            return stripe_headers(body, **how)
        case "paypal":
            return paypal.headers(body, **how)
        case _:
            return patreon_headers(body, **how)


def refused(answer: Any, reason: str, status: int = 400) -> None:
    """Assert that nothing was kept, and that the staff sees why."""
    assert answer.status_code == status
    assert not WebhookEvent.objects.exists()
    assert RefusedDelivery.objects.get().reason == reason


@pytest.mark.parametrize("provider", BODIES)
def test_tampered_body_is_refused(provider: str, providers: PayPal) -> None:
    body = BODIES[provider]
    headers = signed(provider, body, providers)
    refused(post(provider, body.replace(b"00", b"99", 1), headers), "signature")


@pytest.mark.parametrize("provider", BODIES)
def test_unsigned_body_is_refused(provider: str, providers: PayPal) -> None:
    refused(post(provider, BODIES[provider], {}), "signature")


@pytest.mark.parametrize("provider", BODIES)
@pytest.mark.parametrize("signature", ["", "x", "t=1,v1=", "\xe9", "=" * 5000, "t=,v1=\x00"])
def test_signature_that_is_none_is_refused(
    provider: str, signature: str, providers: PayPal
) -> None:
    headers = signed(provider, BODIES[provider], providers)
    name = {"stripe": "Stripe-Signature", "paypal": "PayPal-Transmission-Sig"}
    headers[name.get(provider, "X-Patreon-Signature")] = signature
    refused(post(provider, BODIES[provider], headers), "signature")


@pytest.mark.parametrize("provider", ["stripe", "patreon"])
def test_another_secret_is_refused(provider: str, providers: PayPal) -> None:
    headers = signed(provider, BODIES[provider], providers, secret="another")
    refused(post(provider, BODIES[provider], headers), "signature")


def test_kofi_with_another_token_is_refused(providers: PayPal) -> None:
    for token in ("another", "", None, 5, "ü"):
        said = payload("kofi_donation") | {"verification_token": token}
        assert post("kofi", kofi_body(said), {}, FORM).status_code == 400
    assert not WebhookEvent.objects.exists()
    assert RefusedDelivery.objects.get().count == 5


@pytest.mark.parametrize(("provider", "age"), [("stripe", 301), ("paypal", 4.1 * 86_400)])
def test_old_delivery_is_refused(provider: str, age: float, providers: PayPal) -> None:
    headers = signed(provider, BODIES[provider], providers, age=age)
    refused(post(provider, BODIES[provider], headers), "age")


@pytest.mark.parametrize(("provider", "age"), [("stripe", 290), ("paypal", 3 * 86_400)])
def test_delivery_within_the_window_is_kept(provider: str, age: float, providers: PayPal) -> None:
    headers = signed(provider, BODIES[provider], providers, age=age)
    assert post(provider, BODIES[provider], headers).status_code == 200


@pytest.mark.parametrize("provider", [*BODIES, "kofi"])
def test_replay_counts_once_for_ever(
    provider: str, providers: PayPal, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = {
        "stripe": "stripe_charge_succeeded", "paypal": "paypal_capture_completed",
        "patreon": "patreon_pledge_create", "kofi": "kofi_donation",
    }[provider]  # fmt: skip
    deliver(name, providers)
    process_waiting()
    before = totals()
    WebhookEvent.objects.update(received_at=timezone.now() - 400 * DAY)
    forget_old_bodies()
    assert deliver(name, providers).status_code == 200
    process_waiting()
    assert totals() == before
    assert WebhookEvent.objects.get().body is None


@pytest.mark.parametrize("provider", [*BODIES, "kofi"])
def test_oversized_delivery_is_refused(provider: str, providers: PayPal) -> None:
    body = b" " * (512 * 1024 + 1)
    headers = signed(provider, body, providers)
    refused(post(provider, body, headers), "size", 413)


@pytest.mark.parametrize("provider", [*BODIES, "kofi"])
def test_delivery_that_is_no_utf8_is_refused(provider: str, providers: PayPal) -> None:
    headers = signed(provider, NO_UTF8, providers)
    if provider == "kofi":
        refused(post(provider, b"data=%7B%22a%22%3A%22%FF%22%7D", {}, FORM), "encoding")
    else:
        refused(post(provider, NO_UTF8, headers), "encoding")


NO_OBJECTS = [b"", b"[]", b"null", b"{", b"[" * 100_000]
NO_NAMES = [b"{}", b'{"id": 5}', b'{"id": ""}']  # Patreon's events have none


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        *itertools.product(BODIES, NO_OBJECTS),
        *itertools.product(["stripe", "paypal"], NO_NAMES),
    ],
)
def test_signed_nonsense_is_refused(provider: str, body: bytes, providers: PayPal) -> None:
    refused(post(provider, body, signed(provider, body, providers)), "form")


@pytest.mark.parametrize("body", [b"", b"data=", b"data=5", b"x=1", b"data=%5B%5D", b"&" * 900])
def test_kofi_without_data_is_refused(body: bytes, providers: PayPal) -> None:
    refused(post("kofi", body, {}, FORM), "form")


@pytest.mark.parametrize("provider", ["stripe", "paypal", "patreon", "kofi", "ko-fi", "x"])
def test_provider_without_a_secret_is_not_there(provider: str, settings: Any) -> None:
    settings.PAYPAL_WEBHOOK_ID = ""
    assert post(provider, b"{}", {}).status_code == 404
    assert not RefusedDelivery.objects.exists()


def test_webhook_is_posted_to(providers: PayPal) -> None:
    assert Client().get("/webhooks/stripe/").status_code == 405


def test_flood_of_bad_signatures_takes_one_row(providers: PayPal) -> None:
    for _time in range(30):
        post("stripe", BODIES["stripe"], {})
    assert RefusedDelivery.objects.get().count == 30


def test_second_secret_is_good_while_one_replaces_another(providers: PayPal, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", *settings.STRIPE_WEBHOOK_SECRETS]
    assert deliver("stripe_charge_succeeded", providers).status_code == 200


# PayPal's certificates ----------------------------------------------------------------------


def post_paypal(paypal: PayPal, **how: Any) -> int:
    body = BODIES["paypal"]
    return int(post("paypal", body, paypal.headers(body, **how)).status_code)


def test_certificate_is_fetched_once(paypal: PayPal) -> None:
    assert [post_paypal(paypal) for _time in range(3)] == [200, 200, 200]
    assert paypal.asked == [paypal.path]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example{path}", "http://{host}{path}", "https://{host}:1{path}",
        "https://{host}@evil.example{path}", "https://evil.example@{host}{path}",
        "https://{host}/other/CERT-example-1", "https://{host}/v1/notifications/certs/../x",
        "https://{host}{path}/../../x", "file:///etc/passwd", "//{host}{path}", "", "https://",
        "https://[::1", "https://{host}\\@evil.example{path}",
    ],
)  # fmt: skip
def test_certificate_from_elsewhere_is_not_even_fetched(url: str, paypal: PayPal) -> None:
    address = url.format(host=paypal.host, path=paypal.path)
    assert post_paypal(paypal, Cert_Url=address) == 400
    assert paypal.asked == []


def test_algorithm_is_fixed(paypal: PayPal) -> None:
    assert post_paypal(paypal, Auth_Algo="SHA1withRSA") == 400


def another_authority(paypal: PayPal) -> bytes:
    other = Authority()
    name = x509.DNSName("messageverificationcerts.paypal.com")
    return other.chain(other.certificate(paypal.key, name))


def expired(paypal: PayPal) -> bytes:
    name = x509.DNSName("messageverificationcerts.paypal.com")
    return paypal.authority.chain(
        paypal.authority.certificate(paypal.key, name, begins=-9 * DAY, ends=-DAY)
    )


def of_another_name(paypal: PayPal) -> bytes:
    name = x509.DNSName("www.example.org")
    return paypal.authority.chain(paypal.authority.certificate(paypal.key, name))


@pytest.mark.parametrize(
    "certificate", [another_authority, expired, of_another_name, lambda _p: b"nonsense"]
)
def test_certificate_that_is_not_good_is_refused(
    certificate: Callable[[PayPal], bytes], paypal: PayPal
) -> None:
    path = "/v1/notifications/certs/CERT-bad"
    paypal.certificates[path] = certificate(paypal)
    assert post_paypal(paypal, url=f"https://{paypal.host}{path}") == 400
    assert paypal.asked == [path]


def test_certificate_that_cannot_be_fetched_has_the_event_sent_again(
    paypal: PayPal, settings: Any
) -> None:
    settings.PAYPAL_CERT_HOST = "127.0.0.1:9"
    assert post_paypal(paypal, url=f"https://127.0.0.1:9{paypal.path}") == 503
    assert not RefusedDelivery.objects.exists()


def test_made_up_addresses_fetch_only_a_few(paypal: PayPal) -> None:
    base = f"https://{paypal.host}/v1/notifications/certs/CERT-"
    answers = Counter(post_paypal(paypal, url=f"{base}{number}") for number in range(15))
    assert answers == {400: 10, 503: 5}
    assert len(paypal.asked) == 10


# Afterwards ---------------------------------------------------------------------------------


def test_event_that_is_not_understood_holds_up_no_other(providers: PayPal) -> None:
    broken = payload("stripe_charge_succeeded")
    del broken["data"]["object"]["currency"]
    deliver("stripe_charge_succeeded", providers, id="evt_broken", data=broken["data"])
    deliver("patreon_partly_refunded", providers)
    deliver("kofi_donation", providers)
    assert process_waiting() == 3
    assert totals() == {"GBP": 300}
    failed = {e.provider: e.error for e in WebhookEvent.objects.filter(status="failed")}
    assert failed["stripe"] == "KeyError"
    assert "by hand" in failed["patreon"]
    event = WebhookEvent.objects.get(provider="stripe")
    process_again(event)
    event.refresh_from_db()
    assert event.status == "waiting"


def test_names_that_postgres_cannot_keep_are_cleaned(providers: PayPal) -> None:
    deliver("kofi_donation", providers, from_name="A\x00B\ud800C", message="\x00")
    process_waiting()
    assert Gift.objects.get().donor_name == "ABC"


def test_kofis_token_is_not_kept(providers: PayPal) -> None:
    deliver("kofi_donation", providers)
    assert b"token" not in bytes(WebhookEvent.objects.get().body)  # type: ignore[arg-type]


def test_bodies_are_dropped_after_their_time(providers: PayPal, settings: Any) -> None:
    settings.WEBHOOK_KEEP_DAYS = 30
    deliver("stripe_charge_succeeded", providers)
    process_waiting()
    WebhookEvent.objects.update(received_at=timezone.now() - 29 * DAY)
    forget_old_bodies()
    assert WebhookEvent.objects.get().body
    WebhookEvent.objects.update(received_at=timezone.now() - 31 * DAY)
    forget_old_bodies()
    event = WebhookEvent.objects.get()
    assert (event.body, event.headers) == (None, {})

"""Giving by card: Stripe's library against a Stripe of the test's own, over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from donations.models import Campaign, Gift
from tests.donations.factories import CampaignFactory, MethodFactory
from tests.donations.fake_stripe import Stripe, fake_stripe

pytestmark = pytest.mark.django_db


@pytest.fixture
def stripe(settings: Any) -> Iterator[Stripe]:
    CampaignFactory()
    with fake_stripe(settings) as fake:
        yield fake


def give(**fields: str) -> Any:
    return Client().post("/donate/card/", {"interval": "once", **fields})


def test_single_gift_leads_to_stripes_page(stripe: Stripe) -> None:
    answer = give(own="12.50")
    assert (answer.status_code, answer.headers["Location"]) == (302, stripe.page)
    [(path, asked, key)] = stripe.asked
    assert path == "/v1/checkout/sessions"
    assert key == "Bearer sk_test_example"
    assert asked["mode"] == "payment"
    assert asked["submit_type"] == "donate"
    assert asked["line_items[0][price_data][unit_amount]"] == "1250"
    assert asked["line_items[0][price_data][currency]"] == "usd"
    assert asked["success_url"] == "http://testserver/donate/thanks/"
    # What counts is what Stripe's webhook tells, not that somebody went there.
    assert not Gift.objects.exists()


def test_monthly_gift_is_a_subscription(stripe: Stripe) -> None:
    assert give(choice="1000", interval="month").status_code == 302
    [(_path, asked, _key)] = stripe.asked
    assert asked["mode"] == "subscription"
    assert asked["line_items[0][price_data][recurring][interval]"] == "month"
    assert asked["line_items[0][price_data][unit_amount]"] == "1000"


def test_own_amount_wins_over_a_chosen_one(stripe: Stripe) -> None:
    give(choice="1000", own="7")
    assert stripe.asked[0][1]["line_items[0][price_data][unit_amount]"] == "700"


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"own": "0"}, {"own": "-5"}, {"own": "1e9"}, {"own": "12.345"}, {"own": "9" * 29},
        {"own": "1000000"}, {"own": "\x00"}, {"choice": "7"}, {"choice": "x" * 20},
        {"own": "5", "interval": "never"}, {"own": "<script>"},
    ],
)  # fmt: skip
def test_bad_amount_gets_a_message_and_asks_nobody(fields: dict[str, str], stripe: Stripe) -> None:
    answer = give(**fields)
    assert answer.status_code == 400
    soup = BeautifulSoup(answer.content, "html.parser")
    assert soup.select_one(".invalid-feedback")
    assert soup.select_one("#card-own")["value"] == fields.get("own", "")  # type: ignore[index]
    assert stripe.asked == []


def test_amount_that_stripe_refuses_gets_a_message(stripe: Stripe) -> None:
    stripe.status, stripe.answer = 400, {
        "error": {"type": "invalid_request_error", "code": "amount_too_small", "message": "No"}
    }  # fmt: skip
    answer = give(own="0.01")
    assert answer.status_code == 400
    assert "Stripe takes no such amount" in answer.content.decode()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, {"error": {"type": "authentication_error", "message": "No such key: sk_test_x"}}),
        (400, {"error": {"type": "invalid_request_error", "message": "No"}}),
        (200, {"id": "cs_1", "object": "checkout.session", "url": None}),
    ],
)
def test_stripe_that_opens_no_page_keeps_what_was_written(
    status: int, said: dict[str, Any], stripe: Stripe
) -> None:
    stripe.status, stripe.answer = status, said
    answer = give(own="33")
    assert answer.status_code == 503
    html = answer.content.decode()
    assert "Nothing was charged" in html
    assert 'value="33"' in html
    assert "sk_test" not in html


def test_stripe_that_cannot_be_reached_keeps_what_was_written(
    stripe: Stripe, settings: Any
) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    assert give(own="33").status_code == 503


def test_yen_have_no_cents_for_stripe_either(stripe: Stripe) -> None:
    Campaign.objects.update(currency="JPY")
    give(own="1500")
    asked = stripe.asked[0][1]
    assert asked["line_items[0][price_data][unit_amount]"] == "1500"
    assert asked["line_items[0][price_data][currency]"] == "jpy"


def test_pages_policy_lets_the_form_lead_to_stripe_and_nowhere_else(stripe: Stripe) -> None:
    for address in ("/donate/", "/donate/card/"):
        answer = Client().get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert f"form-action 'self' {stripe.base};" in policy + ";"
        assert BeautifulSoup(answer.content, "html.parser").select_one("form.card-form")
    assert "public" in Client().get("/donate/").headers["Cache-Control"]


def test_without_a_key_there_are_no_cards(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""
    MethodFactory()
    answer = Client().get("/donate/")
    assert "card-form" not in answer.content.decode()
    assert "stripe" not in answer.headers["Content-Security-Policy"]
    assert give(own="5").status_code == 404


def test_another_site_cannot_send_the_form(stripe: Stripe) -> None:
    answer = Client().post(
        "/donate/card/",
        {"own": "5", "interval": "once"},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert stripe.asked == []


def test_thanks_say_the_same_to_everyone() -> None:
    answer = Client().get("/donate/thanks/")
    assert answer.status_code == 200
    assert "public" in answer.headers["Cache-Control"]

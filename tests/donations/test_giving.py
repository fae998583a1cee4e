"""Ways to give: where they show, what a phone reads, and how they are counted."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client

from donations.models import Departure, DonationMethod, SupportText
from donations.payment_codes import transfer_payload
from tests.articles.factories import ArticleFactory
from tests.donations.factories import MethodFactory

pytestmark = pytest.mark.django_db

IBAN = "XX84EXAMPLE0000000000000"


def bank(**fields: str) -> DonationMethod:
    """A transfer, cleaned as the admin's form does."""
    told = {
        "account_holder": "The Meridian Ledger",
        "iban": "xx84 EXAMPLE 0000 0000 0000 0",
        **fields,
    }
    method = DonationMethod(kind="bank", label="Transfer", **told)
    method.full_clean()
    method.save()
    return method


@pytest.mark.parametrize(
    "iban", ["XX85EXAMPLE0000000000000", "XX84", "8" * 20, "XX84-EXAMPLE", "\u0661" * 20]
)
def test_iban_with_a_slip_is_refused(iban: str) -> None:
    with pytest.raises(ValidationError) as refused:
        bank(iban=iban)
    assert "iban" in refused.value.error_dict


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "bank", "iban": IBAN},
        {"kind": "bank", "account_holder": "Somebody"},
        {"kind": "crypto", "wallet": "x" * 30},
        {"kind": "crypto", "coin": "bitcoin"},
        {"kind": "crypto", "coin": "bitcoin", "wallet": "short"},
        {"kind": "crypto", "coin": "bitcoin", "wallet": "a" * 30 + "?amount=1"},
        {"kind": "page"},
    ],
)
def test_half_a_way_to_give_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        DonationMethod(label="X", **fields).full_clean()


def test_transfer_is_written_as_banking_apps_read_it() -> None:
    payload = transfer_payload(bank(bic="EXAMPLEX", transfer_text="Gift"))
    assert payload.split("\n") == [
        "BCD", "002", "1", "SCT", "EXAMPLEX", "The Meridian Ledger", IBAN, "", "", "", "Gift",
    ]  # fmt: skip


def test_code_is_a_picture_for_everyone() -> None:
    method = bank()
    response = Client().get(f"/donate/code/{method.pk}.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert "public" in response["Cache-Control"]
    assert response.content.startswith(b"<svg")
    assert b"style=" not in response.content
    assert Client().get(f"/donate/code/{MethodFactory().pk}.svg").status_code == 404
    DonationMethod.objects.update(is_active=False)
    assert Client().get(f"/donate/code/{method.pk}.svg").status_code == 404


def test_facts_can_be_copied_without_their_spaces() -> None:
    bank()
    MethodFactory(kind="crypto", label="Bitcoin", url="", coin="bitcoin", wallet="w" * 30)
    soup = BeautifulSoup(Client().get("/donate/").content, "html.parser")
    copied = [button["data-copy"] for button in soup.select("[data-copy]")]
    assert copied == ["The Meridian Ledger", IBAN, "w" * 30]
    assert "XX84 EXAM PLE0" in soup.get_text()
    assert len(soup.select("img.transfer__code[alt][width][height]")) == 2


def test_following_a_way_to_give_is_counted_without_a_cookie() -> None:
    method = MethodFactory()
    path = f"/donate/to/{method.pk}/"
    client = Client()
    for _ in range(2):
        response = client.get(f"{path}?from=above")
        assert (response.status_code, response["Location"]) == (302, method.url)
        assert "no-store" in response["Cache-Control"]
    client.get(path)
    client.get(f"{path}?from=<script>")
    client.head(f"{path}?from=above")
    client.get(f"{path}?from=above", headers={"Sec-Purpose": "prefetch;prerender"})
    assert not client.cookies
    counted = Departure.objects.values_list("place", "number").order_by("place")
    assert list(counted) == [("above", 2), ("page", 2)]


def test_nobody_is_led_to_where_no_way_leads() -> None:
    inactive = MethodFactory(is_active=False)
    letter = MethodFactory(url="mailto:gifts@example.org")
    for pk in (inactive.pk, letter.pk, 0):
        assert Client().get(f"/donate/to/{pk}/").status_code == 404
    assert not Departure.objects.exists()
    assert b'href="mailto:gifts@example.org"' in Client().get("/donate/").content


def test_staff_see_how_often_it_was_followed(admin_client: Client) -> None:
    method = MethodFactory()
    for _ in range(3):
        Client().get(f"/donate/to/{method.pk}/?from=below")
    soup = BeautifulSoup(
        admin_client.get("/admin/donations/donationmethod/").content, "html.parser"
    )
    assert soup.select_one("td.field-departures").get_text(strip=True) == "3"  # type: ignore[union-attr]


def test_boxes_leave_out_what_is_for_the_page_alone() -> None:
    MethodFactory(label="In both")
    MethodFactory(label="On the page only", is_in_boxes=False)
    article = Client().get(ArticleFactory().get_absolute_url()).content.decode()
    assert "In both" in article
    assert "On the page only" not in article
    assert "On the page only" in Client().get("/donate/").content.decode()


def test_line_stands_on_other_pages_when_staff_wrote_one() -> None:
    article = ArticleFactory()
    MethodFactory()
    assert b"support-line" not in Client().get("/").content
    SupportText.objects.create(placement="line", heading="Readers pay for this.")
    assert b"Readers pay for this." in Client().get("/").content
    for address in (article.get_absolute_url(), "/donate/", "/accounts/login/"):
        assert b"support-line" not in Client().get(address).content
    DonationMethod.objects.update(is_active=False)
    assert b"support-line" not in Client().get("/").content

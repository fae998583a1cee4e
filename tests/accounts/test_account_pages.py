"""Signing up, logging in and out, and what the pages of an account refuse."""

import re
import socket
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client

from accounts.models import User
from articles.models import Publication
from tests.accounts.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SIGN_UP = {
    "email": "ada@example.org", "display_name": "Ada", "password1": PASSWORD, "password2": PASSWORD,
}  # fmt: skip


def page_of(content: bytes) -> BeautifulSoup:
    return BeautifulSoup(content, "lxml")


def code_mailed() -> str:
    """Return the code that stands in the last letter."""
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[0]


def test_reader_signs_up_by_email_and_is_logged_in_by_the_code(client: Client) -> None:
    Publication.objects.create(pk=1, name="The Ledger")
    asked = client.post("/accounts/signup/", SIGN_UP | {"next": "/articles/x/"})
    user = User.objects.get()
    assert (user.email, user.display_name, user.is_staff) == ("ada@example.org", "Ada", False)
    assert "_auth_user_id" not in client.session
    assert mail.outbox[0].to == ["ada@example.org"]
    assert mail.outbox[0].subject.startswith("The Ledger: ")
    assert "The Ledger" in mail.outbox[0].body
    answer = client.post(asked["Location"], {"code": code_mailed().lower().replace("-", " ")})
    assert answer["Location"] == "/articles/x/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.get(user=user).verified


def test_wrong_code_is_refused_and_the_third_ends_it(client: Client) -> None:
    asked = client.post("/accounts/signup/", SIGN_UP)["Location"]
    for _attempt in range(2):
        answer = client.post(asked, {"code": "AAAA-AAAA"})
        assert page_of(answer.content).select(".invalid-feedback")
    assert client.post(asked, {"code": "AAAA-AAAA"})["Location"] == "/accounts/login/"
    client.post(asked, {"code": code_mailed()})
    assert "_auth_user_id" not in client.session


def test_log_in_by_code_needs_no_password(client: Client) -> None:
    user = UserFactory(email="ada@example.org")
    asked = client.post("/accounts/login/code/?next=/articles/x/", {"email": "ADA@example.org"})
    assert page_of(client.get(asked["Location"]).content).find("input", attrs={"name": "code"})
    client.post(asked["Location"], {"code": code_mailed()})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_unverified_account_is_asked_for_the_code_before_it_is_opened(client: Client) -> None:
    user = UserFactory(email="ada@example.org", is_verified=False)
    entry = {"login": "ada@example.org", "password": PASSWORD}
    asked = client.post("/accounts/login/", entry)["Location"]
    assert "_auth_user_id" not in client.session
    client.post(asked, {"code": code_mailed()})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_new_address_counts_once_its_code_is_typed(client: Client) -> None:
    user = UserFactory(email="ada@example.org")
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    asked = client.post("/accounts/email/", {"email": "lovelace@example.org", "action_add": ""})
    user.refresh_from_db()
    assert user.email == "ada@example.org"
    assert mail.outbox[-1].to == ["lovelace@example.org"]
    code = code_mailed()
    client.get(asked["Location"])
    client.post("/accounts/confirm-email/", {"code": code})
    user.refresh_from_db()
    assert user.email == "lovelace@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [
        ("lovelace@example.org", True)
    ]
    assert mail.outbox[-1].to == ["ada@example.org"]  # the old address hears of it


def test_changing_what_opens_the_account_asks_who_it_is(client: Client) -> None:
    client.force_login(UserFactory())
    pages = ["2fa/totp/activate/", "2fa/webauthn/add/", "2fa/recovery-codes/generate/"]
    for path in pages:
        answer = client.get(f"/accounts/{path}")
        assert answer["Location"].startswith("/accounts/reauthenticate/"), path
    answer = client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not mail.outbox


def test_mail_that_cannot_be_sent_is_told_and_breaks_nothing(client: Client, settings: Any) -> None:
    port = closed_port()
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 1},
        }
    }
    answer = client.post("/accounts/signup/", SIGN_UP, follow=True)
    assert answer.status_code == 200
    assert "could not send an email" in answer.content.decode()
    assert User.objects.count() == 1


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"display_name": "x" * 81}, "display_name"),
        ({"display_name": "a\x00b"}, "display_name"),
        ({"display_name": "   "}, "display_name"),
        ({"display_name": "a\nb"}, "display_name"),
        ({"display_name": "gnp\u202e.exe"}, "display_name"),
        ({"display_name": "\u200b"}, "display_name"),
        ({"email": "a\x00@example.org"}, "email"),
        ({"email": "not an address"}, "email"),
        ({"email": f"{'x' * 300}@example.org"}, "email"),
        ({"password2": "other words"}, "password2"),
        ({"password1": "12345678", "password2": "12345678"}, "password1"),
    ],
)
def test_bad_sign_up_says_so_at_the_field(
    client: Client, change: dict[str, str], field: str
) -> None:
    response = client.post("/accounts/signup/", SIGN_UP | change)
    assert response.status_code == 200
    assert response.context["form"].errors.keys() >= {field}
    assert not User.objects.exists()
    box = page_of(response.content).find(attrs={"name": field})
    assert box["aria-invalid"] == "true"
    kept = "display_name" if field != "display_name" else "email"
    value = page_of(response.content).find(attrs={"name": kept})["value"]
    assert value == SIGN_UP[kept]


def test_markup_in_a_name_is_shown_as_text(client: Client) -> None:
    name = "<script>alert(1)</script> & “Ада” 🎈"
    asked = client.post("/accounts/signup/", SIGN_UP | {"display_name": name})["Location"]
    assert User.objects.get().display_name == name
    response = client.post(asked, {"code": code_mailed()}, follow=True)
    response = client.get("/accounts/logout/")  # where the message of the log-in stands
    assert b"<script>alert" not in response.content
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “Ада” 🎈" in response.content.decode()


def test_second_account_with_the_same_address_is_not_made(client: Client) -> None:
    UserFactory(email="ada@example.org")
    client.post("/accounts/signup/", SIGN_UP | {"email": "ADA@example.org"})
    assert User.objects.count() == 1


def test_log_in_ignores_the_case_of_the_address(client: Client) -> None:
    user = UserFactory(email="ada@example.org")
    client.post("/accounts/login/", {"login": "ADA@Example.org", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("password", ["wrong", "nul\x00", "x" * 5000])
def test_wrong_password_is_refused_with_the_address_kept(client: Client, password: str) -> None:
    UserFactory(email="ada@example.org")
    response = client.post("/accounts/login/", {"login": "ada@example.org", "password": password})
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert page_of(response.content).find(attrs={"name": "login"})["value"] == "ada@example.org"
    assert page_of(response.content).select(".alert-danger, .invalid-feedback")


@pytest.mark.parametrize(
    ("asked", "reached"),
    [("/articles/x/", "/articles/x/"), ("https://evil.example/", "/"), ("//evil.example", "/")],
)
def test_log_in_returns_only_to_this_site(client: Client, asked: str, reached: str) -> None:
    UserFactory(email="ada@example.org")
    response = client.post(
        "/accounts/login/", {"login": "ada@example.org", "password": PASSWORD, "next": asked}
    )
    assert response["Location"] == reached


def test_log_out_asks_first(client: Client) -> None:
    client.force_login(UserFactory())
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_forgotten_password_is_replaced_by_mail(client: Client) -> None:
    user = UserFactory(email="ada@example.org")
    client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    address = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert address
    form = client.get(address[1], follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "new words here", "password2": "new words here"})
    user.refresh_from_db()
    assert user.check_password("new words here")


def test_forms_carry_a_token_and_are_refused_without() -> None:
    client = Client(enforce_csrf_checks=True)
    assert b"csrfmiddlewaretoken" in client.get("/accounts/login/").content
    assert client.post("/accounts/login/", {"login": "a"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "password/reset/", "password/reset/done/", "inactive/", "login/code/"],
)
def test_page_of_a_stranger_is_private_and_says_what_it_is(client: Client, path: str) -> None:
    response = client.get(f"/accounts/{path}")
    page = page_of(response.content)
    assert response.status_code == 200
    assert len(page.find_all("h1")) == 1
    assert page.title.string.strip()[0].isalpha()
    assert page.find("meta", attrs={"name": "robots", "content": "noindex"})
    for box in page.select("main input:not([type=hidden])"):
        assert page.find("label", attrs={"for": box["id"]}), box
    assert not page.select("[style], script:not([src]):not([type='application/json'])")


@pytest.mark.parametrize(
    "path", ["email/", "password/change/", "logout/", "reauthenticate/", "2fa/", "sessions/"]
)
def test_page_of_a_member_looks_like_the_site(client: Client, path: str) -> None:
    client.force_login(UserFactory())
    response = client.get(f"/accounts/{path}")
    page = page_of(response.content)
    assert len(page.find_all("h1")) == 1
    assert page.select("nav[aria-label='Account settings'] a[href='/accounts/logout/']")
    assert "no-store" in response["Cache-Control"]


def test_lone_surrogates_in_another_encoding_are_refused(client: Client) -> None:
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (SIGN_UP | {"display_name": r"a\ud800b"}).items()
    )
    content_type = "multipart/form-data; boundary=x; charset=raw_unicode_escape"
    response = client.generic("POST", "/accounts/signup/", f"{parts}--x--\r\n", content_type)
    assert response.status_code == 400
    assert not User.objects.exists()

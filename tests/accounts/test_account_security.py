"""What strangers learn and can do by the account pages: nothing."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import User
from tests.accounts.factories import PASSWORD, UserFactory
from tests.accounts.test_account_pages import SIGN_UP, code_mailed

pytestmark = pytest.mark.django_db


class CountingHasher(PBKDF2PasswordHasher):
    """Counts how often it was made to work; that is what takes the time."""

    iterations = 1
    worked = 0

    def encode(self, *args: Any, **kwargs: Any) -> str:
        type(self).worked += 1
        return str(super().encode(*args, **kwargs))

    def harden_runtime(self, *_args: Any) -> None:
        pass


@pytest.fixture
def hasher(settings: Any) -> type[CountingHasher]:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    return CountingHasher


def seen(client: Client, path: str, data: dict[str, str]) -> tuple[list[tuple[str, int]], str]:
    """Return the way from a form to the last page, and what that shows but for the address."""
    answer = client.post(path, data, follow=True)
    page = BeautifulSoup(answer.content, "lxml")
    for hidden in page.select("input[name=csrfmiddlewaretoken]"):
        hidden.decompose()
    text = re.sub(r"[\w.-]+@example\.org", "ADDRESS", str(page.find("main")))
    return [*answer.redirect_chain, (answer.request["PATH_INFO"], answer.status_code)], text


FORMS = {
    "sign-up": ("/accounts/signup/", lambda email: SIGN_UP | {"email": email}),
    "log-in": ("/accounts/login/", lambda email: {"login": email, "password": "wrong words"}),
    "log-in by code": ("/accounts/login/code/", lambda email: {"email": email}),
    "reset": ("/accounts/password/reset/", lambda email: {"email": email}),
}


@pytest.mark.parametrize("form", FORMS)
def test_form_answers_alike_with_and_without_an_account(
    form: str, hasher: type[CountingHasher]
) -> None:
    UserFactory(email="member@example.org")
    UserFactory(email="closed@example.org", is_active=False)
    path, data_of = FORMS[form]
    answers, worked, letters = [], [], []
    for name in ("member", "closed", "nobody"):
        mail.outbox.clear()
        hasher.worked = 0
        answers.append(seen(Client(), path, data_of(f"{name}@example.org")))
        worked.append(hasher.worked)
        letters.append(len(mail.outbox))
    assert answers[0] == answers[1] == answers[2]
    assert worked[0] == worked[1] == worked[2], "the clock tells who has an account"
    assert letters[0] == letters[1] == letters[2]


@pytest.mark.parametrize("form", ["sign-up", "log-in by code"])
def test_wrong_code_answers_alike_with_and_without_an_account(form: str) -> None:
    UserFactory(email="member@example.org")
    path, data_of = FORMS[form]
    answers = []
    for name in ("member", "nobody"):
        client = Client()
        asked = client.post(path, data_of(f"{name}@example.org"))["Location"]
        client.get(asked)
        answers.append([seen(client, asked, {"code": "AAAA-AAAA"}) for _try in range(3)])
        assert "_auth_user_id" not in client.session
    assert answers[0] == answers[1]


def test_member_learns_of_nobody_by_changing_their_address(client: Client) -> None:
    UserFactory(email="other@example.org")
    answers = []
    for name in ("other", "nobody"):
        client = Client()
        client.force_login(UserFactory())
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        data = {"email": f"{name}@example.org", "action_add": ""}
        answers.append(seen(client, "/accounts/email/", data))
    assert answers[0] == answers[1]
    assert not EmailAddress.objects.filter(email="nobody@example.org").exists()


def test_owner_of_the_address_is_told_when_somebody_signs_up_with_it(client: Client) -> None:
    UserFactory(email="member@example.org")
    client.post("/accounts/signup/", SIGN_UP | {"email": "Member@example.org"})
    assert mail.outbox[-1].to == ["member@example.org"]
    assert "/accounts/password/reset/" in mail.outbox[-1].body
    assert User.objects.count() == 1


def key_after(client: Client) -> str:
    return str(client.cookies["sessionid"].value)


def test_log_in_gives_the_session_a_new_key(client: Client) -> None:
    user = UserFactory()
    ways = {
        "password": lambda c: c.post(
            "/accounts/login/", {"login": user.email, "password": PASSWORD}
        ),
        "code": lambda c: c.post(
            c.post("/accounts/login/code/", {"email": user.email})["Location"],
            {"code": code_mailed()},
        ),
    }
    for way, log_in in ways.items():
        # Somebody put a session of theirs into the reader's browser, to use it afterwards.
        thief = Client()
        thief.post("/accounts/login/code/", {"email": "thief@example.org"})
        planted = key_after(thief)
        reader = Client()
        reader.cookies["sessionid"] = planted
        reader.get("/accounts/login/")
        reader.post("/accounts/logout/")
        log_in(reader)
        assert reader.session["_auth_user_id"] == str(user.pk), way
        assert key_after(reader) != planted, way
        assert "_auth_user_id" not in thief.session, way
        assert thief.get("/accounts/email/").status_code == 302, way


ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "http:evil.example", "https:/evil.example", "javascript:alert(1)",
    "data:text/html,x", "\thttps://evil.example", "https://testserver@evil.example/",
    "https://evil.example\\@testserver/", "/\t/evil.example", "//evil.example\\@testserver/",
]  # fmt: skip


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_next_leads_nowhere_else(elsewhere: str) -> None:
    user = UserFactory()
    entry = {"login": user.email, "password": PASSWORD, "next": elsewhere}
    targets = [Client().post("/accounts/login/", entry)["Location"]]
    member = Client()
    member.force_login(user)
    targets.append(member.get("/accounts/login/", {"next": elsewhere})["Location"])
    targets.append(member.get("/accounts/signup/", {"next": elsewhere})["Location"])
    answer = member.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": elsewhere})
    targets.append(answer["Location"])
    targets.append(member.post("/accounts/logout/", {"next": elsewhere})["Location"])
    guest = Client()
    asked = guest.post("/accounts/login/code/", {"email": user.email, "next": elsewhere})
    assert "evil" not in asked["Location"]
    targets.append(guest.post(asked["Location"], {"code": code_mailed()})["Location"])
    assert set(targets) <= {"/", "/accounts/email/"}
    page = Client().get("/accounts/login/", {"next": elsewhere}).content.decode()
    assert 'href="https://evil' not in page
    assert 'href="//evil' not in page


@pytest.mark.parametrize(
    "inserted", ["\nBcc: x@evil.example", "\r\nBcc: x@evil.example", "\r\n\r\nx"]
)
@pytest.mark.parametrize("place", ["email", "display_name"])
def test_no_line_gets_into_the_head_of_a_letter(inserted: str, place: str) -> None:
    base = {"email": "ada@example.org", "display_name": "Ada"}[place]
    Client().post("/accounts/signup/", SIGN_UP | {place: base + inserted})
    for path in ("/accounts/password/reset/", "/accounts/login/code/"):
        Client().post(path, {"email": f"ada@example.org{inserted}"})
    # A name that came in another way, and is told in letters of its account.
    user = UserFactory(email="bea@example.org", display_name=f"Bea{inserted}")
    client = Client()
    client.force_login(user)
    words = {
        "oldpassword": PASSWORD,
        "password1": "quite new words",
        "password2": "quite new words",
    }
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/password/change/", words)
    assert mail.outbox
    for letter in mail.outbox:
        message = letter.message()
        assert message["Bcc"] is None
        assert message["To"] in {"ada@example.org", "bea@example.org"}
        assert all("\n" not in str(value) and "\r" not in str(value) for value in message.values())
        assert letter.recipients() in (["ada@example.org"], ["bea@example.org"])


def test_letters_lead_to_this_site_whatever_the_request_says(client: Client) -> None:
    UserFactory(email="ada@example.org")
    data = {"email": "ada@example.org"}
    answer = client.post("/accounts/password/reset/", data, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    client.post("/accounts/password/reset/", data, headers={"X-Forwarded-Host": "evil.example"})
    assert all("evil" not in str(letter.body) for letter in mail.outbox)


def limits(settings: Any) -> None:
    del settings.ACCOUNT_RATE_LIMITS
    del settings.MFA_RATE_LIMITS


def test_guessing_is_stopped_for_all_workers_alike(settings: Any) -> None:
    limits(settings)
    user = UserFactory(email="ada@example.org")
    for number in range(5):
        guesser = Client(REMOTE_ADDR=f"203.0.{number}.9")
        guesser.post("/accounts/login/", {"login": "ada@example.org", "password": "wrong"})
    # What is counted lies in the database, where every worker sees it, and tells nothing.
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM shared_cache")
        kept = str(cursor.fetchall())
    assert len(kept) > 100
    assert "203.0" not in kept
    assert "example" not in kept
    right = Client(REMOTE_ADDR="203.0.113.77")
    answer = right.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert "Too many failed" in answer.content.decode()
    assert "_auth_user_id" not in right.session
    cache.clear()
    right.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert right.session["_auth_user_id"] == str(user.pk)


def test_who_asks_for_too_many_letters_is_told_to_wait(settings: Any) -> None:
    limits(settings)
    answers = [
        Client(REMOTE_ADDR="203.0.113.77").post("/accounts/password/reset/", {"email": "a@b.org"})
        for _time in range(6)
    ]
    assert [a.status_code for a in answers] == [302] * 5 + [429]
    assert answers[-1]["Retry-After"] == "60"
    assert "Wait a minute" in answers[-1].content.decode()
    assert "no-store" in answers[-1]["Cache-Control"]
    assert len(mail.outbox) == 5


def test_sessions_are_listed_and_ended(client: Client) -> None:
    user, other = UserFactory(), UserFactory()
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    here = Client(headers={"User-Agent": firefox}, REMOTE_ADDR="203.0.113.77")
    phone, library, stranger = (Client(REMOTE_ADDR="198.51.100.7") for _number in range(3))
    for browser, who in ((here, user), (phone, user), (library, user), (stranger, other)):
        browser.post("/accounts/login/", {"login": who.email, "password": PASSWORD})
    page = BeautifulSoup(here.get("/accounts/sessions/").content, "lxml")
    rows = page.select(".account__rows > li")
    assert len(rows) == 3
    mine = next(row for row in rows if "this one" in row.text)
    assert "Firefox on Linux" in mine.text
    assert "203.0.113.0" in mine.text
    assert "203.0.113.77" not in page.text
    numbers = [row.find("button")["value"] for row in rows if row.find("button")]
    assert len(numbers) == 2
    # One; not another's; all others.
    stranger.post("/accounts/sessions/", {"session": numbers[0]})
    assert (
        len(
            BeautifulSoup(here.get("/accounts/sessions/").content, "lxml").select(
                ".account__rows > li"
            )
        )
        == 3
    )
    here.post("/accounts/sessions/", {"session": numbers[0]})
    alive = [c for c in (phone, library) if c.get("/accounts/email/").status_code == 200]
    assert len(alive) == 1
    for nonsense in ("", "x", "9" * 30, "-1", "²"):
        assert here.post("/accounts/sessions/", {"session": nonsense}).status_code == 302
    here.post("/accounts/sessions/", {"others": "1"})
    assert all(c.get("/accounts/email/").status_code == 302 for c in (phone, library))
    assert here.get("/accounts/email/").status_code == 200
    assert stranger.get("/accounts/email/").status_code == 200
    assert client.get("/accounts/sessions/").status_code == 302


def test_new_password_ends_all_other_sessions(client: Client) -> None:
    user, phone = UserFactory(), Client()
    for browser in (client, phone):
        browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    words = {
        "oldpassword": PASSWORD,
        "password1": "quite new words",
        "password2": "quite new words",
    }
    client.post("/accounts/password/change/", words)
    assert phone.get("/accounts/email/").status_code == 302
    assert client.get("/accounts/email/").status_code == 200

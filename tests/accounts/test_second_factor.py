"""The second factor: setting it up, logging in with it, and that staff cannot do without."""

import time
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from bs4 import BeautifulSoup
from django.core import mail
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.sealing import seal, unseal
from accounts.second_factor import has_second_factor, remove_second_factor
from articles.models import Article
from comments.models import Comment
from tests.accounts.factories import PASSWORD, UserFactory
from tests.comments.factories import CommentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def log_in(client: Client, user: User, **more: str) -> Any:
    entry = {"login": user.email, "password": PASSWORD, **more}
    return client.post("/accounts/login/", entry)


def set_up_app(client: Client) -> str:
    """Set up an authenticator app as the logged-in account; return its secret."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    return secret


def test_app_is_set_up_by_a_picture_or_a_secret_and_asked_for_at_log_in(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = BeautifulSoup(client.get("/accounts/2fa/totp/activate/").content, "lxml")
    assert page.select_one("img[src^='data:image/svg+xml;base64,'][alt]")
    secret = page.select_one(".account__secret").text
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    codes = [
        c.text
        for c in BeautifulSoup(client.get(answer["Location"]).content, "lxml").select(
            ".account__codes code"
        )
    ]
    assert len(set(codes)) == 10

    phone = Client()
    assert log_in(phone, user)["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in phone.session
    assert phone.get("/accounts/email/").status_code == 302
    wrong = phone.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert BeautifulSoup(wrong.content, "lxml").select(".invalid-feedback")
    phone.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert phone.session["_auth_user_id"] == str(user.pk)

    # Neither a code that was used nor a recovery code works twice.
    again = Client()
    log_in(again, user)
    again.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert "_auth_user_id" not in again.session
    again.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert again.session["_auth_user_id"] == str(user.pk)
    third = Client()
    log_in(third, user)
    third.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert "_auth_user_id" not in third.session


def test_code_by_mail_is_no_way_around_the_second_factor(client: Client) -> None:
    from tests.accounts.test_account_pages import code_mailed

    user = UserFactory()
    client.force_login(user)
    set_up_app(client)
    phone = Client()
    asked = phone.post("/accounts/login/code/", {"email": user.email})["Location"]
    answer = phone.post(asked, {"code": code_mailed()})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in phone.session


def test_secrets_lie_encrypted(client: Client, settings: Any) -> None:
    client.force_login(UserFactory())
    secret = set_up_app(client)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    sealed = seal("a secret")
    assert unseal(sealed) == "a secret"
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another, as long as it has to be"
    assert unseal(sealed) == "a secret"
    settings.SECRET_KEY_FALLBACKS = []
    lost = unseal(sealed)
    assert lost not in {"a secret", ""}
    assert unseal(sealed) != lost


STAFF_PAGES = [
    "/admin/", "/admin/articles/article/", "/admin/moderation/", "/admin/comments/letter/",
    "/admin/password_change/", "/admin/accounts/user/",
]  # fmt: skip


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("path", STAFF_PAGES)
def test_staff_without_a_second_factor_are_led_to_one(client: Client, path: str) -> None:
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    answer = client.get(path)
    assert answer["Location"].startswith("/accounts/2fa/?next=%2Fadmin")
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert "you need a second factor" in page.content.decode()


@pytest.mark.usefixtures("strict")
def test_staff_without_a_second_factor_change_nothing(client: Client) -> None:
    chief = UserFactory(role="Chief")
    comment = CommentFactory(status="held")
    client.force_login(chief)
    for address, data in (
        (reverse("admin:articles_section_add"), {"name": "New", "slug": "new"}),
        (reverse("moderation:decide"), {"comment": comment.pk, "decision": "approve"}),
    ):
        assert client.post(address, data)["Location"] == "/accounts/2fa/"
    assert Comment.objects.get().status == "held"
    assert (
        client.get(f"/personal/?discussion={comment.discussion.article_id}").json()["discussion"][
            "moderation"
        ]
        is None
    )
    for right in ("comments.moderate_comment", "articles.publish_article"):
        assert not chief.has_perm(right)
    assert not chief.has_module_perms("articles")
    assert not UserFactory(is_staff=True, is_superuser=True).has_perm("articles.publish_article")


@pytest.mark.usefixtures("strict")
def test_staff_with_a_second_factor_work_as_before(client: Client) -> None:
    chief = UserFactory(role="Chief")
    client.force_login(chief)
    set_up_app(client)
    for path in STAFF_PAGES:
        assert client.get(path).status_code == 200, path
    assert User.objects.get(pk=chief.pk).has_perm("comments.moderate_comment")


@pytest.mark.usefixtures("strict")
def test_readers_and_strangers_are_not_asked(client: Client) -> None:
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get("/").status_code == 200
    client.force_login(UserFactory())
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/accounts/email/").status_code == 200


@pytest.mark.usefixtures("strict")
def test_staff_may_still_log_out_and_read(client: Client) -> None:
    client.force_login(UserFactory(role="Editor"))
    article = Article.objects.first() or CommentFactory().discussion.article
    assert client.get(article.get_absolute_url()).status_code == 200
    client.post("/admin/logout/")
    assert "_auth_user_id" not in client.session


def test_exemption_is_complained_of_in_production(settings: Any) -> None:
    def told() -> set[str | None]:
        return {m.id for m in run_checks(tags=["security"], include_deployment_checks=True)}

    settings.STAFF_SECOND_FACTOR = False
    assert "accounts.W001" in told()
    settings.STAFF_SECOND_FACTOR = True
    assert "accounts.W001" not in told()
    settings.SECURE_PROXY_SSL_HEADER, settings.TRUSTED_PROXIES = ("HTTP_X", "https"), []
    assert "accounts.W002" in told()
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert "accounts.W002" not in told()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("strict")
def test_second_factor_ends_sessions_that_were_opened_without(client: Client) -> None:
    editor = UserFactory(is_staff=True, is_superuser=True)
    thief = Client()
    log_in(thief, editor)
    assert "_auth_user_id" in thief.session
    log_in(client, editor)
    set_up_app(client)
    assert thief.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get("/admin/").status_code == 200


def test_chief_takes_a_lost_second_factor_away(client: Client) -> None:
    colleague, phone = UserFactory(role="Editor"), Client()
    log_in(phone, colleague)
    set_up_app(phone)
    beyond = UserFactory(is_superuser=True, is_staff=True)
    other = Client()
    other.force_login(beyond)
    set_up_app(other)
    client.force_login(UserFactory(role="Chief"))
    client.post(
        "/admin/accounts/user/",
        {"action": "take_second_factor", "_selected_action": [colleague.pk, beyond.pk]},
    )
    assert not has_second_factor(colleague)
    assert not Authenticator.objects.filter(user=colleague).exists()
    assert phone.get("/accounts/email/").status_code == 302  # its sessions are over
    assert has_second_factor(beyond)  # who may do more than the chief
    assert client.get("/admin/accounts/user/").status_code == 200


def test_nothing_is_taken_where_nothing_is(client: Client) -> None:
    assert remove_second_factor(UserFactory()) == 0


def test_passkey_page_says_what_it_needs(client: Client) -> None:
    client.force_login(UserFactory())
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = BeautifulSoup(client.get("/accounts/2fa/webauthn/add/").content, "html.parser")
    assert "JavaScript" in page.find("noscript").text
    bad = ["", "{", "[]", "{}", '{"response": 1}', '"x"', "null", '{"id": "a", "response": {}}']
    for credential in bad:
        answer = client.post("/accounts/2fa/webauthn/add/", {"name": "x", "credential": credential})
        assert answer.status_code == 200, credential
        stranger = Client()
        stranger.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
        answer = stranger.post("/accounts/2fa/webauthn/login/", {"credential": credential})
        assert answer.status_code == 302, credential
        assert "_auth_user_id" not in stranger.session
    assert not Authenticator.objects.exists()
    assert not mail.outbox


def test_operator_takes_a_lost_second_factor_away(client: Client) -> None:
    user = UserFactory(email="chief@example.org", role="Chief")
    client.force_login(user)
    set_up_app(client)
    call_command("remove_second_factor", "Chief@example.org", stdout=StringIO())
    assert not has_second_factor(user)
    for address, words in (("chief@example.org", "no second factor"), ("x@y.org", "No account")):
        with pytest.raises(CommandError, match=words):
            call_command("remove_second_factor", address)

"""Logging in as people do: by passkey, by app, without scripts; and the look of it all."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.following import follow_reader
from accounts.models import Profile, User
from tests.accounts.factories import PASSWORD, UserFactory
from tests.browser.conftest import PHONE
from tests.browser.test_quality import markup_errors, problems
from tests.comments.factories import CommentFactory

type Visitor = Callable[..., Page]
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True,
}  # fmt: skip
STRANGERS = [
    "login/", "signup/", "login/code/", "password/reset/", "password/reset/done/", "data/erased/",
]  # fmt: skip
MEMBERS = [
    "email/", "password/change/", "2fa/", "2fa/webauthn/", "2fa/webauthn/add/",
    "2fa/totp/activate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "sessions/",
    "reauthenticate/", "logout/", "profile/", "followers/", "guest-comments/", "notifications/",
    "data/", "data/erase/",
]  # fmt: skip


def log_in(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.wait_for_load_state()


def log_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    page.wait_for_url("/")


def confirm(page: Page) -> None:
    """Show once more whose account it is."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Go on").click()
    page.wait_for_load_state()


def plug_in(page: Page, **options: Any) -> Callable[[], None]:
    """Give the browser an authenticator; return what makes that forget its keys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | options})
    return lambda: session.send("WebAuthn.clearCredentials", added)


def assert_all_is_well(page: Page) -> None:
    assert problems(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def test_reader_adds_a_passkey_logs_in_with_it_and_removes_it(visitor: Visitor) -> None:
    reader, page = UserFactory(display_name="Ada"), visitor()
    forget = plug_in(page)
    log_in(page, reader)
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    confirm(page)
    page.get_by_label("Name").fill("My phone")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/recovery-codes/")
    code = page.locator(".account__codes code").first.inner_text()

    # By the passkey alone, back to where the reader was, in a new session.
    log_out(page)
    before = {c["name"]: c["value"] for c in page.context.cookies()}.get("sessionid")
    page.goto("/accounts/login/?next=/search/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("/search/")
    expect(page.locator("[data-personal-name]")).to_have_text("Ada")
    assert {c["name"]: c["value"] for c in page.context.cookies()}["sessionid"] != before

    # After the password: the passkey again, or a recovery code.
    log_out(page)
    log_in(page, reader)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("/")
    log_out(page)
    forget()
    log_in(page, reader)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("You can try again")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("/")

    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove My phone").click()
    if "reauthenticate" in page.url:
        confirm(page)
    page.get_by_role("button", name="Remove").click()
    page.wait_for_load_state()
    assert not Authenticator.objects.exists()


def test_staff_set_up_an_app_before_the_desk_opens_without_scripts(
    visitor: Visitor, settings: Any
) -> None:
    settings.STAFF_SECOND_FACTOR = True
    editor = UserFactory(is_staff=True, is_superuser=True)
    page = visitor(java_script_enabled=False, viewport=PHONE)
    page.goto("/admin/moderation/")
    page.get_by_label("Email").fill(editor.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page.get_by_role("status")).to_contain_text("you need a second factor")
    expect(page.get_by_role("link", name="To the desk")).to_have_count(0)
    page.get_by_role("link", name="Set up an app").click()
    confirm(page)
    expect(page.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    page.get_by_text("Or type it in").click()
    secret = page.locator(".account__secret").inner_text()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.get_by_label("Authenticator code").fill(code)
    page.get_by_role("button", name="Set it up").click()
    codes = page.locator(".account__codes code").all_inner_texts()
    page.get_by_role("link", name="To the desk").click()
    expect(page).to_have_url(re.compile("/admin/$"))

    # Next time the desk asks for both.
    stranger = visitor(java_script_enabled=False)
    stranger.goto("/admin/")
    stranger.get_by_label("Email").fill(editor.email)
    stranger.get_by_label("Password").fill(PASSWORD)
    stranger.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(stranger.get_by_role("heading", name="Your second factor")).to_be_visible()
    expect(stranger.get_by_role("button", name="Use a passkey")).to_be_hidden()
    stranger.get_by_label("Code").fill(codes[0])
    stranger.get_by_role("button", name="Log in").click()
    expect(stranger).to_have_url(re.compile("/admin/$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_account_pages_are_accessible_and_fit(
    visitor: Visitor, scheme: str, tmp_path: Path
) -> None:
    page = visitor(color_scheme=scheme, viewport=PHONE, bypass_csp=True)  # axe writes styles
    for path in STRANGERS:
        page.goto(f"/accounts/{path}")
        assert_all_is_well(page)
    reader = UserFactory(display_name="A reader whose name is long " * 2)
    page.goto("/accounts/login/code/")
    page.get_by_label("Email").fill(reader.email)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_label("Code")).to_be_visible()
    assert_all_is_well(page)
    page.get_by_role("main").get_by_role("button", name="Cancel").click()
    log_in(page, reader)
    plug_in(page)
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/recovery-codes/")
    other = UserFactory()
    Profile.objects.create(user=other, bio=f"Plain words. {'x' * 200}")
    written = CommentFactory(user=other, guest_id=None, guest_email="")
    CommentFactory(guest_email=reader.email, parent=written)  # what can be taken over
    follow_reader(follower=other, followed=reader)
    page.goto(written.discussion.article.get_absolute_url())
    page.locator("a.comment__author").click()
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("button", name="Stop following")).to_be_visible()
    for path in (*(f"/accounts/{path}" for path in MEMBERS), f"/readers/{other.pk}/"):
        page.goto(path)
        assert_all_is_well(page)
        if scheme == "light":
            name = path.strip("/").replace("/", "-")
            (tmp_path / f"{name}.html").write_bytes(page.request.get(page.url).body())
    page.goto("/accounts/sessions/")
    expect(
        page.get_by_role("navigation", name="Account settings").locator("[aria-current]")
    ).to_be_in_viewport()
    assert Session.objects.exists()
    if scheme == "light":
        assert markup_errors(tmp_path) == []

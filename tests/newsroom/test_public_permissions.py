"""Who may do what outside the admin and the desk: every address, every role."""

import datetime
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from articles.models import Page
from articles.previews import create_preview_link, preview_path
from comments.log import record
from comments.models import OwnDataRequest, Subscription
from comments.notifications.following import token_of
from comments.personal_data.links import token_of as token_of_request
from comments.readers import COOKIE, remember_guest
from donations.donors.links import gift_path, pledge_path
from donations.models import Pledge
from tests.accounts.factories import PASSWORD, UserFactory
from tests.articles.factories import (
    ArticleFactory,
    AuthorFactory,
    SectionFactory,
    SeriesFactory,
    TagFactory,
)
from tests.comments.factories import CommentFactory
from tests.donations.deliveries import KOFI_TOKEN, payload
from tests.donations.factories import GiftFactory, MethodFactory
from tests.newsroom.roles import NAMES, is_answered, person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ALL, ACCOUNTS, GUESTS, NOBODY = "-RNAEMCS", "RNAEMCS", "-", ""
# Every address with who is answered, by GET and by POST. What stands in braces is made by
# ``things``: "their" things belong to somebody else, "own" ones to whoever asks. Signed links
# ("by …") answer whoever holds them. A third word says where the others are led.
TABLE: dict[str, tuple[str, ...]] = {
    # Reports and lists
    "/": (ALL, NOBODY),
    "/articles/{seen}/": (ALL, NOBODY),
    "/articles/{draft}/": (NOBODY, NOBODY),
    "/articles/{seen}/changes/": (ALL, NOBODY),
    "/articles/{draft}/changes/": (NOBODY, NOBODY),
    "/articles/{seen}/share-{digest}.png": (ALL, NOBODY),
    "/articles/{draft}/share-{digest}.png": (NOBODY, NOBODY),
    "{by_preview}": (ALL, NOBODY),
    "/preview/{forged}/": (NOBODY, NOBODY),
    "/corrections/": (ALL, NOBODY),
    "/corrections/feed/": (ALL, NOBODY),
    "/pages/{page}/": (ALL, NOBODY),
    "/sections/{section}/": (ALL, NOBODY),
    "/sections/{section}/feed/": (ALL, NOBODY),
    "/sections/{section}/feed/atom/": (ALL, NOBODY),
    "/sections/{section}/feed/json/": (ALL, NOBODY),
    "/series/{series}/": (ALL, NOBODY),
    "/series/{series}/feed/": (ALL, NOBODY),
    "/series/{series}/feed/atom/": (ALL, NOBODY),
    "/series/{series}/feed/json/": (ALL, NOBODY),
    "/tags/{tag}/": (ALL, NOBODY),
    "/tags/{tag}/feed/": (ALL, NOBODY),
    "/tags/{tag}/feed/atom/": (ALL, NOBODY),
    "/tags/{tag}/feed/json/": (ALL, NOBODY),
    "/authors/{author}/": (ALL, NOBODY),
    "/authors/{author}/feed/": (ALL, NOBODY),
    "/authors/{author}/feed/atom/": (ALL, NOBODY),
    "/authors/{author}/feed/json/": (ALL, NOBODY),
    "/archive/": (ALL, NOBODY),
    "/archive/2026/1/": (ALL, NOBODY),
    "/search/": (ALL, NOBODY),
    "/feed/": (ALL, NOBODY),
    "/feed/atom/": (ALL, NOBODY),
    "/feed/json/": (ALL, NOBODY),
    "/feed/rss/": (ALL, NOBODY),
    # Files of the site
    "/sitemap.xml": (ALL, NOBODY),
    "/sitemap-articles.xml": (ALL, NOBODY),
    "/news-sitemap.xml": (ALL, NOBODY),
    "/icon-192.png": (ALL, NOBODY),
    "/saved/": (ALL, NOBODY),
    "/service-worker.js": (ALL, NOBODY),
    "/manifest.webmanifest": (ALL, NOBODY),
    "/robots.txt": (ALL, NOBODY),
    "/identity-123456.css": (ALL, NOBODY),
    "/media/{file}": (ALL, NOBODY),
    "/healthz": (ALL, NOBODY),
    "/readyz": (ALL, NOBODY),
    "/personal/": (ALL, NOBODY),
    # Discussions
    "/articles/{seen}/comments/": (ALL, ALL),
    "/articles/{draft}/comments/": (NOBODY, NOBODY),
    "/articles/{seen}/comments/news/": (ALL, NOBODY),
    "/articles/{draft}/comments/news/": (NOBODY, NOBODY),
    "/articles/{seen}/comments/new/?ids={theirs}": (ALL, NOBODY),
    "/articles/{draft}/comments/new/?ids={theirs}": (NOBODY, NOBODY),
    "/articles/{seen}/comments/feed/": (ALL, NOBODY),
    "/articles/{seen}/comments/feed/atom/": (ALL, NOBODY),
    "/articles/{seen}/comments/feed/json/": (ALL, NOBODY),
    "/articles/{draft}/comments/feed/": (NOBODY, NOBODY),
    "/articles/{seen}/follow/": (NOBODY, ALL),
    "/articles/{draft}/follow/": (NOBODY, NOBODY),
    "/challenge/": (ALL, NOBODY),
    "/transparency/": (ALL, NOBODY),
    "/readers/{reader}/": (ALL, ACCOUNTS),
    # Single comments: what others wrote …
    "/comments/{theirs}/": (ALL, NOBODY),
    "/comments/{theirs}/vote/": (ALL, ALL),
    "/comments/{theirs}/report/": (ALL, ALL),
    "/comments/{theirs}/edit/": (NOBODY, NOBODY),
    "/comments/{theirs}/delete/": (NOBODY, NOBODY),
    "/comments/{theirs}/appeal/": (NOBODY, NOBODY),
    "/comments/{their_held}/": (NOBODY, NOBODY),
    "/comments/{their_held}/vote/": (NOBODY, NOBODY),
    "/comments/{their_held}/report/": (NOBODY, NOBODY),
    "/comments/{their_held}/edit/": (NOBODY, NOBODY),
    "/comments/{their_held}/delete/": (NOBODY, NOBODY),
    "/comments/{their_held}/appeal/": (NOBODY, NOBODY),
    "/comments/{their_rejected}/appeal/": (NOBODY, NOBODY),
    # … and one's own
    "/comments/{own}/": (ALL, NOBODY),
    "/comments/{own}/vote/": (ALL, NOBODY),
    "/comments/{own}/report/": (ALL, NOBODY),
    "/comments/{own}/edit/": (ALL, ALL),
    "/comments/{own}/delete/": (ALL, ALL),
    "/comments/{own_rejected}/appeal/": (ALL, ALL),
    # Links in letters to readers
    "/subscriptions/{by_subscription}/": (ALL, ALL),
    "/subscriptions/{by_subscription}/confirm/": (ALL, ALL),
    "/subscriptions/{by_subscription}/unsubscribe/": (ALL, ALL),
    "/subscriptions/{forged}/": (NOBODY, NOBODY),
    "/subscriptions/{forged}/confirm/": (NOBODY, NOBODY),
    "/subscriptions/{forged}/unsubscribe/": (NOBODY, ALL),  # mail programs hear "done"; it is not
    "/your-data/": (ALL, ALL),
    "/your-data/{by_request}/": (ALL, NOBODY),
    "/your-data/{by_request}/download/": (NOBODY, ALL),
    "/your-data/{by_request}/erase/": (ALL, ALL),
    "/your-data/{forged}/": (NOBODY, NOBODY),
    "/your-data/{forged}/download/": (NOBODY, NOBODY),
    "/your-data/{forged}/erase/": (NOBODY, NOBODY),
    # Donations
    "/donate/": (ALL, NOBODY),
    "/donate/past/": (ALL, NOBODY),
    "/donate/card/": (ALL, ALL),
    "/donate/thanks/": (ALL, NOBODY),
    "/donate/to/{method}/": (ALL, NOBODY),
    "/donate/to/{old_method}/": (NOBODY, NOBODY),
    "/donate/code/{wallet}.svg": (ALL, NOBODY),
    "/donate/code/{method}.svg": (NOBODY, NOBODY),
    "/donate/monthly/": (ALL, ALL),
    "{by_gift}": (ALL, ALL),
    "/donate/gifts/{forged}/": (NOBODY, NOBODY),
    "{by_pledge}": (ALL, ALL),
    "/donate/monthly/{forged}/": (NOBODY, NOBODY),
    "/webhooks/kofi/": (NOBODY, ALL),
    "/webhooks/stripe/": (NOBODY, NOBODY),
    # Logging in and out; who is logged in has no business there
    "/accounts/login/": (GUESTS, GUESTS, "/"),
    "/accounts/login/code/": (GUESTS, GUESTS, "/"),
    "/accounts/login/code/confirm/": (NOBODY, NOBODY, "/"),  # but in the middle of a log-in
    "/accounts/2fa/authenticate/": (NOBODY, NOBODY, "/"),  # as above
    "/accounts/2fa/webauthn/login/": (NOBODY, NOBODY, "/"),  # but scripts that have a passkey
    "/accounts/signup/": (GUESTS, GUESTS, "/"),
    "/accounts/confirm-email/": (NOBODY, NOBODY, "/accounts/email/"),  # but while signing up
    "/accounts/inactive/": (ALL, NOBODY),
    "/accounts/logout/": (ALL, ALL),
    "/accounts/password/reset/": (ALL, ALL),
    "/accounts/password/reset/done/": (ALL, NOBODY),
    "/accounts/password/reset/key/{forged_key}/": (ALL, ALL),
    "/accounts/password/reset/key/done/": (ALL, NOBODY),
    # One's own account
    "/accounts/": (ALL, NOBODY),  # leads to the profile
    "/accounts/profile/": (ACCOUNTS, ACCOUNTS),
    "/accounts/followers/": (ACCOUNTS, ACCOUNTS),
    "/accounts/sessions/": (ACCOUNTS, ACCOUNTS),
    "/accounts/notifications/": (ACCOUNTS, ACCOUNTS),
    "/accounts/guest-comments/": (ACCOUNTS, ACCOUNTS),
    "/accounts/email/": (ACCOUNTS, ACCOUNTS),
    "/accounts/password/change/": (ACCOUNTS, ACCOUNTS),
    "/accounts/password/set/": (ACCOUNTS, ACCOUNTS),
    "/accounts/reauthenticate/": (ACCOUNTS, ACCOUNTS),
    "/accounts/data/": (ACCOUNTS, NOBODY),
    "/accounts/data/download/": (NOBODY, ACCOUNTS),
    "/accounts/data/erase/": (ACCOUNTS, "R"),  # who works here hands over first
    "/accounts/data/erased/": (ALL, NOBODY),
    "/accounts/2fa/": (ACCOUNTS, NOBODY),
    "/accounts/2fa/reauthenticate/": (NOBODY, NOBODY),
    "/accounts/2fa/totp/activate/": (ACCOUNTS, ACCOUNTS),
    "/accounts/2fa/totp/deactivate/": (NOBODY, NOBODY),
    "/accounts/2fa/recovery-codes/": (NOBODY, NOBODY),
    "/accounts/2fa/recovery-codes/generate/": (ACCOUNTS, ACCOUNTS),
    "/accounts/2fa/recovery-codes/download/": (NOBODY, NOBODY),
    "/accounts/2fa/webauthn/": (ACCOUNTS, NOBODY),
    "/accounts/2fa/webauthn/add/": (ACCOUNTS, ACCOUNTS),
    "/accounts/2fa/webauthn/reauthenticate/": (ACCOUNTS, NOBODY),
    "/accounts/2fa/webauthn/keys/{own_key}/edit/": (ACCOUNTS, ACCOUNTS),
    "/accounts/2fa/webauthn/keys/{own_key}/remove/": (ACCOUNTS, ACCOUNTS),
    "/accounts/2fa/webauthn/keys/{their_key}/edit/": (NOBODY, NOBODY),
    "/accounts/2fa/webauthn/keys/{their_key}/remove/": (NOBODY, NOBODY),
}  # fmt: skip


def things(user: Any, guest_id: uuid.UUID, media: Path) -> dict[str, Any]:
    """Make what the addresses name; return the parts of the addresses."""
    other = UserFactory()
    section, series, tag, author = SectionFactory(), SeriesFactory(), TagFactory(), AuthorFactory()
    seen = ArticleFactory(section=section, series=series, authors=[author])
    seen.tags.add(tag)
    draft = ArticleFactory(draft=True, created_by=other)
    link = create_preview_link(article=draft, by=other, lasts=datetime.timedelta(days=1))
    discussion = CommentFactory(discussion__article=seen).discussion

    def comment(whose: Any, status: str) -> int:
        name = {"user": whose, "guest_name": "", "guest_email": ""} if whose else {}
        browser = uuid.uuid4() if whose is other else guest_id
        kept = CommentFactory(discussion=discussion, status=status, guest_id=browser, **name)
        if status == "rejected":
            record(action="rejected", comment=kept, to_status="rejected")
        return int(kept.pk)

    now = timezone.now()
    subscription = Subscription.objects.create(discussion=discussion, email="a@example.org")
    request = OwnDataRequest.objects.create(address="a@example.org")
    pledge = Pledge.objects.create(
        provider="stripe", reference="sub_1", donor_email="a@example.org", started_at=now,
        told_at=now,
    )  # fmt: skip

    def key(whose: Any) -> int:
        return int(Authenticator.objects.create(user=whose, type="webauthn", data={"name": "K"}).pk)

    media.mkdir(exist_ok=True)
    (media / "picture.txt").write_text("A picture.")
    return {
        "seen": seen.slug, "draft": draft.slug, "digest": "x", "file": "picture.txt",
        "section": section.slug, "series": series.slug, "tag": tag.slug, "author": author.slug,
        "page": Page.objects.create(slug="about", title="About", body="<p>We.</p>").slug,
        "by_preview": preview_path(link), "forged": "1:forged", "forged_key": "1-forged",
        "theirs": comment(other, "approved"), "their_held": comment(other, "held"),
        "their_rejected": comment(other, "rejected"), "own": comment(user, "approved"),
        "own_rejected": comment(user, "rejected"), "reader": other.pk,
        "by_subscription": token_of(subscription), "by_request": token_of_request(request.pk),
        "method": MethodFactory().pk, "old_method": MethodFactory(is_active=False).pk,
        "wallet": MethodFactory(kind="bitcoin", url="", coin="BTC", wallet="x" * 30).pk,
        "by_gift": gift_path(GiftFactory()), "by_pledge": pledge_path(pledge),
        "their_key": key(other), "own_key": key(user) if user else 0,
    }  # fmt: skip


# What makes a post one that is taken.
SENT: dict[str, dict[str, Any]] = {
    "/articles/{seen}/comments/": {"body": "A text.", "name": "Kari", "email": "b@example.org"},
    "/articles/{draft}/comments/": {"body": "A text.", "name": "Kari", "email": "b@example.org"},
    "/articles/{seen}/follow/": {"kind": "all", "email": "b@example.org"},
    "/articles/{draft}/follow/": {"kind": "all", "email": "b@example.org"},
    "/comments/{theirs}/vote/": {"value": "1"},
    "/comments/{their_held}/vote/": {"value": "1"},
    "/comments/{own}/vote/": {"value": "1"},
    "/comments/{theirs}/report/": {"reason": "rules"},
    "/comments/{their_held}/report/": {"reason": "rules"},
    "/comments/{own}/report/": {"reason": "rules"},
    "/comments/{theirs}/edit/": {"body": "Mine now."},
    "/comments/{their_held}/edit/": {"body": "Mine now."},
    "/comments/{own}/edit/": {"body": "Better said."},
    "/comments/{their_rejected}/appeal/": {"text": "Let me."},
    "/comments/{own_rejected}/appeal/": {"text": "Let me."},
    "/readers/{reader}/": {"follow": "1"},
    "/subscriptions/{by_subscription}/": {"stop_all": "1"},
    "/subscriptions/{forged}/": {"stop_all": "1"},
    "/your-data/": {"email": "b@example.org"},
    "/your-data/{by_request}/erase/": {"comments": "remove", "really": "yes"},
    "/your-data/{forged}/erase/": {"comments": "remove", "really": "yes"},
    "/donate/card/": {"interval": "once", "choice": "own", "own": "10"},
    "/donate/monthly/": {"email": "b@example.org"},
    "{by_gift}": {"name": "Kari"},
    "/donate/gifts/{forged}/": {"name": "Kari"},
    "/webhooks/kofi/": {
        "data": json.dumps(payload("kofi_donation") | {"verification_token": KOFI_TOKEN})
    },
    "/webhooks/stripe/": {"id": "evt_1"},
    "/accounts/notifications/": {"seen": "1"},
    "/accounts/data/erase/": {"comments": "remove", "really": "yes"},
}


def routes() -> Iterator[str]:
    """Yield the route of every address outside the admin and the desk."""

    def walk(resolver: URLResolver, above: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            part = str(pattern.pattern)
            route = above + part.removeprefix("^") if above else part  # as a match has it
            if not isinstance(pattern, URLResolver):
                yield route
            elif pattern.namespace not in {"admin", "moderation"}:
                yield from walk(pattern, route)

    yield from walk(get_resolver(), "")


def test_every_address_is_in_the_table(settings: Any) -> None:
    """A new address has to be written into it."""
    given = things(UserFactory(), uuid.uuid4(), Path(settings.MEDIA_ROOT))
    told = {resolve(address.format(**given).partition("?")[0]).route for address in TABLE}
    assert set(routes()) - told == set()


@pytest.fixture
def outside(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom the site asks elsewhere: they say yes."""
    settings.STRIPE_SECRET_KEY = "sk_test_example"
    settings.KOFI_VERIFICATION_TOKEN = KOFI_TOKEN
    for name in ("checkout.start_checkout", "donors.open_portal"):
        monkeypatch.setattr(f"donations.views.{name}", lambda **_asked: "https://pay.example.org/")
    keys = "allauth.mfa.webauthn.internal.auth"
    monkeypatch.setattr(f"{keys}.begin_authentication", lambda *_asked, **_more: {})
    monkeypatch.setattr(f"{keys}.get_credentials", lambda _user: [])


def visit(letter: str, guest_id: uuid.UUID) -> tuple[Client, Any]:
    """Return a browser with the cookie of a guest, or one whose account has just logged in."""
    client, user = Client(), person(letter)
    if user is None:
        response = HttpResponse()
        remember_guest(response, guest_id)
        client.cookies[COOKIE] = response.cookies[COOKIE].value
    else:
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client, user


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("letter", NAMES)
def test_every_address_answers_whom_it_concerns(letter: str, settings: Any) -> None:
    guest_id = uuid.uuid4()
    client, user = visit(letter, guest_id)
    given, wrong = things(user, guest_id, Path(settings.MEDIA_ROOT)), []
    for template, (get, post, *led_to) in TABLE.items():
        address = template.format(**given)
        for method, who in (("get", get), ("post", post)):
            data = SENT.get(template, {}) if method == "post" else {}
            if is_answered(client, method, address, data, *led_to) != (letter in who):
                wrong.append(f"{method} {address}: {'refused' if letter in who else 'answered'}")
    assert not wrong, "\n".join(wrong)

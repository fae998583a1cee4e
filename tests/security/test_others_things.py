"""Nobody acts on another's things by guessing a number or by changing parts of a signed link."""

import datetime
import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Following
from articles.previews import create_preview_link, preview_path, revoke_preview_link
from comments.models import Comment, CommentStatus, Notification, OwnDataRequest, Subscription
from comments.notifications.following import token_of
from comments.personal_data.asking import carry_out
from comments.personal_data.links import token_of as token_of_request
from comments.readers import COOKIE, remember_guest
from donations.donors.links import gift_path, pledge_path
from donations.donors.wall import ask_for_wall
from donations.models import Pledge, WallName
from tests.accounts.factories import PASSWORD, UserFactory
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory
from tests.donations.factories import GiftFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KEPT = ("accounts", "account", "mfa", "usersessions", "articles", "comments", "donations")
ASKERS = ["nobody", "account", "guest", "forger", "account with the guest's cookie"]


def rows() -> dict[str, list[dict[str, Any]]]:
    """Return all that people have here; how often somebody asked is not theirs."""
    models = [model for model in apps.get_models() if model._meta.app_label in KEPT]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in models
        if model._meta.label != "comments.Bucket"
    }


def changed(before: dict[str, Any], *apart: str) -> list[str]:
    after = rows()
    return [label for label in before if before[label] != after[label] and label not in apart]


def cookie_of(guest_id: uuid.UUID) -> str:
    response = HttpResponse()
    remember_guest(response, guest_id)
    return response.cookies[COOKIE].value


def asker(kind: str, *, victim: uuid.UUID) -> Client:
    """Return somebody else. The forger puts the victim's number before their own signature."""
    client = Client()
    own = cookie_of(uuid.uuid4())
    if kind == "guest":
        client.cookies[COOKIE] = own
    if kind == "forger":
        client.cookies[COOKIE] = f"{victim}:{own.partition(':')[2]}"
    if kind.startswith("account"):
        client.force_login(UserFactory())
    return client


def swapped(theirs: str, mine: str) -> list[str]:
    """Return addresses with what the one names and what the other is signed with, and damaged."""
    (their_token,) = (part for part in theirs.split("/") if ":" in part)
    (my_token,) = (part for part in mine.split("/") if ":" in part)
    named, _, signature = their_token.partition(":")
    tokens = [
        f"{named}:{my_token.partition(':')[2]}",
        f"{named}:{signature[:-1]}{'A' if signature[-1] != 'A' else 'B'}",
        named,
        f"{named}:",
        f"{named}:{signature.swapcase()}",
    ]
    return [theirs.replace(their_token, token) for token in tokens]


@pytest.mark.parametrize("kind", ASKERS)
def test_comments_are_changed_deleted_and_appealed_for_by_their_writers_alone(kind: str) -> None:
    guest_id = uuid.uuid4()
    of_guest = CommentFactory(guest_id=guest_id)
    of_account = CommentFactory(
        user=UserFactory(), guest_name="", guest_email="", discussion=of_guest.discussion
    )
    client = asker(kind, victim=guest_id)
    if kind == "account with the guest's cookie":  # whoever is logged in is the account alone
        client.cookies[COOKIE] = cookie_of(guest_id)
    for state in (CommentStatus.APPROVED, CommentStatus.HELD, CommentStatus.REJECTED):
        Comment.objects.update(status=state)
        before = rows()
        for comment in (of_guest, of_account):
            for action, data in (
                ("edit", {"body": "Mine now."}),
                ("edit", {"body": "Mine now.", "preview": "1"}),
                ("delete", {}),
                ("appeal", {"text": "Let me."}),
            ):
                address = reverse(f"comments:{action}", args=[comment.pk])
                for answer in (client.get(address), client.post(address, data)):
                    assert answer.status_code in {403, 404}, (address, state)
                    if state != CommentStatus.APPROVED:
                        assert comment.body not in answer.text
            if state != CommentStatus.APPROVED:
                for action, data in (("vote", {"value": "1"}), ("report", {"reason": "rules"})):
                    address = reverse(f"comments:{action}", args=[comment.pk])
                    assert client.get(address).status_code == 404
                    assert client.post(address, data).status_code == 404
        assert changed(before) == []


@pytest.mark.parametrize("is_guest", [True, False])
def test_nobody_votes_on_their_own_comment_nor_reports_it(is_guest: bool) -> None:
    client, guest_id, user = Client(), uuid.uuid4(), UserFactory()
    if is_guest:
        comment = CommentFactory(guest_id=guest_id)
        client.cookies[COOKIE] = cookie_of(guest_id)
    else:
        comment = CommentFactory(user=user, guest_name="", guest_email="")
        client.force_login(user)
    before = rows()
    for action, data in (("vote", {"value": "1"}), ("report", {"reason": "rules"})):
        address = reverse(f"comments:{action}", args=[comment.pk])
        assert client.post(address, data).status_code == 403, action
    assert changed(before) == []


def test_subscriptions_and_notifications_are_their_readers_alone() -> None:
    comment, client = CommentFactory(), Client()
    reader, other = UserFactory(), UserFactory()
    now, discussion = timezone.now(), comment.discussion
    theirs, of_guest, mine, of_other_guest = (
        Subscription.objects.create(discussion=discussion, kind="all", confirmed_at=now, **whose)
        for whose in (
            {"user": reader}, {"email": "a@example.org"},
            {"user": other}, {"email": "b@example.org"},
        )
    )  # fmt: skip
    for user in (reader, other):
        Notification.objects.create(comment=comment, kind="new", address=user.email, user=user)
    client.force_login(other)
    before = rows()
    page = reverse("comments:notifications")
    linked = reverse("comments:subscriptions", args=[token_of(of_other_guest)])
    for row in (theirs, of_guest):
        for kind in ("none", "replies"):
            for address in (page, linked):
                client.post(address, {"change": row.pk, "kind": kind})
    assert changed(before) == []
    for name in ("subscriptions", "confirm", "unsubscribe"):
        for row in (theirs, of_guest):
            for address in swapped(
                reverse(f"comments:{name}", args=[token_of(row)]),
                reverse(f"comments:{name}", args=[token_of(of_other_guest)]),
            ):
                assert client.get(address).status_code == 404, address
                client.post(address, {"stop_all": "1"})
        other_kind = reverse(f"comments:{name}", args=[token_of_request(theirs.pk)])
        assert client.get(other_kind).status_code == 404
        client.post(other_kind, {"stop_all": "1"})
    assert changed(before) == []
    client.post(page, {"seen": "1"})
    assert Notification.objects.get(user=reader).seen_at is None
    assert Notification.objects.get(user=other).seen_at is not None
    client.post(linked, {"stop_all": "1"})
    assert set(Subscription.objects.all()) == {theirs, of_guest, mine}


@pytest.mark.parametrize("is_verified", [True, False])
def test_what_guests_wrote_is_claimed_under_ones_own_verified_address_only(
    is_verified: bool,
) -> None:
    theirs = CommentFactory(guest_email="a@example.org")
    address = "b@example.org" if is_verified else "a@example.org"
    client = Client()
    client.force_login(UserFactory(email=address, is_verified=is_verified))
    before = rows()
    assert theirs.body not in client.get(reverse("comments:claim")).text
    client.post(reverse("comments:claim"), {"comments": [theirs.pk], "leave": ["0"]})
    assert changed(before) == []


def test_a_preview_link_shows_its_own_report_while_it_works() -> None:
    client, editor = Client(), UserFactory(role="Editor")
    day = datetime.timedelta(days=1)
    links = [
        create_preview_link(article=ArticleFactory(draft=True, headline=h), by=editor, lasts=day)
        for h in ("Harbour", "Railway", "Quarry")
    ]
    harbour, railway, quarry = links
    assert "Railway" not in client.get(preview_path(harbour)).text
    for address in swapped(preview_path(railway), preview_path(harbour)):
        assert client.get(address).status_code == 404, address
    gift = GiftFactory()
    token = gift_path(gift).split("/")[-2]
    assert client.get(reverse("articles:preview", args=[token])).status_code == 404
    revoke_preview_link(railway)
    quarry.expires_at = timezone.now()
    quarry.save()
    for link in (railway, quarry):
        answer = client.get(preview_path(link))
        assert answer.status_code == 410
        assert link.article.headline not in answer.text


def test_the_link_to_ones_own_data_opens_nobody_elses() -> None:
    client = Client()
    theirs = CommentFactory(guest_email="a@example.org", body="Halvard wrote this.")
    CommentFactory(guest_email="b@example.org")
    of_a, of_b = (
        OwnDataRequest.objects.create(address=address)
        for address in ("a@example.org", "b@example.org")
    )
    before = rows()
    for name in ("own_data", "download_own_data", "erase_own_data"):
        one, other = (
            reverse(f"comments:{name}", args=[token_of_request(request.pk)])
            for request in (of_a, of_b)
        )
        for address in swapped(one, other):
            answer = client.post(address, {"comments": "remove", "really": "yes"})
            assert answer.status_code in {404, 405}, address
            assert client.get(address).status_code in {404, 405}, address
    assert changed(before) == []
    download = reverse("comments:download_own_data", args=[token_of_request(of_b.pk)])
    told = b"".join(client.post(download)).decode()  # type: ignore[arg-type]
    assert "b@example.org" in told
    assert "a@example.org" not in told
    assert "Halvard" not in told
    kept = Comment.objects.filter(pk=theirs.pk).values().get()
    client.post(
        reverse("comments:erase_own_data", args=[token_of_request(of_b.pk)]),
        {"comments": "remove", "really": "yes", "email": "a@example.org"},
    )
    of_b.refresh_from_db()
    carry_out(of_b)
    assert Comment.objects.filter(pk=theirs.pk).values().get() == kept
    assert OwnDataRequest.objects.filter(pk=of_a.pk, keep_comments=None).exists()


def test_gifts_and_pledges_open_by_their_own_links_only() -> None:
    client = Client()
    theirs, mine = GiftFactory(), GiftFactory()
    ask_for_wall(gift=theirs, name="Halvard")
    pledge, other = (
        Pledge.objects.create(
            provider="stripe", reference=f"sub_{n}", donor_email="a@example.org",
            started_at=timezone.now(), told_at=timezone.now(),
        )
        for n in range(2)
    )  # fmt: skip
    before = rows()
    token = gift_path(theirs).split("/")[-2]
    addresses = [
        *swapped(gift_path(theirs), gift_path(mine)),
        *swapped(pledge_path(pledge), pledge_path(other)),
        reverse("donations:pledge", args=[token]),
        reverse("donations:gift", args=[pledge_path(pledge).split("/")[-2]]),
    ]
    for address in addresses:
        assert client.get(address).status_code == 404, address
        for data in ({"leave": "1"}, {"name": "Somebody"}):
            assert client.post(address, data).status_code in {404, 405}, address
    client.post(gift_path(mine), {"leave": "1", "gift": theirs.pk})
    assert changed(before) == []
    client.post(gift_path(mine), {"name": "Somebody", "gift": theirs.pk})
    assert WallName.objects.get(gift=theirs).name == "Halvard"


def test_an_accounts_log_ins_addresses_keys_and_followers_are_its_own() -> None:
    reader, other, third = UserFactory(), UserFactory(), UserFactory()
    session = UserSession.objects.create(
        user=reader, session_key="a" * 32, ip="192.0.2.1", user_agent="Browser"
    )
    Following.objects.create(follower=third, followed=reader)
    Following.objects.create(follower=UserFactory(), followed=reader, removed_at=timezone.now())
    key = Authenticator.objects.create(user=reader, type="webauthn", data={"name": "Key"})
    client = Client()
    client.post(reverse("account_login"), {"login": other.email, "password": PASSWORD})
    assert client.get(reverse("profile")).status_code == 200
    before = rows()
    client.post(reverse("usersessions_list"), {"session": session.pk})
    for name in ("remove", "readmit", "stop"):
        for person in (reader, third):
            client.post(reverse("followers"), {name: person.pk})
    for action in ("action_remove", "action_primary", "action_send"):
        client.post(reverse("account_email"), {action: "", "email": reader.email})
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        answer = client.post(reverse(name, args=[key.pk]), {"name": "Mine"})
        assert answer.status_code in {302, 404}
    assert changed(before, "usersessions.UserSession") == []
    assert UserSession.objects.filter(pk=session.pk).exists()
    assert EmailAddress.objects.filter(user=reader, verified=True, primary=True).count() == 1

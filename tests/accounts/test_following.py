"""Followers of one's own choosing, and what an account tells of itself."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts import following
from accounts.following import (
    follow_reader,
    followers_to_tell,
    is_following,
    remove_follower,
    unfollow_reader,
)
from accounts.models import Following, Profile, User
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


def told_of(user: User) -> set[User]:
    return {row.follower for row in followers_to_tell(user)}


def test_reader_follows_once_and_stops() -> None:
    ada, bob = UserFactory.create_batch(2)
    follow_reader(follower=ada, followed=bob)
    follow_reader(follower=ada, followed=bob)
    assert Following.objects.count() == 1
    assert is_following(follower=ada, followed=bob)
    assert not is_following(follower=bob, followed=ada)
    assert told_of(bob) == {ada}
    ada.is_active = False
    ada.save()
    assert told_of(bob) == set()
    unfollow_reader(follower=ada, followed=bob)
    assert not Following.objects.exists()


@pytest.mark.parametrize("choice", [{"allows_followers": False}, {"shows_history": False}])
def test_nobody_is_followed_who_does_not_want_it(choice: dict[str, bool]) -> None:
    ada, bob, eve = UserFactory.create_batch(3)
    follow_reader(follower=ada, followed=bob)
    Profile.objects.create(user=bob, **choice)
    assert told_of(bob) == set()
    with pytest.raises(PermissionDenied):
        follow_reader(follower=eve, followed=bob)
    Profile.objects.all().delete()
    assert told_of(bob) == {ada}  # those who followed before have not gone


def test_nobody_follows_themselves_nor_a_closed_account() -> None:
    ada = UserFactory()
    with pytest.raises(ValidationError):
        follow_reader(follower=ada, followed=ada)
    with pytest.raises(PermissionDenied):
        follow_reader(follower=ada, followed=UserFactory(is_active=False))


def test_nobody_follows_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_FOLLOWED", 2)
    ada = UserFactory()
    for other in UserFactory.create_batch(2):
        follow_reader(follower=ada, followed=other)
    with pytest.raises(ValidationError):
        follow_reader(follower=ada, followed=UserFactory())


def test_who_was_sent_away_comes_back_only_when_let(client: Client) -> None:
    ada, bob = UserFactory.create_batch(2)
    follow_reader(follower=ada, followed=bob)
    client.force_login(bob)
    client.post("/accounts/followers/", {"remove": ada.pk})
    assert told_of(bob) == set()
    unfollow_reader(follower=ada, followed=bob)  # is no way around it
    with pytest.raises(PermissionDenied):
        follow_reader(follower=ada, followed=bob)
    assert ada.display_name in client.get("/accounts/followers/").content.decode()
    client.post("/accounts/followers/", {"readmit": ada.pk})
    follow_reader(follower=ada, followed=bob)
    assert told_of(bob) == {ada}


def test_page_of_followers_changes_ones_own_alone(client: Client) -> None:
    ada, bob, eve = UserFactory.create_batch(3)
    follow_reader(follower=ada, followed=bob)
    remove_follower(reader=eve, number=ada.pk)
    client.force_login(eve)
    for data in ({"remove": ada.pk}, {"stop": bob.pk}, {"readmit": ada.pk}):
        client.post("/accounts/followers/", data)
    assert told_of(bob) == {ada}
    for number in ("", "x", "²", "9" * 30, "-1"):
        assert client.post("/accounts/followers/", {"remove": number}).status_code == 302
    assert client.post("/accounts/followers/", {"stop": "999999"}).status_code == 404
    client.force_login(ada)
    page = BeautifulSoup(client.get("/accounts/followers/").content, "lxml")
    assert page.select_one(f"button[name=stop][value='{bob.pk}']")
    client.post("/accounts/followers/", {"stop": bob.pk})
    assert told_of(bob) == set()
    assert Client().get("/accounts/followers/")["Location"].startswith("/accounts/login/")


def test_profile_is_kept_as_plain_text(client: Client) -> None:
    user = UserFactory(display_name="Ada")
    client.force_login(user)
    bio = "I write <b>poems</b>.\nΩδή & co."
    answer = client.post("/accounts/profile/", {"display_name": "Ada L.", "bio": bio})
    assert answer.status_code == 302
    kept = Profile.objects.get(user=user)
    assert (kept.bio.replace("\r", ""), kept.shows_history, kept.allows_followers) == (
        bio, False, False,
    )  # fmt: skip
    user.refresh_from_db()
    assert user.display_name == "Ada L."
    page = client.get("/accounts/profile/").content.decode()
    assert "<b>poems" not in page
    assert "&lt;b&gt;poems" in page


@pytest.mark.parametrize(
    "change",
    [
        {"display_name": ""}, {"display_name": "x" * 81}, {"display_name": "a\nb"},
        {"display_name": "\u202eadA"}, {"bio": "x" * 501}, {"bio": "a\x00b"},
    ],
)  # fmt: skip
def test_bad_profile_is_refused_at_the_field(client: Client, change: dict[str, str]) -> None:
    user = UserFactory(display_name="Ada")
    client.force_login(user)
    answer = client.post("/accounts/profile/", {"display_name": "Bea", "bio": "Hello."} | change)
    assert answer.status_code == 400
    box = BeautifulSoup(answer.content, "lxml").find(attrs={"name": next(iter(change))})
    assert box["aria-invalid"] == "true"
    user.refresh_from_db()
    assert user.display_name == "Ada"
    assert not Profile.objects.exists()

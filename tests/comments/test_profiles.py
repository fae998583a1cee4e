"""A reader's page: what others find there, and what the reader keeps back."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.following import follow_reader, is_following
from accounts.models import Profile, User
from comments import profiles
from comments.models import (
    Comment,
    CommentStatus,
    Discussion,
    ModerationEvent,
    Notification,
)
from comments.notifications.telling import tell_readers
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db


def written_by(user: User, **fields: Any) -> Comment:
    return CommentFactory(user=user, guest_id=None, guest_email="", guest_name="", **fields)


def page_of(user: User) -> str:
    return reverse("comments:reader", args=[user.pk])


def texts(client: Client, address: str) -> list[str]:
    page = BeautifulSoup(client.get(address).content, "lxml")
    return [found.text for found in page.select(".notifications__text")]


def test_page_tells_name_words_and_what_everybody_can_read(client: Client) -> None:
    ada = UserFactory(display_name="Ada <i>L.</i>", email="secret@example.org")
    Profile.objects.create(user=ada, bio="Poems & <script>alert(1)</script>")
    seen = written_by(ada, body="Seen. ||hidden|| ")
    written_by(ada, body="Held.", status=CommentStatus.HELD)
    written_by(ada, body="Rejected.", status=CommentStatus.REJECTED)
    written_by(ada, body="Deleted.", status=CommentStatus.DELETED)
    written_by(
        ada, body="On a draft.", discussion=DiscussionFactory(article=ArticleFactory(draft=True))
    )
    written_by(ada, body="Not shown.", discussion=DiscussionFactory(state=Discussion.State.NONE))
    written_by(UserFactory(), body="Another's.")
    CommentFactory(guest_email="secret@example.org", body="A guest's.")
    page = client.get(page_of(ada))
    content = page.content.decode()
    assert len(texts(client, page_of(ada))) == 1
    assert f'href="/comments/{seen.pk}/"' in content
    assert "Ada &lt;i&gt;L.&lt;/i&gt;" in content
    assert "<script>alert" not in content
    assert "secret@example.org" not in content
    assert "hidden" not in texts(client, page_of(ada))[0]
    assert "no-store" in page["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in content


def test_nobody_learns_from_numbers_who_has_an_account(client: Client) -> None:
    silent, held, closed = UserFactory(), UserFactory(), UserFactory(is_active=False)
    written_by(held, status=CommentStatus.HELD)
    written_by(closed)
    for user in (silent, held, closed):
        assert client.get(page_of(user)).status_code == 404
    for number in (0, 10**6, 10**30):
        assert client.get(f"/readers/{number}/").status_code == 404
    client.force_login(silent)
    assert client.get(page_of(silent)).status_code == 200  # their own
    assert client.get(page_of(held)).status_code == 404


def test_history_is_kept_back_by_choice(client: Client) -> None:
    ada = UserFactory()
    written_by(ada, body="Here I am.")
    Profile.objects.create(user=ada, shows_history=False)
    assert texts(client, page_of(ada)) == []
    assert "shows no list" in client.get(page_of(ada)).content.decode()
    client.force_login(UserFactory())
    assert b'name="follow"' not in client.get(page_of(ada)).content


def test_pages_of_a_history_skip_and_repeat_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "PER_PAGE", 2)
    ada, at = UserFactory(), timezone.now()
    for number in range(5):
        written_by(ada, body=f"No. {number}", created_at=at)  # at one moment
    found, address = [], page_of(ada)
    while address:
        page = BeautifulSoup(client.get(address).content, "lxml")
        found += [one.text for one in page.select(".notifications__text")]
        written_by(ada, body="Meanwhile.")
        more = page.select_one(".discussion__more a")
        address = f"{page_of(ada)}{more['href']}" if more else ""
    assert found == [f"No. {number}" for number in (4, 3, 2, 1, 0)]
    for nonsense in ("x", "%00", "W10", "🎈", "x" * 50_000):
        assert client.get(page_of(ada), {"after": nonsense}).status_code == 200 or "%00" in nonsense


def test_history_costs_the_same_for_many(client: Client, django_assert_num_queries: Any) -> None:
    ada = UserFactory()
    written_by(ada)
    client.get(page_of(ada))
    with django_assert_num_queries(6):
        client.get(page_of(ada))
    for _number in range(5):
        written_by(ada)
    with django_assert_num_queries(6):
        client.get(page_of(ada))


def test_reader_follows_from_the_page(client: Client) -> None:
    ada, bob = UserFactory(), UserFactory()
    written_by(ada)
    link = BeautifulSoup(client.get(page_of(ada)).content, "lxml").select_one(".reader__buttons a")
    assert link["href"] == f"/accounts/login/?next={page_of(ada)}"
    assert client.post(page_of(ada), {"follow": "1"})["Location"].startswith("/accounts/login/")
    client.force_login(bob)
    assert b'name="follow"' in client.get(page_of(ada)).content
    client.post(page_of(ada), {"follow": "1"})
    assert is_following(follower=bob, followed=ada)
    assert b'name="unfollow"' in client.get(page_of(ada)).content
    client.post(page_of(ada), {"unfollow": "1"})
    assert not is_following(follower=bob, followed=ada)
    Profile.objects.create(user=ada, allows_followers=False)
    assert client.post(page_of(ada), {"follow": "1"}).status_code == 403
    client.force_login(ada)
    assert client.post(page_of(ada), {"follow": "1"}).status_code == 400
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(bob)
    assert guarded.post(page_of(ada), {"follow": "1"}).status_code == 403


def test_followers_are_told_on_their_page_and_by_no_letter(client: Client) -> None:
    ada, bob, eve = UserFactory(display_name="Ada"), UserFactory(), UserFactory()
    follow_reader(follower=bob, followed=ada)
    follow_reader(follower=ada, followed=eve)
    first = written_by(eve)
    comment = written_by(ada, parent=first, body="News of mine.")
    tell_readers(comment)
    tell_readers(comment)
    assert dict(Notification.objects.values_list("user", "kind")) == {
        eve.pk: "reply", bob.pk: "followed",
    }  # fmt: skip
    assert not Notification.objects.exclude(letter=None).exists()
    client.force_login(bob)
    page = client.get("/accounts/notifications/").content.decode()
    assert "Ada commented" in page
    assert "News of mine." in page


def test_names_of_accounts_lead_to_their_page(client: Client) -> None:
    ada = UserFactory(display_name="Ada")
    comment = written_by(ada)
    guest = CommentFactory(discussion=comment.discussion, guest_name="Petra")
    gone = written_by(UserFactory(is_active=False), discussion=comment.discussion)
    address = comment.discussion.article.get_absolute_url()
    page = BeautifulSoup(client.get(address).content, "lxml")
    links = {
        one.pk: page.select_one(f"#comment-{one.pk} .comment__author").get("href")
        for one in (comment, guest, gone)
    }
    assert links == {comment.pk: page_of(ada), guest.pk: None, gone.pk: None}


def test_moderators_take_words_away_and_it_is_logged(client: Client) -> None:
    ada, moderator = UserFactory(), UserFactory(role="Moderator")
    written_by(ada)
    Profile.objects.create(user=ada, bio="Buy my pills.")
    client.force_login(UserFactory(role="Editor"))
    assert client.post(page_of(ada), {"empty": "1"}).status_code == 403
    assert b'name="empty"' not in client.get(page_of(ada)).content
    client.force_login(moderator)
    assert b'name="empty"' in client.get(page_of(ada)).content
    client.post(page_of(ada), {"empty": "1"})
    client.post(page_of(ada), {"empty": "1"})
    assert Profile.objects.get().bio == ""
    event = ModerationEvent.objects.get()
    assert (event.action, event.by, event.comment_id) == ("edited", moderator, None)

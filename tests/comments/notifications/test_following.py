"""The bar that follows, and the pages of notifications."""

from typing import Any

import pytest
from django.test import Client

from comments.models import Letter, Notification, Subscription
from comments.notifications.telling import tell_readers
from tests.comments.factories import CommentFactory, DiscussionFactory
from tests.comments.notifications.test_telling import account

pytestmark = pytest.mark.django_db


def send(client: Client, discussion: Any, **data: str) -> Any:
    return client.post(f"{discussion.article.get_absolute_url()}follow/".replace("//", "/"), data)


def test_guest_follows_by_email_and_learns_nothing_of_others() -> None:
    discussion = DiscussionFactory()
    answers = [send(Client(), discussion, kind="all", email="a@example.org") for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert "confirm it by the link" in answers[0].content.decode()
    assert Subscription.objects.get().confirmed_at is None
    assert Letter.objects.count() == 1


def test_account_follows_changes_and_stops_without_a_letter() -> None:
    discussion, client = DiscussionFactory(), Client()
    client.force_login(account("ada"))
    for kind, kept in (("all", ["all"]), ("replies", ["replies"]), ("none", [])):
        assert send(client, discussion, kind=kind).status_code == 200
        assert list(Subscription.objects.values_list("kind", flat=True)) == kept
        asked = client.get(f"/personal/?discussion={discussion.article_id}").json()
        assert asked["discussion"]["following"] == (kind if kept else None)
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"kind": "x", "email": "a@b.org"}, {"kind": "all"}, {"kind": "all", "email": "x"},
             {"kind": "none", "email": "a@b.org"}, {"kind": "all", "email": "a\x00@b.org"}],
)  # fmt: skip
def test_bad_wish_is_refused_in_words_and_what_was_typed_comes_back(data: dict[str, str]) -> None:
    answer = send(Client(), DiscussionFactory(), **data)
    assert answer.status_code == 400
    assert 'role="status"' in answer.content.decode()
    assert data.get("email", "").replace("\x00", "") in answer.content.decode().replace("\x00", "")
    assert not Subscription.objects.exists()


def test_form_of_a_comment_follows_too() -> None:
    discussion = DiscussionFactory()
    address = f"{discussion.article.get_absolute_url()}comments/"
    data = {"name": "A", "email": "A@example.org", "body": "One.", "notify": "replies"}
    Client().post(address, data)
    assert Subscription.objects.get().email == "a@example.org"
    Client().post(address, data | {"body": "Two.", "notify": "none"})
    Client().post(address, data | {"body": "Three.", "notify": "rubbish"})
    assert Subscription.objects.count() == 1


def test_another_site_cannot_make_a_reader_follow() -> None:
    discussion, client = DiscussionFactory(), Client(headers={"Sec-Fetch-Site": "cross-site"})
    client.force_login(account("ada"))
    assert send(client, discussion, kind="all").status_code == 403
    assert not Subscription.objects.exists()


def test_notifications_page_shows_ones_own_and_marks_them_seen() -> None:
    ada, client = account("ada"), Client()
    root = CommentFactory(user=ada, guest_id=None, guest_email="")
    replies = [CommentFactory(parent=root, guest_name=f"Person {n}") for n in range(35)]
    for reply in replies:
        tell_readers(reply)
    other = CommentFactory(user=account("bob"), guest_id=None, guest_email="")
    tell_readers(CommentFactory(parent=other, guest_name="Not hers"))
    assert client.get("/accounts/notifications/").status_code == 302
    client.force_login(ada)
    assert client.get("/personal/").json()["user"]["unseen"] == 35
    seen, address = [], "/accounts/notifications/"
    while address:
        page = client.get(address).content.decode()
        seen += [reply.pk for reply in replies if f'href="/comments/{reply.pk}/"' in page]
        assert "Not hers" not in page
        address = (
            "/accounts/notifications/?after=" + page.split('href="?after=')[1].split('"')[0]
            if "?after=" in page else ""
        )  # fmt: skip
    assert sorted(seen) == sorted(reply.pk for reply in replies)
    client.post("/accounts/notifications/", {"seen": "1"})
    assert client.get("/personal/").json()["user"]["unseen"] == 0
    assert Notification.objects.filter(seen_at=None).count() == 1
    assert client.get("/accounts/notifications/?after=garbage").status_code == 200

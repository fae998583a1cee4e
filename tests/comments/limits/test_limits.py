"""Limits: how often a reader and a network may write, and what they are told."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory

from comments.limits import guarding
from comments.models import Bucket, Comment, Discussion
from comments.networks import network_key, network_of
from tests.comments.factories import CommentFactory, DiscussionFactory

GUEST = {"name": "Ada", "email": "ada@example.org"}


@pytest.fixture
def discussion(settings: Any) -> Discussion:
    settings.COMMENT_LIMITS = True
    settings.COMMENT_RATES = {
        "comment": {"reader": (2, 60), "network": (5, 30)},
        "vote": {"reader": (2, 60), "network": (100, 1)},
        "ask": {"network": (1, 60)},
        "newcomer": {"all": (100, 1)},
    }
    return DiscussionFactory(policy="open")


class Somebody(Client):
    """A reader without a cookie yet, in a network of their own."""

    def __init__(self, address: str = "192.0.2.7") -> None:
        super().__init__(REMOTE_ADDR=address)


def post(client: Client, discussion: Discussion, body: str) -> Any:
    address = f"{discussion.article.get_absolute_url()}comments/"
    return client.post(address, {**GUEST, "body": body})


@pytest.mark.django_db
def test_reader_who_writes_too_much_waits_and_keeps_the_text(discussion: Discussion) -> None:
    client = Somebody()
    post(client, discussion, "First.")  # the cookie comes with it
    assert [post(client, discussion, f"Words {n}.").status_code for n in range(2)] == [303, 303]
    answer = post(client, discussion, "One <b>too</b> many.")
    assert answer.status_code == 429
    assert 50 <= int(answer["Retry-After"]) <= 60
    assert "no-store" in answer["Cache-Control"]
    html = answer.content.decode()
    assert "One &lt;b&gt;too&lt;/b&gt; many.</textarea>" in html
    assert 'name="email" value="ada@example.org"' in html
    assert Comment.objects.count() == 3
    # Reading is not limited, and neither is another reader of the network, yet.
    assert client.get(discussion.article.get_absolute_url()).status_code == 200
    assert post(Somebody(), discussion, "Another.").status_code == 303


@pytest.mark.django_db
def test_network_waits_as_one(discussion: Discussion) -> None:
    answers = [post(Somebody(), discussion, f"Words {n}.").status_code for n in range(6)]
    assert answers == [303] * 5 + [429]
    other = Somebody("198.51.100.7")
    assert post(other, discussion, "From elsewhere.").status_code == 303


@pytest.mark.django_db
def test_script_is_answered_in_words_and_leaves_its_form(discussion: Discussion) -> None:
    comment = CommentFactory(discussion=discussion)
    client = Somebody()
    client.post(f"/comments/{comment.pk}/vote/", {"value": "1"})
    for value in ("0", "1"):
        client.post(f"/comments/{comment.pk}/vote/", {"value": value})
    answer = client.post(
        f"/comments/{comment.pk}/vote/", {"value": "-1"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 429
    assert answer["Content-Type"].startswith("text/plain")
    assert "Try again in" in answer.content.decode()
    comment.refresh_from_db()
    assert comment.score == 1


@pytest.mark.django_db
def test_refusal_costs_one_statement_besides_that_of_every_request_and_the_next_none(
    discussion: Discussion, django_assert_num_queries: Any
) -> None:
    address = f"/comments/{CommentFactory(discussion=discussion).pk}/report/"
    Somebody().post(address, {"reason": "hate"})
    for statements in (2, 1, 1):
        with django_assert_num_queries(statements):
            assert Somebody().post(address, {"reason": "hate"}).status_code == 429


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["follow/", None])
def test_asking_is_limited_too(discussion: Discussion, path: str | None) -> None:
    comment = CommentFactory(discussion=discussion)
    address = f"/comments/{comment.pk}/report/"
    data = {"reason": "hate"}
    if path:
        address = f"{discussion.article.get_absolute_url()}{path}"
        data = {"kind": "all", "email": "a@example.org"}
    assert [Somebody().post(address, data).status_code for _ in range(2)] == [200, 429]


@pytest.mark.django_db
def test_switched_off_nothing_is_counted(discussion: Discussion, settings: Any) -> None:
    settings.COMMENT_LIMITS = False
    client = Somebody()
    assert {post(client, discussion, f"Words {n}.").status_code for n in range(9)} == {303}
    assert not Bucket.objects.exists()


@pytest.mark.django_db
def test_store_that_fails_keeps_nobody_out(
    discussion: Discussion, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_rates: Any) -> int:
        raise DatabaseError("read-only")

    monkeypatch.setattr(guarding, "seconds_to_wait", fail)
    assert post(Somebody(), discussion, "Words.").status_code == 303
    assert "Limits could not be looked at." in caplog.text
    assert "192.0.2" not in caplog.text


@pytest.mark.parametrize(
    ("remote", "told", "network"),
    [
        ("192.0.2.77", "", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "", "2001:db8:1::/48"),
        ("::ffff:192.0.2.9", "", "192.0.2.0/24"),
        # Somebody who is no proxy of ours may write there what they like.
        ("192.0.2.77", "203.0.113.5", "192.0.2.0/24"),
        ("10.0.0.1", "203.0.113.5", "203.0.113.0/24"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.5", "203.0.113.0/24"),
        ("10.0.0.1", "203.0.113.5, 10.0.0.9", "203.0.113.0/24"),
        ("10.0.0.1", "203.0.113.5, nonsense", "10.0.0.0/24"),
        ("10.0.0.1", "", "10.0.0.0/24"),
        ("127.0.0.1", "", None),
        ("::1", "203.0.113.5", None),
        ("", "203.0.113.5", None),
        ("10.0.0.1", "[2001:db8:5::1]", "2001:db8:5::/48"),
    ],
)
def test_network_is_told_by_those_who_are_trusted(
    settings: Any, remote: str, told: str, network: str | None
) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    headers = {"X-Forwarded-For": told} if told else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    assert (str(network_of(request)) if network else network_of(request)) == network
    key = network_key(request)
    assert (len(key) == 64) is (network is not None)
    assert remote not in key or not remote


def test_key_of_a_network_is_the_same_for_its_addresses_and_no_others() -> None:
    keys = [
        network_key(RequestFactory().get("/", REMOTE_ADDR=address))
        for address in ("192.0.2.1", "192.0.2.200", "192.0.3.1")
    ]
    assert keys[0] == keys[1] != keys[2]

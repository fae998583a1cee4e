"""Guests known by an address that is kept no more."""

import pytest
from django.db import connection

from comments.addresses import address_digest
from comments.models import Ban, Comment
from comments.moderation.bans import ban_writer, check_not_banned
from comments.screening import screen
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db


def forget(comment: Comment) -> Comment:
    """Leave of the address what is left once it was kept long enough."""
    comment.guest_digest, comment.guest_email = comment.address_digest, ""
    comment.save(update_fields=["guest_digest", "guest_email"])
    return comment


def test_hash_is_keyed_and_blind_to_letters_case(settings: object) -> None:
    assert address_digest("Ada@Example.org ") == address_digest("ada@example.org")
    before = address_digest("ada@example.org")
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert address_digest("ada@example.org") != before


def test_comments_are_found_by_their_address_kept_or_not() -> None:
    kept = CommentFactory(guest_email="Ada@example.org")
    forgotten = forget(CommentFactory(guest_email="ada@example.org"))
    CommentFactory(guest_email="bob@example.org")
    CommentFactory(guest_email="")
    CommentFactory(user=UserFactory(email="ada@example.org"), guest_email="")
    found = Comment.objects.from_address("ADA@example.org").order_by("pk")
    assert list(found) == [kept, forgotten]
    assert not Comment.objects.from_address("").exists()


def test_known_writer_stays_known_without_the_address() -> None:
    comment = forget(CommentFactory(guest_email="ada@example.org"))
    writer = {"discussion": comment.discussion, "guest_id": comment.guest_id, "body": "Again."}
    for email, status in (("Ada@example.org", "approved"), ("bob@example.org", "held")):
        assert screen(Comment(**writer, guest_email=email)).status == status


def test_writer_is_banned_by_the_hash_of_a_forgotten_address() -> None:
    comment = forget(CommentFactory(guest_email="ada@example.org", guest_id=None))
    ban_writer(comment=comment, by=UserFactory(role="Moderator"), mode=Ban.Mode.SHADOW)
    ban = Ban.objects.get()
    assert ban.kind == Ban.Kind.EMAIL
    assert check_not_banned(user=None, guest_id=None, email="ADA@example.org") == ban
    assert check_not_banned(user=UserFactory(email="ada@example.org"), guest_id=None) == ban


def test_addresses_are_looked_up_by_index() -> None:
    discussion = DiscussionFactory()
    Comment.objects.bulk_create(
        Comment(discussion=discussion, body="x", body_html="x", guest_email=f"{n}@example.org")
        for n in range(2_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE comments_comment")
    plan = Comment.objects.from_address("7@example.org").explain()
    assert "comment_address" in plan
    assert "comment_digest" in plan

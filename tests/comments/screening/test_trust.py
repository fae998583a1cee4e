"""Whose record speaks for them: an account's, or that of a browser and its address together."""

import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from articles.models import CommentPolicy, Publication
from comments.models import Comment, CommentStatus
from comments.posting import post_comment
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
ADA = uuid.UUID(int=1)
MAIL = "ada@example.org"


def given(**fields: Any) -> None:
    Publication.objects.update_or_create(
        pk=1, defaults={"comment_policy": CommentPolicy.HOLD_NEW, **fields}
    )


def wrote(*states: str, **writer: Any) -> None:
    for state in states:
        CommentFactory.create(status=state, **writer)


def posts(**writer: Any) -> CommentStatus:
    guest = {"guest_name": "Ada", "guest_email": MAIL, "guest_id": ADA}
    comment: Comment = post_comment(
        discussion=DiscussionFactory.create(), body="Again.", **(writer or guest)
    )
    return CommentStatus(comment.status)


def address_of(user: User, *, is_verified: bool) -> EmailAddress:
    facts = {"verified": is_verified, "primary": True}
    return EmailAddress.objects.update_or_create(user=user, email=MAIL, defaults=facts)[0]


GUEST = {"guest_id": ADA, "guest_email": MAIL}


@pytest.mark.parametrize(
    ("states", "trusted"),
    [
        ((), False),
        (("approved",), False),
        (("approved", "approved", "approved"), True),
        (("approved", "held", "held", "deleted", "deleted"), False),
        (("approved", "approved", "approved", "rejected"), True),
        (("approved", "approved", "approved", "rejected", "spam"), False),
        (("rejected", "spam"), False),
    ],
)
def test_enough_approved_and_few_refused_earn_trust(states: tuple[str, ...], trusted: bool) -> None:
    given(trust_after=3, trust_refused=25)
    wrote(*states, **GUEST)
    user = UserFactory.create()
    wrote(*states, user=user, guest_id=None, guest_email="")
    expected = CommentStatus.APPROVED if trusted else CommentStatus.HELD
    assert (posts(), posts(user=user)) == (expected, expected)


@pytest.mark.parametrize(
    "other",
    [
        {"guest_id": uuid.UUID(int=2), "guest_email": MAIL, "guest_name": "Ada"},
        {"guest_id": ADA, "guest_email": "eve@example.org", "guest_name": "Ada"},
        {"guest_id": None, "guest_email": MAIL, "guest_name": "Ada"},
    ],
)
def test_guest_with_anothers_address_or_browser_gains_nothing(other: dict[str, Any]) -> None:
    given()
    wrote("approved", "approved", **GUEST)
    assert posts() == CommentStatus.APPROVED
    assert posts(**other) == CommentStatus.HELD


def test_address_counts_for_an_account_only_once_it_is_verified() -> None:
    given()
    wrote("approved", **GUEST)
    user = UserFactory.create(email=MAIL)
    address = address_of(user, is_verified=False)
    assert posts(user=user) == CommentStatus.HELD
    address.verified = True
    address.save()
    assert posts(user=user) == CommentStatus.APPROVED


def test_who_types_the_address_of_an_account_does_not_harm_it() -> None:
    given()
    user = UserFactory.create(email=MAIL)
    address_of(user, is_verified=True)
    wrote("approved", user=user, guest_id=None, guest_email="")
    wrote("spam", "spam", "rejected", guest_id=uuid.UUID(int=3), guest_email=MAIL)
    assert posts(user=user) == CommentStatus.APPROVED


def test_everybody_is_held_where_every_comment_is() -> None:
    given(comment_policy=CommentPolicy.HOLD_ALL)
    wrote("approved", "approved", **GUEST)
    assert posts() == CommentStatus.HELD

"""Pictures made here: the same for the same person, and nothing to be found from them."""

import re
from typing import Any

import pytest

from accounts.avatars import HUES, avatar_of
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory

STROKE = re.compile(r"M([0-4]) ([0-4])h([1-5])")


def cells_of(path: str) -> set[tuple[int, int]]:
    strokes = STROKE.findall(path)
    assert "".join(f"M{x} {y}h{n}" for x, y, n in strokes) == path
    return {(int(x) + step, int(y)) for x, y, n in strokes for step in range(int(n))}


def test_picture_is_symmetrical_small_and_never_empty() -> None:
    seen = set()
    for number in range(2_000):
        avatar = avatar_of(f"somebody {number}")
        cells = cells_of(avatar.path)
        assert cells == {(4 - x, y) for x, y in cells}
        assert 5 <= len(cells) <= 25
        assert 0 <= avatar.hue < HUES
        assert len(avatar.path) <= 90  # bytes of a page, fifty times
        seen.add(avatar)
    assert len(seen) > 1_900


def test_picture_hangs_on_the_site_s_key(settings: Any) -> None:
    before = avatar_of.__wrapped__("somebody")
    assert avatar_of.__wrapped__("somebody") == before
    settings.SECRET_KEY = "another"
    assert avatar_of.__wrapped__("somebody") != before


@pytest.mark.django_db
def test_picture_is_of_the_person_and_outlives_the_address() -> None:
    one = CommentFactory(guest_name="Ada", guest_email="ada@example.org")
    again = CommentFactory(guest_name="ada", guest_email="ADA@example.org")
    assert one.avatar == again.avatar
    again.guest_digest, again.guest_email = again.address_digest, ""
    assert one.avatar == again.avatar
    impostor = CommentFactory(guest_name="Ada", guest_email="other@example.org")
    other_name = CommentFactory(guest_name="Byron", guest_email="ada@example.org")
    assert len({one.avatar, impostor.avatar, other_name.avatar}) == 3
    user = UserFactory()
    mine = CommentFactory.create_batch(2, user=user, guest_name="", guest_email="", guest_id=None)
    assert mine[0].avatar == mine[1].avatar

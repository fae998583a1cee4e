"""Votes: one a reader, counted exactly, also when many come at once."""

import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client

from accounts.models import User
from comments.models import Comment, Vote
from comments.voting import cast_vote
from tests.comments.factories import CommentFactory


def counts(comment: Comment) -> tuple[int, int, int]:
    comment.refresh_from_db()
    return comment.upvotes, comment.downvotes, comment.score


@pytest.mark.django_db
def test_vote_is_changed_and_taken_back() -> None:
    comment, guest = CommentFactory(), uuid.uuid4()
    for value, expected in ((1, (1, 0, 1)), (1, (1, 0, 1)), (-1, (0, 1, -1)), (0, (0, 0, 0))):
        cast_vote(comment=comment, value=value, guest_id=guest)
        assert counts(comment) == expected
    assert not Vote.objects.exists()


@pytest.mark.django_db
def test_nobody_votes_on_their_own() -> None:
    user = User.objects.create_user("a@example.org", "x")
    by_guest, by_user = CommentFactory(), CommentFactory(user=user, guest_id=None)
    with pytest.raises(PermissionDenied):
        cast_vote(comment=by_guest, value=1, guest_id=by_guest.guest_id)
    with pytest.raises(PermissionDenied):
        cast_vote(comment=by_user, value=1, user=user)
    assert not Vote.objects.exists()


@pytest.mark.django_db
def test_vote_is_a_number_of_three() -> None:
    with pytest.raises(ValidationError):
        cast_vote(comment=CommentFactory(), value=2, guest_id=uuid.uuid4())


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["", "2", "x", "1\x00", "-2", "1.0"])
def test_bad_value_is_refused_in_words(value: str) -> None:
    comment = CommentFactory()
    answer = Client().post(f"/comments/{comment.pk}/vote/", {"value": value})
    assert answer.status_code == 400
    assert b"A vote is" in answer.content
    assert counts(comment) == (0, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["held", "spam", "rejected", "deleted"])
def test_what_is_not_shown_cannot_be_voted_on(status: str) -> None:
    comment = CommentFactory(status=status)
    assert Client().post(f"/comments/{comment.pk}/vote/", {"value": "1"}).status_code == 404


@pytest.mark.django_db
def test_guest_votes_once_from_one_browser_and_an_address_is_no_voter() -> None:
    comment = CommentFactory()
    first, second = Client(), Client()
    for client in (first, first, second):
        assert client.post(f"/comments/{comment.pk}/vote/", {"value": "1"}).status_code == 303
    assert counts(comment) == (2, 0, 2)


@pytest.mark.django_db
def test_vote_of_another_site_is_refused() -> None:
    comment = CommentFactory()
    answer = Client().post(
        f"/comments/{comment.pk}/vote/", {"value": "1"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert counts(comment) == (0, 0, 0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_voters_at_once_are_counted_exactly() -> None:
    """Each also changes their mind and sends the same vote twice."""
    comment = CommentFactory()
    failures: list[BaseException] = []
    start = threading.Barrier(50)

    def vote(number: int) -> None:
        guest = uuid.uuid4()
        try:
            start.wait(30)
            for value in (1, 1, -1, 1 if number % 5 else -1):
                cast_vote(comment=comment, value=value, guest_id=guest)
        except BaseException as error:  # noqa: BLE001 (reported below)
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=vote, args=[number]) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert counts(comment) == (40, 10, 30)
    assert Vote.objects.count() == 50


@pytest.mark.django_db
def test_votes_against_can_be_turned_off() -> None:
    from articles.models import Publication

    Publication.objects.update_or_create(pk=1, defaults={"downvotes": False})
    comment = CommentFactory()
    with pytest.raises(PermissionDenied):
        cast_vote(comment=comment, value=-1, guest_id=uuid.uuid4())
    page = Client().get(comment.discussion.article.get_absolute_url()).content.decode()
    assert "Vote up" in page
    assert "Vote down" not in page

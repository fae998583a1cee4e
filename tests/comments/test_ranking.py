"""Orders that go by votes and replies hold still for those who are reading on in them."""

import random
import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import User
from comments.counts import recount
from comments.keyset import ORDERS
from comments.models import Comment, Discussion, PastRank
from comments.moderation import approve_comment, remove_comment
from comments.posting import post_comment
from comments.reading import discussion_page
from comments.voting import cast_vote
from tests.comments.factories import CommentFactory, DiscussionFactory

RANKINGS = ["top", "best", "active"]


def make_roots(discussion: Discussion, number: int) -> list[Comment]:
    """Comments with many votes, many of them equal."""
    dice = random.Random(number)
    roots = []
    for _ in range(number):
        up, down = dice.randint(0, 4), dice.randint(0, 2)
        votes = {"imported_upvotes": up, "upvotes": up}
        votes |= {"imported_downvotes": down, "downvotes": down}
        roots.append(CommentFactory(discussion=discussion, **votes))
    return roots


def walk(discussion: Discussion, sort: str, between: Callable[[int], object] = bool) -> list[int]:
    """Return the numbers of the roots on all pages; between: is called after each page."""
    seen, after, page_number = [], "", 0
    while True:
        page = discussion_page(discussion, sort=sort, after=after)
        seen += [thread.root.pk for thread in page.threads]
        if not page.next_cursor:
            return seen
        after = page.next_cursor
        page_number += 1
        between(page_number)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sort", RANKINGS)
def test_nothing_is_skipped_or_shown_twice_while_others_vote_and_reply(sort: str) -> None:
    discussion = DiscussionFactory(policy="open")
    roots = make_roots(discussion, 70)
    quiet = walk(discussion, sort)
    assert len(quiet) == 70
    dice = random.Random(sort)

    def others_go_on(_page: int) -> None:
        for _ in range(25):
            comment = dice.choice(roots)
            cast_vote(comment=comment, value=dice.choice([-1, 1]), guest_id=uuid.uuid4())
        for _ in range(5):
            post_comment(
                discussion=discussion, body="An answer.", parent=dice.choice(roots),
                guest_name="A", guest_email="a@example.org", guest_id=uuid.uuid4(),
            )  # fmt: skip

    assert walk(discussion, sort, others_go_on) == quiet
    assert walk(discussion, sort) != quiet  # the next reader sees what the votes made of it
    assert not any(recount().values())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sort", RANKINGS)
def test_ranking_is_exact_while_votes_are_under_way_in_other_transactions(sort: str) -> None:
    """A vote that began before the first page and ends after it must not move a thread."""
    discussion = DiscussionFactory()
    roots = make_roots(discussion, 45)
    quiet = walk(discussion, sort)
    has_voted, may_commit = threading.Event(), threading.Event()

    def vote_slowly() -> None:
        from django.db import transaction

        with transaction.atomic():
            for number in (3, 30, 44):
                root = Comment.objects.get(pk=quiet[number])
                for _ in range(9):
                    cast_vote(comment=root, value=1, guest_id=uuid.uuid4())
            has_voted.set()
            may_commit.wait(20)
        connection.close()

    voter = threading.Thread(target=vote_slowly)
    voter.start()
    assert has_voted.wait(20)

    def commit(_page: int) -> None:
        may_commit.set()
        voter.join(20)

    assert walk(discussion, sort, commit) == quiet
    assert len(roots) == len(set(quiet))


@pytest.mark.django_db(transaction=True)
def test_threads_that_come_and_go_are_shown_once_at_most() -> None:
    discussion = DiscussionFactory(policy="open")
    moderator = User.objects.create_superuser("m@example.org", "x")
    roots = make_roots(discussion, 50)
    late = CommentFactory(discussion=discussion, status="held")

    def moderate(page: int) -> None:
        approve_comment(comment=late, by=moderator)
        remove_comment(comment=roots[page], by=moderator)

    seen = walk(discussion, "top", moderate)
    assert len(seen) == len(set(seen))
    assert set(seen) >= {root.pk for root in roots[3:]}


@pytest.mark.django_db(transaction=True)
def test_own_ranking_is_new_with_each_first_page() -> None:
    discussion = DiscussionFactory()
    roots = make_roots(discussion, 25)
    last = Comment.objects.get(pk=walk(discussion, "best")[-1])
    for _ in range(30):
        cast_vote(comment=last, value=1, guest_id=uuid.uuid4())
    assert walk(discussion, "best")[0] == last.pk
    assert len(roots) == 25


@pytest.mark.django_db
def test_best_weighs_how_many_voted() -> None:
    """One vote of one is worth less than ninety of a hundred, and more than one of two."""
    discussion = DiscussionFactory()
    votes = {(1, 0): None, (90, 10): None, (1, 1): None, (0, 0): None, (0, 5): None, (9, 0): None}
    for up, down in votes:
        comment = CommentFactory(discussion=discussion, upvotes=up, downvotes=down)
        comment.refresh_from_db()
        votes[up, down] = comment.best
        number = up + down
        # Wilson's formula as it is written down, z = 1.96.
        share = up / number if number else 0
        z = 1.96
        expected = (
            (share + z * z / (2 * number)
             - z * ((share * (1 - share) + z * z / (4 * number)) / number) ** 0.5)
            / (1 + z * z / number)
            if number else 0
        )  # fmt: skip
        assert comment.best == pytest.approx(expected, abs=1e-6)
    order = sorted(votes, key=lambda pair: -votes[pair])
    assert order[:4] == [(90, 10), (9, 0), (1, 0), (1, 1)]


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_of_rankings_is_thrown_away_after_an_hour() -> None:
    comment = CommentFactory()
    cast_vote(comment=comment, value=1, guest_id=uuid.uuid4())
    PastRank.objects.update(created_at="2020-01-01T00:00:00Z")
    cast_vote(comment=comment, value=1, guest_id=uuid.uuid4())
    assert PastRank.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_of_threads_that_fell_quiet_goes_with_the_votes_on_others() -> None:
    quiet = [CommentFactory() for _ in range(25)]
    for comment in quiet:
        cast_vote(comment=comment, value=1, guest_id=uuid.uuid4())
    PastRank.objects.update(created_at="2020-01-01T00:00:00Z")
    lively = CommentFactory()
    for _ in range(2):
        cast_vote(comment=lively, value=1, guest_id=uuid.uuid4())
    assert set(PastRank.objects.values_list("comment", flat=True)) == {lively.pk}


@pytest.mark.django_db(transaction=True)
def test_cursor_of_long_ago_reads_on_in_todays_ranking() -> None:
    discussion = DiscussionFactory()
    make_roots(discussion, 30)
    page = discussion_page(discussion, sort="top")
    order = ORDERS["top"]
    cursor = order.read(page.next_cursor)
    assert cursor.ranking
    old = type(cursor)(
        cursor.value, cursor.number, (),
        type(cursor.ranking)(cursor.ranking.until, (), cursor.ranking.taken_at - 10**6),
    )  # fmt: skip
    rest = discussion_page(discussion, sort="top", after=str(old))
    assert len(rest.threads) == 10


@pytest.mark.django_db(transaction=True)
def test_pinned_threads_stand_first_and_once_whatever_moderators_do_meanwhile() -> None:
    from comments.moderation import pin_comment, unpin_comment

    discussion = DiscussionFactory()
    moderator = User.objects.create_superuser("m@example.org", "x")
    roots = make_roots(discussion, 50)
    pin_comment(comment=roots[7], by=moderator)
    pin_comment(comment=roots[3], by=moderator)

    def move_pins(page: int) -> None:
        if page == 1:
            unpin_comment(comment=roots[7], by=moderator)
            pin_comment(comment=roots[40], by=moderator)

    for sort in ORDERS:
        seen = walk(discussion, sort)
        assert seen[:2] == [roots[7].pk, roots[3].pk]
        assert sorted(seen) == sorted(root.pk for root in roots)
    seen = walk(discussion, "newest", move_pins)
    assert sorted(seen) == sorted(root.pk for root in roots)


@pytest.mark.django_db
@pytest.mark.parametrize("sort", list(ORDERS))
@pytest.mark.parametrize(
    "after",
    [
        "x", "bm8", "W10", "WzEsMl0", "e30", "bnVsbA", "WzEsMixbXSwxLFsxXV0", "\x00", "ä" * 9,
        "WyJ4IiwxLFtdXQ", "W05hTiwxLFtdXQ", "WzFlOTk5LDEsW11d", "W3RydWUsMSxbXV0", "A" * 50_000,
        "WzEsMSxbXSw1LFsiYSJdLDFd", "W" * 3000,
    ],
)  # fmt: skip
def test_cursor_that_is_none_is_the_first_page(sort: str, after: str) -> None:
    discussion = CommentFactory().discussion
    assert discussion_page(discussion, sort=sort, after=after).is_first

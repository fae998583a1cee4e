"""What moderators do about a burst; every count and order stays true, and all is in the log."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import User
from comments.bursts.detecting import detect_burst
from comments.counts import recount
from comments.models import Comment, ModerationEvent, PastRank, Vote, VoteBurst
from comments.moderation import undo_decision
from comments.moderation.votes import (
    freeze_votes,
    remove_votes,
    settle_burst,
    unfreeze_votes,
)
from comments.voting import cast_vote, vote_of
from tests.accounts.factories import UserFactory
from tests.comments.bursts.factories import networks, votes_on
from tests.comments.factories import CommentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return UserFactory.create(role="Moderator")


@pytest.fixture
def burst() -> VoteBurst:
    """Twelve votes of new readers, upon two of known ones and three that came with an import."""
    known = votes_on(CommentFactory.create(), 2, minutes_ago=9_999)
    comment = CommentFactory.create(imported_upvotes=3, upvotes=3)
    for guest in known:
        cast_vote(comment=comment, value=1, guest_id=guest)
    votes_on(comment, 12)
    found = detect_burst(comment)
    assert found is not None
    return found


def counts(comment: Comment) -> tuple[int, int]:
    assert not any(recount().values())
    comment.refresh_from_db()
    return comment.upvotes, comment.downvotes


def test_removal_takes_what_looks_made_and_undo_gives_it_back(
    burst: VoteBurst, moderator: User
) -> None:
    comment = burst.comment
    assert counts(comment) == (17, 0)
    event = remove_votes(comment=comment, by=moderator)
    assert counts(comment) == (5, 0)
    assert (event.action, event.by, event.note) == ("votes-removed", moderator, "12 of 14 votes")
    with pytest.raises(ValidationError):
        remove_votes(comment=comment, by=moderator)
    undone = undo_decision(event=event, by=moderator)
    assert counts(comment) == (17, 0)
    assert (undone.action, undone.undoes) == ("undone", event)
    with pytest.raises(ValidationError):
        undo_decision(event=event, by=moderator)


def test_removal_of_everything_leaves_what_came_before(burst: VoteBurst, moderator: User) -> None:
    remove_votes(comment=burst.comment, by=moderator, everything=True)
    assert counts(burst.comment) == (3, 0)


def test_removal_takes_the_network_that_stands_out(moderator: User) -> None:
    known = votes_on(CommentFactory.create(), 14, minutes_ago=9_999)
    comment = CommentFactory.create()
    for n, guest in enumerate(known):
        network = networks(5) if n < 10 else networks(50 + n)
        cast_vote(comment=comment, value=-1, guest_id=guest, network=network)
    assert detect_burst(comment)
    remove_votes(comment=comment, by=moderator)
    assert counts(comment) == (0, 4)


def test_orders_are_true_after_removal_and_older_pages_read_on_in_theirs(
    burst: VoteBurst, moderator: User
) -> None:
    comment = burst.comment
    rival = CommentFactory.create(discussion=comment.discussion, body="A rival.")
    votes_on(rival, 7)
    address = f"{comment.discussion.article.get_absolute_url()}comments/?sort=top"
    first = [comment.pk, rival.pk]

    def order() -> list[int]:
        page = Client().get(address).content.decode()
        return sorted(first, key=lambda pk: page.index(f'id="comment-{pk}"'))

    assert order() == [comment.pk, rival.pk]
    kept = PastRank.objects.filter(comment=comment).count()
    event = remove_votes(comment=comment, by=moderator)
    assert order() == [rival.pk, comment.pk]
    assert PastRank.objects.filter(comment=comment).count() == kept + 1
    assert PastRank.objects.filter(comment=comment).latest("pk").score == 17
    undo_decision(event=event, by=moderator)
    assert order() == [comment.pk, rival.pk]


def test_votes_while_frozen_stand_for_their_readers_and_count_later(
    burst: VoteBurst, moderator: User
) -> None:
    comment, reader = burst.comment, Client()
    freeze_votes(comment=comment, by=moderator)
    assert reader.post(f"/comments/{comment.pk}/vote/", {"value": "-1"}).status_code == 303
    assert reader.get(f"/comments/{comment.pk}/vote/").context["value"] == -1
    assert counts(comment) == (17, 0)
    unfreeze_votes(comment=comment, by=moderator)
    assert counts(comment) == (17, 1)
    actions = ModerationEvent.objects.exclude(by=None).order_by("pk")
    assert [one.action for one in actions] == ["frozen", "unfrozen"]


def test_vote_changed_while_frozen_leaves_the_count_until_then(
    burst: VoteBurst, moderator: User
) -> None:
    comment = burst.comment
    voter = Vote.objects.filter(comment=comment).latest("pk").guest_id
    freeze_votes(comment=comment, by=moderator)
    cast_vote(comment=comment, value=-1, guest_id=voter)
    assert counts(comment) == (16, 0)
    unfreeze_votes(comment=comment, by=moderator)
    assert counts(comment) == (16, 1)


def test_removed_voter_does_not_come_back_by_voting_again(
    burst: VoteBurst, moderator: User
) -> None:
    comment = burst.comment
    voter = Vote.objects.filter(comment=comment).latest("pk").guest_id
    event = remove_votes(comment=comment, by=moderator)
    for value in (0, 1, -1, 0, 1):
        cast_vote(comment=comment, value=value, guest_id=voter)
        assert counts(comment) == (5, 0)
        assert vote_of(comment, user=None, guest_id=voter) == value
    cast_vote(comment=comment, value=0, guest_id=voter)
    undo_decision(event=event, by=moderator)
    assert counts(comment) == (16, 0)
    assert not Vote.objects.filter(value=0).exists()


def test_settled_counts_what_waited_and_keeps_removed_what_was(
    burst: VoteBurst, moderator: User
) -> None:
    comment = burst.comment
    freeze_votes(comment=comment, by=moderator)
    remove_votes(comment=comment, by=moderator)
    votes_on(comment, 2)
    event = settle_burst(comment=comment, by=moderator)
    assert counts(comment) == (7, 0)
    assert not comment.has_frozen_votes
    burst.refresh_from_db()
    assert burst.settled_at is not None
    undo_decision(event=event, by=moderator)
    burst.refresh_from_db()
    assert burst.settled_at is None


def test_each_of_the_steps_is_undone(burst: VoteBurst, moderator: User) -> None:
    comment = burst.comment
    frozen = freeze_votes(comment=comment, by=moderator)
    undo_decision(event=frozen, by=moderator)
    comment.refresh_from_db()
    assert not comment.has_frozen_votes
    freeze_votes(comment=comment, by=moderator)
    opened = unfreeze_votes(comment=comment, by=moderator)
    undo_decision(event=opened, by=moderator)
    comment.refresh_from_db()
    assert comment.has_frozen_votes


@pytest.mark.parametrize("act", [freeze_votes, unfreeze_votes, remove_votes, settle_burst])
def test_only_moderators_decide_about_votes(burst: VoteBurst, act: Any) -> None:
    for person in (UserFactory.create(), UserFactory.create(role="Editor")):
        with pytest.raises(PermissionDenied):
            act(comment=burst.comment, by=person)
    assert counts(burst.comment) == (17, 0)


def test_desk_alerts_shows_and_does_it_all(burst: VoteBurst, moderator: User) -> None:
    comment, client = burst.comment, Client()
    client.force_login(moderator)

    def press(action: str) -> Any:
        sent = {"action": action, "comment": comment.pk, "queue": "votes"}
        return client.post("/admin/moderation/decide/", sent, follow=True)

    page = client.get("/admin/moderation/?queue=votes").content.decode()
    assert 'data-count="votes">1<' in page
    assert "14 votes in 10 min, where 1.0 would be usual; 12 by readers never seen" in page
    assert "Freeze votes" in page
    assert "Votes are frozen: 0 wait." in press("freeze").content.decode()
    answer = press("remove-made-votes")
    assert "12 votes are removed." in answer.content.decode()
    assert counts(comment) == (5, 0)
    [event] = answer.context["undoable"]
    client.post("/admin/moderation/undo/", {"event": event, "queue": "votes"})
    assert counts(comment) == (17, 0)
    assert "Remove all 14" in client.get("/admin/moderation/?queue=votes").content.decode()
    press("remove-all-votes")
    assert counts(comment) == (3, 0)
    assert press("unfreeze").status_code == 200
    page = press("settle").content.decode()
    assert 'data-count="votes">0<' in page
    assert ModerationEvent.objects.filter(by=moderator).count() == 6


def test_networks_of_votes_are_forgotten_in_time(burst: VoteBurst) -> None:
    from comments.retention import forget_networks

    guest = uuid.uuid4()
    cast_vote(comment=burst.comment, value=1, guest_id=guest, network=networks(3))
    assert Vote.objects.filter(network__isnull=False).count() == 1
    assert forget_networks(100) == 0
    Vote.objects.update(created_at="2026-01-01T00:00Z")
    assert forget_networks(100) == 1
    assert not Vote.objects.filter(network__isnull=False).exists()

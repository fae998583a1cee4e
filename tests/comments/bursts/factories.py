"""Votes of many readers, for tests."""

import datetime
import uuid

from django.utils import timezone

from comments.models import Comment, Vote
from comments.voting import cast_vote


def networks(number: int) -> str:
    return f"{number:016x}" * 4


def votes_on(
    comment: Comment, number: int, *, value: int = 1, network: str = "", minutes_ago: float = 0
) -> list[uuid.UUID]:
    """Have so many guests vote, each seen for the first time; return them."""
    guests = [uuid.uuid4() for _ in range(number)]
    for guest in guests:
        cast_vote(comment=comment, value=value, guest_id=guest, network=network)
    if minutes_ago:
        at = timezone.now() - datetime.timedelta(minutes=minutes_ago)
        Vote.objects.filter(comment=comment, guest_id__in=guests).update(created_at=at)
    return guests

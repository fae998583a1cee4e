"""A reader's own part in a discussion, which no public page may hold."""

from typing import Any

from django.contrib.auth import get_user
from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.models import User
from comments.guests import guest_id_of
from comments.models import Comment, Vote

MAX_OWN = 50  # comments of one reader in one discussion that are told


def personal_discussion(request: HttpRequest, article_number: int) -> dict[str, Any]:
    """Return the asker's votes, own comments and held comments (as HTML) under an article."""
    user = get_user(request)
    guest_id = guest_id_of(request)
    if isinstance(user, User):
        mine, voter = Q(user=user), Q(user=user)
    elif guest_id is not None:
        mine, voter = Q(user=None, guest_id=guest_id), Q(guest_id=guest_id)
    else:
        return {"votes": {}, "own": [], "held": []}
    own = Comment.objects.filter(mine, discussion__article=article_number).select_related(
        "user", "parent__user"
    )
    held = own.waiting().order_by("created_at")[:MAX_OWN]
    votes = Vote.objects.filter(voter, comment__discussion__article=article_number)
    return {
        "votes": dict(votes.values_list("comment_id", "value")),
        "own": list(own.approved().order_by("-pk").values_list("pk", flat=True)[:MAX_OWN]),
        "held": [
            {
                "parent": comment.parent_id,
                "html": render_to_string(
                    "comments/_comment.html", {"comment": comment, "is_mine": True}
                ),
            }
            for comment in held
        ],
    }

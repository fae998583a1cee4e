"""Discussions, comments, votes and subscriptions."""

from comments.models.comment import MAX_INDENT, Comment, CommentStatus
from comments.models.discussion import Discussion
from comments.models.subscription import Subscription
from comments.models.vote import Vote

__all__ = ["MAX_INDENT", "Comment", "CommentStatus", "Discussion", "Subscription", "Vote"]

"""Discussions, comments and votes."""

from comments.models.comment import Comment, CommentStatus
from comments.models.discussion import Discussion
from comments.models.vote import Vote

__all__ = ["Comment", "CommentStatus", "Discussion", "Vote"]

"""Discussions, comments and votes."""

from comments.models.comment import MAX_INDENT, Comment, CommentStatus
from comments.models.discussion import Discussion
from comments.models.vote import Vote

__all__ = ["MAX_INDENT", "Comment", "CommentStatus", "Discussion", "Vote"]

"""Discussions in the admin: comments for moderators, letters that are sent."""

from comments.admin.comments import CommentAdmin
from comments.admin.letters import LetterAdmin

__all__ = ["CommentAdmin", "LetterAdmin"]

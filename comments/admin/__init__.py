"""Discussions in the admin: comments, the moderation log, bans, rules, letters that are sent."""

from comments.admin.comments import CommentAdmin
from comments.admin.letters import LetterAdmin
from comments.admin.log import BanAdmin, ModerationEventAdmin
from comments.admin.rules import RuleAdmin

__all__ = ["BanAdmin", "CommentAdmin", "LetterAdmin", "ModerationEventAdmin", "RuleAdmin"]

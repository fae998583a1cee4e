"""What moderators do, and what readers ask of them."""

from comments.moderation.decisions import (
    OvertakenError,
    approve_comment,
    mark_comment_as_spam,
    reject_comment,
    remove_comment,
)
from comments.moderation.marking import (
    close_thread,
    correct_comment,
    feature_comment,
    pin_comment,
    reopen_thread,
    unfeature_comment,
    unpin_comment,
)
from comments.moderation.undoing import undo_decision

__all__ = [
    "OvertakenError",
    "approve_comment",
    "close_thread",
    "correct_comment",
    "feature_comment",
    "mark_comment_as_spam",
    "pin_comment",
    "reject_comment",
    "remove_comment",
    "reopen_thread",
    "undo_decision",
    "unfeature_comment",
    "unpin_comment",
]

"""Discussions, comments, votes, passages, subscriptions and what readers are told."""

from comments.models.ban import Ban
from comments.models.bucket import Bucket
from comments.models.burst import VoteBurst
from comments.models.comment import MAX_INDENT, Comment, CommentStatus
from comments.models.discussion import Discussion
from comments.models.event import ModerationEvent, Reason
from comments.models.handling import Handling
from comments.models.notification import Letter, Notification
from comments.models.own_data import OwnDataRequest
from comments.models.passage import Passage
from comments.models.ranking import PastRank
from comments.models.report import Appeal, Report
from comments.models.rule import Outcome, Rule
from comments.models.spam import Lesson, SpamWord
from comments.models.subscription import Subscription
from comments.models.version import CommentVersion
from comments.models.vote import Vote

__all__ = [
    "MAX_INDENT",
    "Appeal",
    "Ban",
    "Bucket",
    "Comment",
    "CommentStatus",
    "CommentVersion",
    "Discussion",
    "Handling",
    "Lesson",
    "Letter",
    "ModerationEvent",
    "Notification",
    "Outcome",
    "OwnDataRequest",
    "Passage",
    "PastRank",
    "Reason",
    "Report",
    "Rule",
    "SpamWord",
    "Subscription",
    "Vote",
    "VoteBurst",
]

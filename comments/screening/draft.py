"""A comment before it is kept, with what several checks want to know of it."""

from dataclasses import dataclass
from functools import cached_property

from articles.models import CommentPolicy
from comments.models import Comment
from comments.policy import policy_of
from comments.screening.trust import is_trusted


@dataclass
class Draft:
    """A new comment, or one with a new text; neither is saved yet.

    What is asked for is looked up once, and only if a check asks. is_edit: whether the comment was
    there before.
    """

    comment: Comment
    is_edit: bool = False

    @cached_property
    def policy(self) -> CommentPolicy:
        return policy_of(self.comment.discussion)

    @cached_property
    def is_trusted(self) -> bool:
        """Whether the writer's record speaks for them."""
        return is_trusted(self.comment)

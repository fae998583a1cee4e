"""What moderators decide about a comment."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from comments.counts import count_approval
from comments.models import Comment, CommentStatus, Discussion


def approve_comment(*, comment: Comment, by: User) -> None:
    """Show the comment to everyone."""
    _decide(comment, CommentStatus.APPROVED, by)


def reject_comment(*, comment: Comment, by: User) -> None:
    """Keep the comment from readers."""
    _decide(comment, CommentStatus.REJECTED, by)


def mark_comment_as_spam(*, comment: Comment, by: User) -> None:
    """Keep the comment from readers, as spam."""
    _decide(comment, CommentStatus.SPAM, by)


def remove_comment(*, comment: Comment, by: User) -> None:
    """Take the comment away; where it has replies, a placeholder stays."""
    _decide(comment, CommentStatus.DELETED, by)


def _decide(comment: Comment, status: CommentStatus, by: User) -> None:
    """Change the state, and the counts with it. Raises PermissionDenied without the right."""
    if not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied(_("Only moderators decide about comments."))
    with transaction.atomic():
        # The discussion first, as everywhere where both are changed: so decisions on a comment and
        # on the one above it wait for each other, and never each for the other. Its key stays, so
        # replies that are being written meanwhile do not wait at all.
        Discussion.objects.select_for_update(no_key=True).get(pk=comment.discussion_id)
        row = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
        was_approved = row.is_approved
        row.status = comment.status = status
        row.save(update_fields=["status"])
        if was_approved != row.is_approved:
            count_approval(row, 1 if row.is_approved else -1)

"""What moderators decide about a comment."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.counts import count_approval
from comments.keyset import MAX_PINNED
from comments.models import Comment, CommentStatus, Discussion
from comments.tasks import tell_readers_of


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
    _check_right(by)
    with transaction.atomic():
        # The discussion first, as everywhere where both are changed: so decisions on a comment and
        # on the one above it wait for each other, and never each for the other. Its key stays, so
        # replies that are being written meanwhile do not wait at all.
        Discussion.objects.select_for_update(no_key=True).get(pk=comment.discussion_id)
        row = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
        was_approved = row.is_approved
        row.status = comment.status = status
        if row.is_approved and not was_approved:
            row.approved_at = timezone.now()
        row.save(update_fields=["status", "approved_at"])
        if was_approved != row.is_approved:
            count_approval(row, 1 if row.is_approved else -1)
            if row.is_approved:
                tell_readers_of.enqueue(row.pk)


def pin_comment(*, comment: Comment, by: User) -> None:
    """Put a thread before all others.

    Raises ValidationError for a reply, and when as many are pinned as a page may begin with.
    """
    _check_right(by)
    if comment.parent_id is not None:
        raise ValidationError(_("Only a comment that opens a thread can be pinned."))
    with transaction.atomic():
        # One after the other, so that two moderators together do not exceed the limit.
        Discussion.objects.select_for_update(no_key=True).get(pk=comment.discussion_id)
        pinned = Comment.objects.filter(discussion=comment.discussion_id).pinned()
        if pinned.exclude(pk=comment.pk).count() >= MAX_PINNED:
            message = _("%(limit)d threads are pinned already. Unpin one of them first.")
            raise ValidationError(message % {"limit": MAX_PINNED})
        Comment.objects.filter(pk=comment.pk, pinned_at=None).update(pinned_at=timezone.now())


def unpin_comment(*, comment: Comment, by: User) -> None:
    """Put a pinned thread back in its place."""
    _check_right(by)
    Comment.objects.filter(pk=comment.pk).update(pinned_at=None)


def feature_comment(*, comment: Comment, by: User) -> None:
    """Mark the comment as the editors' pick. Raises ValidationError for one nobody can read."""
    _check_right(by)
    if not Comment.objects.approved().filter(pk=comment.pk).update(is_featured=True):
        raise ValidationError(_("Only an approved comment can be an editor's pick."))


def unfeature_comment(*, comment: Comment, by: User) -> None:
    """Take the mark of the editors' pick away."""
    _check_right(by)
    Comment.objects.filter(pk=comment.pk).update(is_featured=False)


def close_thread(*, comment: Comment, by: User) -> None:
    """Let nobody answer any more in the thread that the comment stands in."""
    _check_right(by)
    Comment.objects.filter(pk=comment.root_id or comment.pk).update(is_closed=True)


def reopen_thread(*, comment: Comment, by: User) -> None:
    """Let readers answer again in the thread that the comment stands in."""
    _check_right(by)
    Comment.objects.filter(pk=comment.root_id or comment.pk).update(is_closed=False)


def _check_right(by: User) -> None:
    if not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied(_("Only moderators decide about comments."))

"""What moderators do to a comment that stays as it is: pins, picks, closed threads, corrections.

Each returns what the log says of it, None where it was so before.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.keyset import MAX_PINNED
from comments.log import record
from comments.markup import render
from comments.mentions import people_in_reach
from comments.models import Comment, CommentVersion, Discussion, ModerationEvent
from comments.moderation.decisions import check_not_erased, check_right, lock
from comments.screening.folding import digest
from comments.text import checked_body

Action = ModerationEvent.Action


def pin_comment(*, comment: Comment, by: User) -> ModerationEvent | None:
    """Put a thread before all others.

    Raises ValidationError for a reply, and when as many are pinned as a page may begin with.
    """
    check_right(by)
    if comment.parent_id is not None:
        raise ValidationError(_("Only a comment that opens a thread can be pinned."))
    with transaction.atomic():
        # One after the other, so that two moderators together do not exceed the limit.
        Discussion.objects.select_for_update(no_key=True).get(pk=comment.discussion_id)
        pinned = Comment.objects.filter(discussion=comment.discussion_id).pinned()
        if pinned.exclude(pk=comment.pk).count() >= MAX_PINNED:
            message = _("%(limit)d threads are pinned already. Unpin one of them first.")
            raise ValidationError(message % {"limit": MAX_PINNED})
        if Comment.objects.filter(pk=comment.pk, pinned_at=None).update(pinned_at=timezone.now()):
            return record(action=Action.PINNED, comment=comment, by=by)
    return None


def unpin_comment(*, comment: Comment, by: User) -> ModerationEvent | None:
    """Put a pinned thread back in its place."""
    check_right(by)
    with transaction.atomic():
        pinned = Comment.objects.filter(pk=comment.pk, pinned_at__isnull=False)
        if pinned.update(pinned_at=None):
            return record(action=Action.UNPINNED, comment=comment, by=by)
    return None


def feature_comment(*, comment: Comment, by: User) -> ModerationEvent | None:
    """Mark the comment as the editors' pick. Raises ValidationError for one nobody can read."""
    check_right(by)
    with transaction.atomic():
        row = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
        if not row.is_approved:
            raise ValidationError(_("Only an approved comment can be an editor's pick."))
        if Comment.objects.filter(pk=row.pk, is_featured=False).update(is_featured=True):
            return record(action=Action.FEATURED, comment=comment, by=by)
    return None


def unfeature_comment(*, comment: Comment, by: User) -> ModerationEvent | None:
    """Take the mark of the editors' pick away."""
    check_right(by)
    with transaction.atomic():
        if Comment.objects.filter(pk=comment.pk, is_featured=True).update(is_featured=False):
            return record(action=Action.UNFEATURED, comment=comment, by=by)
    return None


def close_thread(*, comment: Comment, by: User) -> ModerationEvent | None:
    """Let nobody answer any more in the thread that the comment stands in."""
    return _set_closed(comment, by, is_closed=True)


def reopen_thread(*, comment: Comment, by: User) -> ModerationEvent | None:
    """Let readers answer again in the thread that the comment stands in."""
    return _set_closed(comment, by, is_closed=False)


def _set_closed(comment: Comment, by: User, *, is_closed: bool) -> ModerationEvent | None:
    check_right(by)
    with transaction.atomic():
        root = Comment.objects.filter(pk=comment.root_id or comment.pk, is_closed=not is_closed)
        if root.update(is_closed=is_closed):
            action = Action.CLOSED if is_closed else Action.REOPENED
            return record(action=action, comment=comment, by=by)
    return None


def correct_comment(*, comment: Comment, by: User, body: str, note: str = "") -> ModerationEvent:
    """Replace the text of a reader's comment; readers see that it was edited.

    The earlier text stays for moderators. Raises ValidationError for the field ``body``, and when
    nothing is changed.
    """
    check_right(by)
    text = checked_body(body)
    with transaction.atomic():
        row = lock(comment)
        check_not_erased(row)
        if text == row.body:
            raise ValidationError({"body": _("Nothing was changed.")})
        replace_text(row, text)
        return record(action=Action.EDITED, comment=row, by=by, note=note)


def replace_text(row: Comment, text: str) -> None:
    """Give a locked comment another text, and keep the one that it has for moderators."""
    CommentVersion.objects.create(comment=row, body=row.body)
    row.body, row.edited_at = text, timezone.now()
    row.body_html = render(text, people_in_reach(text, row.root_id))
    row.text_digest = digest(text)
    row.save(update_fields=["body", "body_html", "text_digest", "edited_at"])

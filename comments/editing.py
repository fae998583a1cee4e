"""Changing and deleting one's own comment, for a while."""

import copy
import datetime
import uuid

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.counts import count_approval
from comments.markup import render
from comments.mentions import people_in_reach
from comments.models import Comment, CommentStatus, CommentVersion, Discussion
from comments.moderation.bans import check_not_banned
from comments.screening import record_verdict, screen
from comments.screening.folding import digest
from comments.tasks import plan_asking_akismet
from comments.text import checked_body
from comments.voting import is_own

CHANGEABLE = {CommentStatus.APPROVED, CommentStatus.HELD}


def changeable_until(comment: Comment) -> datetime.datetime:
    """Return the time until which its writer may change the comment."""
    return comment.created_at + datetime.timedelta(minutes=settings.COMMENT_EDIT_MINUTES)


def check_may_change(
    *, comment: Comment, user: User | None = None, guest_id: uuid.UUID | None = None
) -> None:
    """Raise PermissionDenied, with the reason, unless the reader may change the comment now."""
    if not is_own(comment, user=user, guest_id=guest_id):
        raise PermissionDenied(
            _("Only its writer can change a comment: logged in, or in the browser it came from.")
        )
    if comment.status not in CHANGEABLE:
        raise PermissionDenied(_("This comment cannot be changed any more."))
    if timezone.now() > changeable_until(comment):
        minutes = settings.COMMENT_EDIT_MINUTES
        raise PermissionDenied(
            _("A comment can be changed for %(minutes)d minutes. They are over.")
            % {"minutes": minutes}
        )


def edit_comment(
    *, comment: Comment, body: str, user: User | None = None, guest_id: uuid.UUID | None = None
) -> None:
    """Replace the text of one's own comment; the earlier one stays for moderators.

    The new text is screened like a new comment. What comes of it can be worse than what was there,
    never better: so where every comment waits for a moderator, what was approved waits again.
    Raises PermissionDenied as ``check_may_change`` and for a banned writer, ValidationError for the
    field ``body``.
    """
    text = checked_body(body)
    check_may_change(comment=comment, user=user, guest_id=guest_id)
    check_not_banned(user=user, guest_id=guest_id, email=comment.guest_email)
    changed = copy.copy(comment)
    changed.body = text
    changed.body_html = render(text, people_in_reach(text, comment.root_id))
    changed.text_digest = digest(text)
    verdict = screen(changed, is_edit=True)
    with transaction.atomic():
        row = _locked(comment)
        check_may_change(comment=row, user=user, guest_id=guest_id)
        if text == row.body:
            return
        CommentVersion.objects.create(comment=row, body=row.body)
        row.body, row.body_html, row.edited_at = text, changed.body_html, timezone.now()
        row.text_digest = changed.text_digest
        row.spam_score = changed.spam_score
        before = row.status
        if verdict.status != CommentStatus.APPROVED:
            row.status = max(CommentStatus(before), verdict.status, key=list(CommentStatus).index)
        row.save(
            update_fields=[
                "body", "body_html", "text_digest", "edited_at", "status", "spam_score",
            ]
        )  # fmt: skip
        if not row.is_shadowed:
            record_verdict(row, verdict, before=before)
        plan_asking_akismet(row)
        if before == CommentStatus.APPROVED and not row.is_approved:
            count_approval(row, -1)


def delete_comment(
    *, comment: Comment, user: User | None = None, guest_id: uuid.UUID | None = None
) -> None:
    """Take one's own comment away; where it has replies, a placeholder stays.

    Raises PermissionDenied as ``check_may_change``.
    """
    with transaction.atomic():
        row = _locked(comment)
        check_may_change(comment=row, user=user, guest_id=guest_id)
        was_approved = row.is_approved
        row.status = CommentStatus.DELETED
        row.save(update_fields=["status"])
        if was_approved:
            count_approval(row, -1)


def _locked(comment: Comment) -> Comment:
    # In the order of ``moderation``, so that the two never wait for each other.
    discussion = Discussion.objects.select_for_update(no_key=True).get(pk=comment.discussion_id)
    row = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    row.discussion = discussion
    return row

"""Readers' reports: once each, and enough of them hide a comment until a moderator decides."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Publication
from comments.counts import count_approval
from comments.log import record
from comments.models import Comment, CommentStatus, ModerationEvent, Reason, Report
from comments.moderation.bans import check_not_banned
from comments.moderation.decisions import lock
from comments.text import NO_TEXT
from comments.voting import is_own

MAX_TEXT = 500


def report_comment(
    *,
    comment: Comment,
    reason: str,
    text: str = "",
    user: User | None = None,
    guest_id: uuid.UUID | None = None,
) -> None:
    """Tell moderators of a comment; a second time by the same reader changes what they said.

    Raises ValidationError for the fields ``reason`` and ``text``, PermissionDenied for one's own
    comment, for one that is not shown, and for a banned reader.
    """
    words = text.strip()
    if reason not in Reason.values:
        raise ValidationError({"reason": _("Choose what is wrong with it.")})
    if len(words) > MAX_TEXT or NO_TEXT.search(words):
        message = _("At most %(number)d characters, and only such as can be read.")
        raise ValidationError({"text": message % {"number": MAX_TEXT}})
    if is_own(comment, user=user, guest_id=guest_id):
        raise PermissionDenied(_("This is your own comment. You can delete it for a while."))
    check_not_banned(user=user, guest_id=guest_id)
    with transaction.atomic():
        row = lock(comment)
        if not row.is_approved:
            raise PermissionDenied(_("This comment is not shown any more."))
        report, is_new = Report.objects.get_or_create(
            comment=row, user=user, guest_id=None if user else guest_id,
            defaults={"reason": reason, "text": words},
        )  # fmt: skip
        if is_new:
            _hide_if_many(row)
        elif report.answer_id is None:  # what moderators have answered stays as they read it
            report.reason, report.text = reason, words
            report.save(update_fields=["reason", "text"])


def _hide_if_many(row: Comment) -> None:
    threshold = Publication.current().report_threshold
    if not threshold or row.reports.filter(answer=None, rule="").count() < threshold:
        return
    row.status = CommentStatus.HELD
    row.save(update_fields=["status"])
    count_approval(row, -1)
    record(
        action=ModerationEvent.Action.REPORTED, comment=row, rule="reports",
        from_status=CommentStatus.APPROVED, to_status=CommentStatus.HELD,
    )  # fmt: skip

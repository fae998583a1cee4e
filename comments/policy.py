"""Who may write in a discussion, and whose comment appears at once."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import CommentPolicy, Publication
from comments.models import Comment, CommentStatus, Discussion


def policy_of(discussion: Discussion, publication: Publication | None = None) -> CommentPolicy:
    """Return the discussion's own policy, or the publication's (read when it is not given)."""
    if discussion.policy:
        return CommentPolicy(discussion.policy)
    return CommentPolicy((publication or Publication.current()).comment_policy)


def is_open(discussion: Discussion, publication: Publication | None = None) -> bool:
    """Tell whether anybody at all may write here."""
    if discussion.state != Discussion.State.OPEN:
        return False
    publication = publication or Publication.current()
    if policy_of(discussion, publication) == CommentPolicy.CLOSED:
        return False
    closing = closes_at(discussion, publication)
    return closing is None or timezone.now() < closing


def closes_at(
    discussion: Discussion, publication: Publication | None = None
) -> datetime.datetime | None:
    """Return when the discussion closes by itself, None where it never does."""
    days = discussion.closes_after
    if days is None:
        days = (publication or Publication.current()).comments_close_after
    published = discussion.article.published_at
    return published + datetime.timedelta(days=days) if days and published else None


def check_may_write(*, discussion: Discussion, user: User | None) -> None:
    """Raise PermissionDenied, with the reason, when this writer may not write here."""
    if not is_open(discussion):
        raise PermissionDenied(_("This discussion is closed. Nothing was posted."))
    if user is None and policy_of(discussion) == CommentPolicy.ACCOUNTS:
        raise PermissionDenied(_("Log in to comment here. Nothing was posted."))


def status_for(
    *, discussion: Discussion, user: User | None, guest_id: uuid.UUID | None, guest_email: str
) -> CommentStatus:
    """Return whether a new comment appears at once or waits for a moderator."""
    if user is not None and (user.is_staff or user.has_perm("comments.moderate_comment")):
        return CommentStatus.APPROVED
    policy = policy_of(discussion)
    if policy == CommentPolicy.OPEN:
        return CommentStatus.APPROVED
    if policy == CommentPolicy.HOLD_ALL:
        return CommentStatus.HELD
    known = Comment.objects.approved().written_by(user, guest_id)
    if user is None:
        # Both: anybody can type another's address, and a browser may be shared.
        known = known.from_address(guest_email)
    return CommentStatus.APPROVED if known.exists() else CommentStatus.HELD

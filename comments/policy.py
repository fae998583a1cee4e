"""Who may write in a discussion, by which policy and until when."""

import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import CommentPolicy, Publication
from comments.models import Discussion
from pagecache import changes_at


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
    if closing is not None and timezone.now() >= closing:
        return False
    changes_at(closing)
    return True


def closes_at(
    discussion: Discussion, publication: Publication | None = None
) -> datetime.datetime | None:
    """Return when the discussion closes by itself, None where it never does."""
    days = discussion.closes_after
    if days is None:
        days = (publication or Publication.current()).comments_close_after
    published = discussion.article.published_at
    return published + datetime.timedelta(days=days) if days and published else None


def needs_account(discussion: Discussion, publication: Publication | None = None) -> bool:
    """Tell whether guests may not write here."""
    return policy_of(discussion, publication) == CommentPolicy.ACCOUNTS


def check_may_write(
    *, discussion: Discussion, user: User | None, publication: Publication | None = None
) -> None:
    """Raise PermissionDenied, with the reason, when this writer may not write here."""
    if not is_open(discussion, publication):
        raise PermissionDenied(_("This discussion is closed. Nothing was posted."))
    if user is None and needs_account(discussion, publication):
        raise PermissionDenied(_("Log in to comment here. Nothing was posted."))

"""A reader's page: what an account tells of itself, and what it wrote."""

import contextlib
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Profile, User
from comments.keyset import ORDERS, Cursor
from comments.log import record
from comments.models import Comment, ModerationEvent

PER_PAGE = 20
NEWEST = ORDERS["newest"]


@dataclass(frozen=True)
class History:
    """A page of comments, the newest first. after: the cursor of the next page; "" on the last."""

    comments: list[Comment]
    after: str


def has_page(user: User) -> bool:
    """Tell whether others find a page of the user: once they read something of theirs somewhere.

    So nobody learns from numbers who has an account.
    """
    return user.is_active and Comment.objects.readable().filter(user=user).exists()


def history_of(profile: Profile, after: str = "") -> History:
    """Return a page of what the reader wrote and everybody can read, as far as they show it.

    after: a cursor; one that is none begins at the newest.
    """
    if not profile.shows_history:
        return History([], "")
    rows = (
        Comment.objects.readable().filter(user=profile.user).select_related("discussion__article")
    )
    rows = NEWEST.sorted(rows.defer("body_html", "discussion__article__body"))
    if after:
        with contextlib.suppress(ValueError):
            rows = NEWEST.after(rows, NEWEST.read(after))
    found = list(rows[: PER_PAGE + 1])
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    return History(found[:PER_PAGE], str(Cursor(last.created_at, last.pk)) if last else "")


@transaction.atomic
def empty_bio(*, user: User, by: User) -> None:
    """Take away what the user says about themselves. Raises PermissionDenied for no moderator."""
    if not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied(_("Only moderators may do that."))
    if Profile.objects.filter(user=user).exclude(bio="").update(bio=""):
        record(action=ModerationEvent.Action.EDITED, by=by, note=_("The words of a profile."))

"""Readers who follow readers, as far as those want it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Following, Profile, User

MOST_FOLLOWED = 500  # by one reader


def follow_reader(*, follower: User, followed: User) -> None:
    """Tell the follower of the other's comments from now on; done twice, it is done once.

    Raises PermissionDenied where the other does not want it, ValidationError for oneself and beyond
    as many as one may follow.
    """
    if follower == followed:
        raise ValidationError(_("You cannot follow yourself."))
    if not followed.is_active or not Profile.of(followed).may_be_followed:
        raise PermissionDenied(_("This reader does not want to be followed."))
    if Following.objects.filter(follower=follower).count() >= MOST_FOLLOWED:
        raise ValidationError(
            _("You follow %(number)d readers already. Stop following somebody first."),
            params={"number": MOST_FOLLOWED},
        )
    row, _is_new = Following.objects.get_or_create(follower=follower, followed=followed)
    if row.removed_at is not None:
        raise PermissionDenied(_("This reader does not want to be followed."))


def unfollow_reader(*, follower: User, followed: User) -> None:
    """Tell the follower nothing more. Who was sent away stays so."""
    Following.objects.filter(follower=follower, followed=followed, removed_at=None).delete()


def remove_follower(*, reader: User, number: int) -> None:
    """Send one of the reader's followers (by account number) away, for good."""
    reader.followers.filter(follower=number, removed_at=None).update(removed_at=timezone.now())


def readmit_follower(*, reader: User, number: int) -> None:
    """Let one whom the reader sent away follow again, if they still want to."""
    reader.followers.exclude(removed_at=None).filter(follower=number).delete()


def is_following(*, follower: User, followed: User) -> bool:
    """Tell whether the follower is told of the other's comments."""
    rows = Following.objects.filter(follower=follower, followed=followed, removed_at=None)
    return rows.exists()


def followers_to_tell(user: User) -> QuerySet[Following]:
    """Return who is to be told of the user's new comments: nobody where the user wants none."""
    if not Profile.of(user).may_be_followed:
        return Following.objects.none()
    rows = user.followers.filter(removed_at=None, follower__is_active=True)
    return rows.select_related("follower").order_by("pk")

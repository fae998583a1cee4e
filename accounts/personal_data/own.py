"""The part of the accounts themselves: profile, addresses, and what opens the account."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import batched

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session

from accounts.models import Following, Profile, User
from accounts.personal_data.parts import Section

BATCH = 1_000


def sections(user: User) -> Iterator[Section]:
    """Yield what the account itself consists of; no password, nor anything else that opens it."""
    profile = {
        "email": user.email, "display_name": user.display_name, "joined": user.date_joined,
        "last_login": user.last_login, "staff": user.is_staff,
        "roles": [group.name for group in user.groups.order_by("name")],
    }  # fmt: skip
    yield "profile", [profile]
    public = Profile.objects.filter(user=user)
    yield "public_page", public.values("bio", "shows_history", "allows_followers")
    followed = Following.objects.filter(follower=user).order_by("pk")
    yield "people_you_follow", followed.values("followed__display_name", "created_at", "removed_at")
    followers = Following.objects.filter(followed=user).order_by("pk")
    yield "your_followers", followers.values("follower__display_name", "created_at", "removed_at")
    addresses = EmailAddress.objects.filter(user=user).order_by("pk")
    yield "email_addresses", addresses.values("email", "verified", "primary")
    logins = UserSession.objects.filter(user=user).order_by("pk")
    yield "log_ins", logins.values("created_at", "last_seen_at", "ip", "user_agent")
    means = Authenticator.objects.filter(user=user).order_by("pk")
    yield "second_factors", means.values("type", "created_at", "last_used_at")
    yield "what_you_did_in_the_admin", _actions(user)


def _actions(user: User) -> Iterable[Mapping[str, object]]:
    rows = LogEntry.objects.filter(user=user).order_by("pk")
    return rows.values("action_time", "object_repr", "change_message").iterator(chunk_size=BATCH)


def erase(user: User) -> None:
    """Delete the account with all that is only its own, and its name where others acted on it."""
    end_all_sessions(user)
    about = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    )
    about.update(object_repr="", change_message="")
    user.delete()


def end_all_sessions(user: User) -> None:
    """Delete the account's sessions, which hold its address besides."""
    for sessions in batched(Session.objects.order_by("pk").iterator(BATCH), BATCH, strict=False):
        theirs = [
            session.pk
            for session in sessions
            if session.get_decoded().get("_auth_user_id") == str(user.pk)
        ]
        Session.objects.filter(pk__in=theirs).delete()

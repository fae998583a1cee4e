"""Staff work with a second factor: a code from an app, a passkey or a security key.

Until they have one they may do no more than a reader, and are led to where they get one.
"""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest

if TYPE_CHECKING:
    from accounts.models import User


SECOND_FACTORS = ["totp", "webauthn"]  # allauth's types; recovery codes stand in for one of them


def has_second_factor(user: "User") -> bool:
    """Tell whether logging in as the user takes more than one thing."""
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 (the user model loads before it)

    rows = Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS)
    return bool(rows.exists())


def lacks_second_factor(user: "User") -> bool:
    """Tell whether the user is one of the staff and has to get a second factor first."""
    if not settings.STAFF_SECOND_FACTOR or not (user.is_staff or user.is_superuser):
        return False
    return not has_second_factor(user)


def remove_second_factor(user: "User") -> int:
    """Take all second factors and recovery codes from who lost them; return how many.

    Whoever calls this has made sure of who asks. All sessions of the user end.
    """
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 (models load before it)

    from accounts.sessions import end_sessions  # noqa: PLC0415 (models load before it)

    removed, _by_model = Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)
    return int(removed)


def end_sessions_without(*, request: HttpRequest, user: "User", **_signal: Any) -> None:
    """End the sessions of one of the staff that were opened before there was a second factor."""
    from accounts.sessions import end_sessions  # noqa: PLC0415 (models load before it)

    if user.is_staff:
        end_sessions(user, but=request.session.session_key)

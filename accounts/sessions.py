"""Where an account is logged in."""

from allauth.usersessions.models import UserSession

from accounts.models import User


def end_sessions(user: User, *, but: str | None = None) -> None:
    """Log the user out everywhere. but: the key of a session that goes on."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but):
        session.end()

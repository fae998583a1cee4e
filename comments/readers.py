"""Who asks: an account; or a guest, known by a signed cookie.

The cookie is enough to see what is still held and to vote once.
"""

import uuid

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse

from accounts.models import User

COOKIE = "reader"
SALT = "comments.guest"
MAX_AGE = 365 * 24 * 3600  # seconds


def user_of(request: HttpRequest) -> User | None:
    """Return the account that asks, or None. A page that was made with it is no public page."""
    user = get_user(request)
    return user if isinstance(user, User) else None


def guest_id_of(request: HttpRequest) -> uuid.UUID | None:
    """Return the guest's number, or None without a cookie or with a forged one."""
    value = request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=MAX_AGE)
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        return None


def remember_guest(response: HttpResponse, guest_id: uuid.UUID) -> None:
    """Set the cookie. It is sent with top-level navigation and our own requests only."""
    response.set_signed_cookie(
        COOKIE,
        str(guest_id),
        salt=SALT,
        max_age=MAX_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )

"""Guests' addresses: kept for a while, and after that as a keyed hash that names nobody.

The hash still tells that two comments are of the same address, or that an address is banned; from
it alone nobody finds the address (``SECRET_KEY`` is the key).
"""

from functools import lru_cache

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "comments.ban.email"  # what bans were hashed with before comments were


def address_digest(email: str) -> str:
    """Return the keyed hash of an address, in hexadecimal; letters' case does not matter."""
    return _digest(email.strip().lower(), settings.SECRET_KEY)


@lru_cache(maxsize=4_096)
def _digest(email: str, secret: str) -> str:
    # A page asks for each of its writers' at once, and for most of them again and again.
    return salted_hmac(SALT, email, secret=secret, algorithm="sha256").hexdigest()

"""Guests' addresses: kept for a while, and after that as a keyed hash that names nobody.

The hash still tells that two comments are of the same address, or that an address is banned; from
it alone nobody finds the address (``SECRET_KEY`` is the key).
"""

from django.utils.crypto import salted_hmac

SALT = "comments.ban.email"  # what bans were hashed with before comments were


def address_digest(email: str) -> str:
    """Return the keyed hash of an address, in hexadecimal; letters' case does not matter."""
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()

"""The cache that all workers share, in the database (see the settings)."""

from django.utils.crypto import salted_hmac


def hashed_key(key: str, key_prefix: str, version: int) -> str:
    """Return what an entry is stored under: its key may hold a network or an address."""
    text = f"{key_prefix}:{version}:{key}"
    return salted_hmac("accounts.shared_cache", text, algorithm="sha256").hexdigest()

"""Secrets that the database keeps and its copies must not tell."""

import base64
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"newsroom second factors"


def seal(text: str) -> str:
    """Return text encrypted with a key made from the site's secret."""
    return _box().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Return what was sealed, with today's secret of the site or one of its fallbacks.

    What neither opens is lost: then this returns a new random secret (in base 32), which no code
    fits. An empty one would have codes that anybody can compute.
    """
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def _box() -> MultiFernet:
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key_from(secret)) for secret in known])


def _key_from(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return base64.urlsafe_b64encode(derived.derive(secret.encode()))

"""PayPal's signing certificates: fetched from PayPal alone, checked up to a trusted root, kept.

Source of the procedure: developer.paypal.com/api/rest/webhooks, "Verify webhook messages".
"""

import datetime
import http.client
import re
import ssl
import threading
import time
from collections import OrderedDict, deque
from pathlib import Path
from urllib.parse import urlsplit

import certifi
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from django.conf import settings

from donations.providers.base import Reason, RefusedError, UnavailableError

NAMES = ("messageverificationcerts.paypal.com", "messageverificationcerts.sandbox.paypal.com")
PATH = re.compile(r"/v1/notifications/certs/CERT-[0-9A-Za-z-]{1,100}")
TIMEOUT = 5  # seconds
LARGEST = 65_536  # bytes
KEPT_FOR = 24 * 60 * 60  # seconds
KEPT = 16
# Whoever makes up addresses gets no more than so many fetched in a minute.
FETCHES, A_MINUTE = 10, 60

_lock = threading.Lock()
_keys: OrderedDict[str, tuple[float, RSAPublicKey]] = OrderedDict()
_fetched: deque[float] = deque(maxlen=FETCHES)


def signing_key(url: str) -> RSAPublicKey:
    """Return the key of the certificate at an address that a delivery names.

    Raises RefusedError for an address that is not PayPal's or a certificate that is not good,
    UnavailableError when it cannot be fetched now.
    """
    parts = urlsplit(url)
    if (parts.scheme, parts.netloc) != ("https", settings.PAYPAL_CERT_HOST) or not PATH.fullmatch(
        parts.path
    ):
        raise RefusedError(Reason.SIGNATURE)
    with _lock:  # many deliveries at once fetch it once
        until, key = _keys.get(parts.path, (0.0, None))
        if key is None or until < time.time():
            key, good_until = trusted_key(_fetch(parts.netloc, parts.path))
            _keys[parts.path] = (min(time.time() + KEPT_FOR, good_until.timestamp()), key)
            while len(_keys) > KEPT:
                _keys.popitem(last=False)
        return key


def trusted_key(pem: bytes) -> tuple[RSAPublicKey, datetime.datetime]:
    """Return the key of the first certificate, and until when it is good.

    Raises RefusedError unless a chain leads from it to a trusted root and it is PayPal's.
    """
    roots = x509.load_pem_x509_certificates(_roots().read_bytes())
    builder = PolicyBuilder().store(Store(roots))
    try:
        leaf, *between = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise RefusedError(Reason.SIGNATURE) from error
    for name in NAMES:
        try:
            builder.build_server_verifier(x509.DNSName(name)).verify(leaf, between)
        except VerificationError:
            continue
        key = leaf.public_key()
        if isinstance(key, RSAPublicKey):
            return key, leaf.not_valid_after_utc
    raise RefusedError(Reason.SIGNATURE)


def forget_keys() -> None:
    """Fetch certificates anew from now on."""
    with _lock:
        _keys.clear()
        _fetched.clear()


def _fetch(host: str, path: str) -> bytes:
    now = time.monotonic()
    if len(_fetched) == FETCHES and now - _fetched[0] < A_MINUTE:
        raise UnavailableError
    _fetched.append(now)
    context = ssl.create_default_context(cafile=str(_roots()))
    connection = http.client.HTTPSConnection(host, timeout=TIMEOUT, context=context)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()  # one that leads elsewhere is not followed
        pem = answer.read(LARGEST)
    except (OSError, http.client.HTTPException) as error:
        raise UnavailableError from error
    finally:
        connection.close()
    if answer.status >= 500:
        raise UnavailableError
    if answer.status != 200:
        raise RefusedError(Reason.SIGNATURE)
    return pem


def _roots() -> Path:
    return Path(settings.PAYPAL_CA_FILE or certifi.where())

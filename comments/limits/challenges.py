"""Proofs of work: a calculation that costs a browser a second, and a flood its machines.

ALTCHA's (altcha.org): a key is derived from a nonce and a counter, and the challenge tells how the
key begins; whoever tries counters until one fits has the solution. The challenge is signed by us,
ends by itself, and is taken once.
"""

import secrets
import time
from typing import Any

from altcha import Payload, create_challenge, verify_solution
from django.utils.crypto import salted_hmac

from comments.limits.buckets import seconds_to_wait
from comments.limits.rate import Rate

ALGORITHM = "PBKDF2/SHA-256"
ITERATIONS = 1_000  # of each key; a key is derived here too, once
# How many keys a browser derives: about a second's work on a phone, a quarter on a desk.
FEWEST, MOST = 500, 1_500
LASTS = 600  # seconds
MAX_PAYLOAD = 4_000  # characters


def new_challenge() -> dict[str, Any]:
    """Return a challenge as browsers take it."""
    challenge = create_challenge(
        ALGORITHM,
        ITERATIONS,
        counter=FEWEST + secrets.randbelow(MOST - FEWEST),
        expires_at=int(time.time()) + LASTS,
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("key"),
    )
    return challenge.to_dict()


def is_solved(text: str) -> bool:
    """Tell whether the text is a challenge of ours with its solution, not used before.

    It counts as used from now on, for all workers.
    """
    if not text or len(text) > MAX_PAYLOAD:
        return False
    try:
        payload = Payload.from_base64(text)
        result = verify_solution(payload, _secret("challenge"), hmac_key_secret=_secret("key"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False  # not what browsers send
    if not result.verified:
        return False
    once = Rate(burst=1, period=2 * LASTS)  # longer than it lasts
    return seconds_to_wait({f"challenge {payload.challenge.parameters.nonce}": once}) == 0


def _secret(what: str) -> bytes:
    return salted_hmac(f"comments.altcha.{what}", "", algorithm="sha256").digest()

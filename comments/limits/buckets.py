"""Buckets that fill with each action and empty by themselves, shared by all workers.

The generic cell rate algorithm (ITU-T I.371): of each bucket only the time is kept at which it will
be empty. An action moves that time on by its period, unless it would then lie further ahead than
the burst allows. They are kept in Redis where there is one, else in Postgres.
"""

import logging
import math
import time
from collections.abc import Iterable, Mapping

from django.conf import settings

from comments.limits import in_postgres
from comments.limits.rate import Rate

logger = logging.getLogger(__name__)
REDIS_PAUSE = 10  # seconds it is left alone after it did not answer
REMEMBERED = 10_000  # buckets


class FullBuckets:
    """What this process knows to be full, and until when.

    Nobody empties a bucket but time, so what is known here holds for all workers, and a flood costs
    no question to the store.
    """

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def waits(self, keys: Iterable[str]) -> dict[str, float]:
        """Return for how many seconds more each of those is full that is known to be."""
        now = time.monotonic()
        known = {key: self._until.get(key, now) - now for key in keys}
        return {key: wait for key, wait in known.items() if wait > 0}

    def note(self, waits: Mapping[str, float]) -> None:
        """Remember how long buckets are full."""
        now = time.monotonic()
        if len(self._until) + len(waits) > REMEMBERED:
            left = {key: until for key, until in list(self._until.items()) if until > now}
            self._until = left if len(left) < REMEMBERED // 2 else {}
        self._until |= {key: now + wait for key, wait in waits.items()}


full_buckets = FullBuckets()
_redis_rests_until = 0.0


def fill(rates: Mapping[str, Rate]) -> dict[str, float]:
    """Note one action in each bucket; return the seconds to wait for each that has no room.

    rates: by the key of the bucket. Where one is known to be full, nothing is noted in any.
    """
    waits = full_buckets.waits(rates)
    if not rates or waits:
        return waits
    told = _fill_in_redis(rates) if settings.REDIS_URL else None
    waits = in_postgres.fill(rates) if told is None else told
    if waits:
        full_buckets.note(waits)
    return waits


def seconds_to_wait(rates: Mapping[str, Rate]) -> int:
    """Note one action in each bucket; return 0, or after how many seconds all have room again."""
    waits = fill(rates)
    return max(1, math.ceil(max(waits.values()))) if waits else 0


def _fill_in_redis(rates: Mapping[str, Rate]) -> dict[str, float] | None:
    """Return what Redis says; None while it does not answer, which is no reader's fault."""
    global _redis_rests_until  # noqa: PLW0603 (of the process, as the connections are)
    if time.monotonic() < _redis_rests_until:
        return None
    # Its client alone takes 20 MB of a worker's memory: where there is no Redis, none.
    from redis import RedisError  # noqa: PLC0415

    from comments.limits import in_redis  # noqa: PLC0415

    try:
        return in_redis.fill(rates, settings.REDIS_URL)
    except (RedisError, ValueError) as error:  # or an address that is none
        _redis_rests_until = time.monotonic() + REDIS_PAUSE
        logger.warning(
            "Redis does not answer (%s): Postgres keeps the limits, for %d seconds at first.",
            type(error).__name__, REDIS_PAUSE,
        )  # fmt: skip
        return None

"""Buckets that fill with each action and empty by themselves, kept in Postgres.

The generic cell rate algorithm (ITU-T I.371): of each bucket only the time is kept at which it will
be empty. An action moves that time on by its period, unless it would then lie further ahead than
the burst allows.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

SWEEP_EVERY = 500  # actions
SWEPT_AT_ONCE = 5_000
# In the order of the keys, so that two that fill the same buckets never wait for each other.
FILL = """
WITH asked AS (
    SELECT * FROM unnest(%(keys)s::text[], %(periods)s::float8[], %(bursts)s::int[])
        AS a (key, period, burst)
), filled AS (
    INSERT INTO comments_bucket AS kept (key, empty_at)
    SELECT key, clock_timestamp() + period * interval '1 second' FROM asked ORDER BY key
    ON CONFLICT (key) DO UPDATE
        SET empty_at = greatest(kept.empty_at, clock_timestamp())
            + (SELECT period * interval '1 second' FROM asked WHERE asked.key = kept.key)
        WHERE greatest(kept.empty_at, clock_timestamp()) < clock_timestamp()
            + (SELECT (burst - 0.999) * period * interval '1 second' FROM asked
               WHERE asked.key = kept.key)
    RETURNING key
)
SELECT max(extract(epoch FROM kept.empty_at - clock_timestamp()) - (burst - 1) * period)
FROM asked JOIN comments_bucket AS kept USING (key)
WHERE NOT EXISTS (SELECT FROM filled WHERE filled.key = asked.key)
"""
SWEEP = """
DELETE FROM comments_bucket WHERE key IN (
    SELECT key FROM comments_bucket WHERE empty_at < now() LIMIT %s FOR UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True)
class Rate:
    """So many at once, and then one each so many seconds."""

    burst: int
    period: float


def seconds_to_wait(rates: Mapping[str, Rate]) -> int:
    """Note one action in each bucket; return 0, or after how many seconds there is room again.

    rates: by the key of the bucket. One statement, whatever it finds.
    """
    if not rates:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            FILL,
            {
                "keys": list(rates),
                "periods": [rate.period for rate in rates.values()],
                "bursts": [rate.burst for rate in rates.values()],
            },
        )
        [wait] = cursor.fetchone()
        if random.random() < 1 / SWEEP_EVERY:  # noqa: S311 (nothing hangs on who sweeps)
            cursor.execute(SWEEP, [SWEPT_AT_ONCE])
    return 0 if wait is None else max(1, math.ceil(wait))

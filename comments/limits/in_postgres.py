"""Buckets in Postgres, where they are kept as long as nothing faster is named."""

import random
from collections.abc import Mapping

from django.db import connection

from comments.limits.rate import Rate

SWEEP_EVERY = 500  # actions
SWEPT_AT_ONCE = 5_000
# In the order of the keys, so that two that fill the same buckets never wait for each other. One
# that another has made since this statement began is not seen by its last part, and was not filled:
# it is full for all that is known, and so has its period to wait.
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
SELECT key, coalesce(
    extract(epoch FROM kept.empty_at - clock_timestamp()) - (burst - 1) * period, period)::float8
FROM asked LEFT JOIN comments_bucket AS kept USING (key)
WHERE NOT EXISTS (SELECT FROM filled WHERE filled.key = asked.key)
"""
SWEEP = """
DELETE FROM comments_bucket WHERE key IN (
    SELECT key FROM comments_bucket WHERE empty_at < now() LIMIT %s FOR UPDATE SKIP LOCKED)
"""


def fill(rates: Mapping[str, Rate]) -> dict[str, float]:
    """Note one action in each bucket with room; return the seconds until each other one has some.

    One statement, whatever it finds.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            FILL,
            {
                "keys": list(rates),
                "periods": [rate.period for rate in rates.values()],
                "bursts": [rate.burst for rate in rates.values()],
            },
        )
        waits = dict(cursor.fetchall())
        if random.random() < 1 / SWEEP_EVERY:  # noqa: S311 (nothing hangs on who sweeps)
            cursor.execute(SWEEP, [SWEPT_AT_ONCE])
    return waits

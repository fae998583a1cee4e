"""Buckets in Redis, for sites whose Postgres has enough to do."""

import functools
from collections.abc import Mapping
from typing import Any, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from comments.limits.rate import Rate

# The braces keep all of them in one slot, where Redis is a cluster.
PREFIX = "newsroom:{limits}:"
TIMEOUT = 0.25  # seconds: a reader waits for it
# Runs as one step of the server, and by its clock. Times are microseconds since 1970, which a
# double holds exactly. What would be empty anyway goes by itself.
FILL = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local waits = {}
for i, key in ipairs(KEYS) do
  local period, burst = ARGV[2 * i - 1] * 1000000, tonumber(ARGV[2 * i])
  local empty = math.max(tonumber(redis.call('GET', key) or 0), now)
  if empty - now < (burst - 0.999) * period then
    empty = empty + period
    redis.call('SET', key, string.format('%.0f', empty), 'PX', math.ceil((empty - now) / 1000))
    waits[i] = 0
  else
    waits[i] = math.ceil(empty - now - (burst - 1) * period)
  end
end
return waits
"""


def fill(rates: Mapping[str, Rate], url: str) -> dict[str, float]:
    """Note one action in each bucket with room; return the seconds until each other one has some.

    url: as ``REDIS_URL`` has it. Raises ``redis.RedisError`` within twice ``TIMEOUT``.
    """
    keys = [PREFIX + key for key in rates]
    numbers = [number for rate in rates.values() for number in (rate.period, rate.burst)]
    waits = cast("list[int]", _script(url)(keys=keys, args=numbers))
    return {key: wait / 1_000_000 for key, wait in zip(rates, waits, strict=True) if wait}


@functools.lru_cache(maxsize=4)
def _script(url: str) -> Any:
    client = Redis.from_url(
        url,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 1),  # a connection that was closed meanwhile is made anew
    )
    return client.register_script(FILL)

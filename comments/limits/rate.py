"""How much there may be of something."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """So many at once, and then one each so many seconds."""

    burst: int
    period: float

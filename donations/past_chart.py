"""The picture of past drives: what share of its goal each reached. Geometry only, no HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language_bidi

from donations.campaigns import PastDrive

WIDTH, HEIGHT = 720, 240  # units of the picture
SCALE = 48  # what the numbers of the scale take, beside the bars
FOOT = 24  # what the labels take, below them
STEP = 50  # per cent between lines; more where they would crowd


@dataclass(frozen=True)
class Bar:
    """A drive's bar, and its place along the foot."""

    drive: PastDrive
    x: float
    y: float
    width: float
    height: float
    middle: float
    has_label: bool

    @property
    def is_reached(self) -> bool:
        return self.drive.percent >= 100


@dataclass(frozen=True)
class Line:
    """A line of the scale."""

    percent: int
    y: float


@dataclass(frozen=True)
class Chart:
    """What the template draws: time runs as the language is read."""

    width: int
    height: int
    ground: float
    scale_x: int
    bars: list[Bar]
    lines: list[Line]


def chart_of(drives: Sequence[PastDrive]) -> Chart | None:
    """Return the picture of drives given latest first; None without any.

    The scale ends at the goal, or at the next line past the best of them.
    """
    if not drives:
        return None
    best = max(100, *(drive.percent for drive in drives))
    step = STEP * -(-best // (STEP * 5))  # five lines at most
    top = step * -(-best // step)
    ground = HEIGHT - FOOT
    is_right_to_left = get_language_bidi()
    slot = (WIDTH - SCALE) / len(drives)
    every = -(-len(drives) // 12)  # labels that have room
    bars = []
    for number, drive in enumerate(reversed(drives)):
        left = slot * number + slot * 0.15
        height = ground * min(drive.percent, top) / top
        x = WIDTH - SCALE - left - slot * 0.7 if is_right_to_left else SCALE + left
        from_last = len(drives) - 1 - number
        bars.append(
            Bar(drive, round(x, 1), round(ground - height, 1), round(slot * 0.7, 1),
                round(height, 1), round(x + slot * 0.35, 1), from_last % every == 0)
        )  # fmt: skip
    lines = [Line(at, round(ground - ground * at / top, 1)) for at in range(0, top + 1, step)]
    return Chart(WIDTH, HEIGHT, ground, WIDTH - SCALE + 6 if is_right_to_left else 0, bars, lines)

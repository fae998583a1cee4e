"""What all illustrations are drawn on and with.

Each is drawn at twice its size and scaled down, which smooths the edges.
"""

import math
import random
from collections.abc import Callable

from PIL import Image, ImageColor, ImageDraw

WIDTH, HEIGHT = 1600, 1000
SCALE = 2
W, H = WIDTH * SCALE, HEIGHT * SCALE

type Draw = ImageDraw.ImageDraw
type Scene = Callable[[Image.Image, Draw, random.Random], None]


def sky(image: Image.Image, top: str, bottom: str) -> None:
    """Fill the picture with a vertical gradient."""
    ramp = Image.linear_gradient("L").resize((W, H))
    image.paste(
        Image.composite(Image.new("RGB", (W, H), bottom), Image.new("RGB", (W, H), top), ramp)
    )


def disc(draw: Draw, x: float, y: float, r: float, fill: str) -> None:
    draw.ellipse((x - r, y - r, x + r, y + r), fill=fill)


def hill(draw: Draw, base: float, height: float, waves: float, shift: float, fill: str) -> None:
    """Draw a rolling line of hills, or of water, filled to the bottom."""
    points = [
        (x, base - height * math.sin(x / W * waves * math.pi + shift)
         - height * 0.35 * math.sin(x / W * waves * 2.7 * math.pi + shift * 2))
        for x in range(0, W + 40, 40)
    ]  # fmt: skip
    draw.polygon([*points, (W, H), (0, H)], fill=fill)


def crane(draw: Draw, x: float, ground: float, size: float, lift: float, fill: str) -> None:
    """Draw a harbour crane on four legs; lift is how steeply its arm stands, in radians."""
    w = int(size * 0.045)
    top = ground - size * 0.55
    draw.line((x - size * 0.18, ground, x - size * 0.1, top), fill=fill, width=w)
    draw.line((x + size * 0.18, ground, x + size * 0.1, top), fill=fill, width=w)
    draw.rectangle((x - size * 0.16, top - size * 0.14, x + size * 0.16, top), fill=fill)
    tip = (x + size * 0.95 * math.cos(lift), top - size * 0.95 * math.sin(lift))
    mast = (x - size * 0.05, top - size * 0.5)
    draw.line((x, top - size * 0.1, *tip), fill=fill, width=w)
    draw.line((x - size * 0.1, top, *mast), fill=fill, width=w)
    draw.line((*mast, *tip), fill=fill, width=max(3, w // 4))
    draw.line((*tip, tip[0], tip[1] + size * 0.3), fill=fill, width=max(3, w // 4))


def mixed(first: str, second: str, share: float) -> tuple[int, ...]:
    """Return a colour between two, share of the way from the first."""
    pairs = zip(ImageColor.getrgb(first), ImageColor.getrgb(second), strict=True)
    return tuple(round(a + (b - a) * share) for a, b in pairs)

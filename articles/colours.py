"""The accent colour an editor chose, made readable.

Contrast by WCAG 2.2's relative luminance. Text needs 4.5:1; the accent is text on paper, and the
ground of white text on buttons, so it is darkened or lightened until both hold.
"""

import colorsys
import re
from dataclasses import dataclass

LIGHT_PAPER = (245, 242, 236)  # the darkest of the light grounds (--surface)
DARK_PAPER = (31, 33, 39)  # the lightest of the dark grounds
MINIMUM = 4.6  # a little over 4.5, for rounding

type Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Accents:
    """The accent on light paper and under white text, and on dark paper."""

    on_light: str
    on_dark: str


def luminance(colour: Colour) -> float:
    """Return the relative luminance, 0 to 1 (WCAG 2.2)."""

    def linear(channel: int) -> float:
        c = channel / 255
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable_accents(hexadecimal: str) -> Accents:
    """Return the accent as it may be used. Raises ValueError unless given six hex digits."""
    if not re.fullmatch(r"[0-9a-fA-F]{6}", hexadecimal):
        raise ValueError("not a colour")
    colour = tuple(bytes.fromhex(hexadecimal))
    red, green, blue = colour
    return Accents(
        on_light=_moved((red, green, blue), against=LIGHT_PAPER, step=-0.02),
        on_dark=_moved((red, green, blue), against=DARK_PAPER, step=0.02),
    )


def _moved(colour: Colour, *, against: Colour, step: float) -> str:
    """Return colour, its lightness moved by steps until it stands out against a ground."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in colour))
    while contrast(colour, against) < MINIMUM and 0 < lightness + step < 1:
        lightness += step
        red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
        colour = (round(red * 255), round(green * 255), round(blue * 255))
    return "#{:02x}{:02x}{:02x}".format(*colour)

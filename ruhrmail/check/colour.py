"""Colours as CSS writes them, and how well one is seen on another."""

from dataclasses import dataclass

from tinycss2.color3 import parse_color

SOLID = 0.05
"""Below this share a colour is as good as transparent."""


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green and blue from 0 to 255."""

    red: float
    green: float
    blue: float

    @property
    def luminance(self) -> float:
        """Relative luminance, 0 to 1 (WCAG 2.2)."""
        parts = [one / 255 for one in (self.red, self.green, self.blue)]
        linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((one.luminance, other.luminance), reverse=True)
    return (high + 0.05) / (low + 0.05)


def read_colour(text: str) -> Colour | None:
    """A colour of CSS; None for what is none, for `transparent` and for `currentcolor`."""
    found = parse_color(text) if text else None
    if found is None or isinstance(found, str) or found.alpha < SOLID:
        return None
    return Colour(found.red * 255, found.green * 255, found.blue * 255)

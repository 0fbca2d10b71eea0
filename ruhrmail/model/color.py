"""Colours as readers see them."""

from functools import lru_cache

RGB = tuple[int, int, int]
LINEAR_BELOW = 0.04045


def contrast(one: RGB, other: RGB) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=65536)
def luminance(color: RGB) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    parts = (one / 255 for one in color)
    red, green, blue = (one / 12.92 if one <= LINEAR_BELOW else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def read_hex(text: str) -> RGB:
    """`#0b5563` as red, green and blue from 0 to 255."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)

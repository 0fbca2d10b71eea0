"""Colours as readers see them."""

import colorsys
from functools import lru_cache

RGB = tuple[int, int, int]
LINEAR_BELOW = 0.04045
STEPS = 200
DARK_SURFACE = "#222d30"
"""The lightest of the surfaces that are written on in dark mode."""
DARK_CONTRAST = 7.0
SOFTER = 0.75
"""How much of a colour's strength is left in dark mode, where strong colours dazzle."""


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


@lru_cache(maxsize=64)
def light_tone(color: str) -> str:
    """The colour (`#rrggbb`) in a lighter tone of the same hue that is read well on every surface in dark mode."""
    hue, light, strength = colorsys.rgb_to_hls(*(part / 255 for part in read_hex(color)))
    tones = (light + (1 - light) * step / STEPS for step in range(STEPS + 1))
    shades = (colorsys.hls_to_rgb(hue, tone, strength * SOFTER) for tone in tones)
    found = ("#" + "".join(f"{round(part * 255):02x}" for part in shade) for shade in shades)
    ground = read_hex(DARK_SURFACE)
    return next((one for one in found if contrast(read_hex(one), ground) >= DARK_CONTRAST), "#ffffff")

"""Forced dark: colours turned around as Outlook and the apps of Gmail do, each in its own unpublished way.

What they have in common is shown: light surfaces become dark and dark writing becomes light, each keeping its hue;
dark surfaces and light writing stay. Pictures stay. What the mail says for dark mode itself does not count.
"""

import colorsys
import re

from ruhrmail.simulate.styles import HEAD, prefer, rewrite_colors, rewrite_tags

COLOR = re.compile(
    r"#(?P<hex>[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b"
    r"|rgba?\(\s*(?P<red>\d{1,3})\s*,\s*(?P<green>\d{1,3})\s*,\s*(?P<blue>\d{1,3})\s*(?:,\s*[\d.]+\s*)?\)"
    r"|\b(?P<name>white|black|gray|grey|silver)\b",
    re.IGNORECASE,
)
NAMED = {"white": "ffffff", "black": "000000", "gray": "808080", "grey": "808080", "silver": "c0c0c0"}
BACKGROUND = re.compile(r"(?<=\s)bgcolor\s*=\s*\"([^\"]*)\"", re.IGNORECASE)
CANVAS = ":root,body{background-color:#121212;color:#e8e8e8}a{color:#8ab4f8}"
MIDDLE = 0.5
DARKEST, LIGHTEST = 0.08, 0.94
"""Surfaces never become black, writing never white."""


def force_dark(html: str) -> str:
    """The mail's HTML with its colours turned around."""
    html = rewrite_colors(prefer(html, "light"), turn_value)
    html = rewrite_tags(html, lambda _name, tag: BACKGROUND.sub(turn_background, tag))
    # First in the head, so that whatever the mail says itself goes before it.
    return HEAD.sub(lambda match: f"{match[0]}<style>{CANVAS}</style>", html, count=1)


def turn_value(name: str, value: str) -> str:
    """A declaration's value with its colours turned around."""
    if name == "color":
        return COLOR.sub(lambda match: turn(match, surface=False), value)
    if name.startswith(("background", "border", "outline")):
        return COLOR.sub(lambda match: turn(match, surface=True), value)
    return value


def turn_background(match: re.Match[str]) -> str:
    """The old attribute for the colour of a surface."""
    return f'bgcolor="{COLOR.sub(lambda color: turn(color, surface=True), match[1])}"'


def turn(match: re.Match[str], *, surface: bool) -> str:
    """A light surface dark, dark writing light, both in their hue; anything else as it is."""
    hue, light, much = colorsys.rgb_to_hls(*read_color(match))
    if surface == (light < MIDDLE):
        return match[0]
    turned = max(DARKEST, (1 - light) * (1 - DARKEST) + DARKEST) if surface else min(LIGHTEST, 1 - light * 0.8)
    red, green, blue = colorsys.hls_to_rgb(hue, turned, much)
    return "#" + "".join(f"{round(255 * part):02x}" for part in (red, green, blue))


def read_color(match: re.Match[str]) -> tuple[float, float, float]:
    """Red, green and blue, each from 0 to 1."""
    digits = match["hex"] or NAMED.get((match["name"] or "").lower(), "")
    if not digits:
        return (int(match["red"]) / 255, int(match["green"]) / 255, int(match["blue"]) / 255)
    whole = "".join(one * 2 for one in digits) if len(digits) == 3 else digits
    return (int(whole[:2], 16) / 255, int(whole[2:4], 16) / 255, int(whole[4:], 16) / 255)

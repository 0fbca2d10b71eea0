"""Typefaces and corners of a theme: what the settings say, else the theme's own choice."""

from collections.abc import Mapping
from dataclasses import dataclass

from ruhrmail.config.settings import Theme


@dataclass(frozen=True, slots=True)
class FontsView:
    """Lists of fonts for `font-family`, without quotation marks: safe in every attribute."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Style:
    """How a theme is set; `radius` rounds corners, in pixels."""

    fonts: FontsView
    radius: int


SERIF = "Georgia,Times New Roman,serif"
SANS = "Helvetica,Arial,sans-serif"
STYLES: Mapping[str, Style] = {
    "ruhr": Style(FontsView(heading=SERIF, text=SANS), 14),
    "magazin": Style(FontsView(heading=SANS, text=SERIF), 0),
}
"""What each theme chooses. Only fonts that mail programs have: others would have to be fetched from a foreign host."""


def make_style(theme: Theme) -> Style:
    """The style that follows from the settings."""
    own = STYLES[theme.name]
    fonts = FontsView(heading=theme.fonts.heading or own.fonts.heading, text=theme.fonts.text or own.fonts.text)
    return Style(fonts, own.radius if theme.radius is None else theme.radius)

"""The theme's colours: enough contrast (WCAG 2.2, 1.4.3), tints, and their counterparts for dark mode."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ruhrmail.config import Config
from ruhrmail.config.settings import Colors
from ruhrmail.model.color import DARK_CONTRAST, DARK_SURFACE, STEPS, read_hex
from ruhrmail.model.color import contrast as contrast_of
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase

MIN_CONTRAST = 4.5
WHITE = "#ffffff"
BLACK = "#000000"
TINT = 0.12
PAIRS = (
    ("text", WHITE),
    ("text", "background"),
    ("primary", WHITE),
    ("primary", "background"),
    ("accent", WHITE),
    ("muted", WHITE),
    ("muted", "background"),
)
"""What is read on what; `primary` on white is also white on `primary`."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by their use, all `#rrggbb`; the `dark_` ones for dark mode."""

    primary: str
    accent: str
    text: str
    background: str
    muted: str
    card: str
    line: str
    tint: str
    band_text: str
    dark_background: str
    dark_card: str
    dark_line: str
    dark_tint: str
    dark_text: str
    dark_muted: str
    dark_link: str
    dark_accent: str
    dark_band: str


@lru_cache(maxsize=8)
def make_palette(colors: Colors) -> Palette:
    """The palette that follows from the five colours of the settings."""
    background, card = "#101617", "#1a2325"
    return Palette(
        **colors.model_dump(),
        card=WHITE,
        line=mix(colors.background, colors.text, 0.1),
        tint=lightest_tint(colors),
        band_text=move(mix(WHITE, colors.primary, 0.12), colors.primary, WHITE, MIN_CONTRAST),
        dark_background=background,
        dark_card=card,
        dark_line="#2f3b3e",
        dark_tint=DARK_SURFACE,
        dark_text="#e9efef",
        dark_muted="#b1bfc1",
        dark_link=colors.dark_link,
        dark_accent=colors.dark_accent,
        dark_band=move(mix(colors.primary, BLACK, 0.25), WHITE, BLACK, DARK_CONTRAST),
    )


def check_colors(config: Config) -> Iterator[Finding]:
    """One finding for each colour that is hard to read where the theme uses it."""
    colors = config.settings.theme.colors
    for name in dict.fromkeys(name for name, _ in PAIRS):
        grounds = [WHITE if ground == WHITE else colors.background for one, ground in PAIRS if one == name]
        color = str(getattr(colors, name))
        worst = min(grounds, key=lambda ground: contrast(color, ground))
        ratio = contrast(color, worst)
        if ratio < MIN_CONTRAST:
            yield weak_color(config, name, worst, ratio)


def weak_color(config: Config, name: str, ground: str, ratio: float) -> Finding:
    """The finding for one colour, with the nearest that passes."""
    keys = ("theme", "colors")
    at = config.document.at_value((*keys, name) if config.document.get((*keys, name)) else (*keys, "background"))
    color = str(getattr(config.settings.theme.colors, name))
    message = phrase(
        "{name} {color} is hard to read on {ground}: contrast {ratio}, needed {needed}",
        name=name,
        color=color,
        ground=ground,
        ratio=int(ratio * 100) / 100,
        needed=MIN_CONTRAST,
    )
    target = BLACK if contrast(BLACK, ground) >= contrast(WHITE, ground) else WHITE
    near = move(color, ground, target, MIN_CONTRAST)
    return Finding("a11y/contrast-theme", "error", at, message, phrase("the nearest that works: {color}", color=near))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as `#rrggbb`, 1 to 21 (WCAG 2.2)."""
    return contrast_of(read_hex(one), read_hex(other))


def channels(color: str) -> list[float]:
    """Red, green and blue from 0 to 1."""
    return [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]


def mix(one: str, other: str, share: float) -> str:
    """`share` of the other colour, the rest of the first."""
    parts = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round((a * (1 - share) + b * share) * 255):02x}" for a, b in parts)


def move(color: str, ground: str, target: str, needed: float) -> str:
    """The colour moved towards `target` as little as gives the contrast that is needed on `ground`."""
    steps = (mix(color, target, step / STEPS) for step in range(STEPS + 1))
    return next((one for one in steps if contrast(one, ground) >= needed), target)


def lightest_tint(colors: Colors) -> str:
    """A breath of the primary colour, on which texts and small print are still read well; else white."""
    inks = (colors.text, colors.primary, colors.muted)
    shades = (mix(WHITE, colors.primary, TINT * (1 - step / 8)) for step in range(9))
    return next((shade for shade in shades if all(contrast(ink, shade) >= MIN_CONTRAST for ink in inks)), WHITE)

"""Colours: whatever passes the check can be read wherever the theme uses it, by day and by night."""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ruhrmail.config.settings import Colors
from ruhrmail.render.palette import MIN_CONTRAST, PAIRS, WHITE, contrast, make_palette, move

COLOR = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
USED = (
    ("text", "card"),
    ("text", "background"),
    ("text", "tint"),
    ("muted", "card"),
    ("muted", "background"),
    ("muted", "tint"),
    ("primary", "card"),
    ("primary", "tint"),
    ("card", "accent"),
    ("accent", "card"),
    ("band_text", "primary"),
    ("dark_text", "dark_card"),
    ("dark_text", "dark_background"),
    ("dark_text", "dark_tint"),
    ("dark_muted", "dark_card"),
    ("dark_muted", "dark_background"),
    ("dark_muted", "dark_tint"),
    ("dark_link", "dark_card"),
    ("dark_link", "dark_tint"),
    ("dark_accent", "dark_card"),
    ("band_text", "dark_band"),
    ("card", "dark_band"),
)


def weakest(colors: Colors) -> float:
    palette = make_palette(colors)
    return min(contrast(getattr(palette, ink), getattr(palette, ground)) for ink, ground in USED)


def test_the_default_colours_are_read_everywhere():
    assert weakest(Colors()) >= MIN_CONTRAST


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.builds(Colors, primary=COLOR, accent=COLOR, text=COLOR, background=COLOR, muted=COLOR))
def test_colours_that_pass_the_check_are_read_everywhere(colors):
    for name, ground in PAIRS:
        shown = WHITE if ground == WHITE else colors.background
        if contrast(getattr(colors, name), shown) < MIN_CONTRAST:
            fixed = move(getattr(colors, name), shown, "#000000", MIN_CONTRAST)
            assume(contrast(fixed, shown) >= MIN_CONTRAST)
            colors = colors.model_copy(update={name: fixed})
    assume(
        all(contrast(getattr(colors, n), WHITE if g == WHITE else colors.background) >= MIN_CONTRAST for n, g in PAIRS)
    )
    assert weakest(colors) >= MIN_CONTRAST


@given(COLOR)
def test_the_nearest_colour_passes(color):
    assert contrast(move(color, WHITE, "#000000", MIN_CONTRAST), WHITE) >= MIN_CONTRAST


def test_known_ratios():
    assert contrast("#000000", WHITE) == 21
    assert round(contrast("#777777", WHITE), 2) == 4.48


def test_the_tint_of_the_default_colours_stands_out_from_card_and_background():
    palette = make_palette(Colors())
    assert min(contrast(palette.tint, palette.card), contrast(palette.tint, palette.background)) > 1.08

"""The picture that shared links show."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from ruhrmail.archive.picture import EDGE, MOST_LINES, WIDTH, draw_picture, fit_title, typeface, width_of

LONG = "Donaudampfschifffahrtsgesellschaftskapitän " * 30


def test_it_has_the_size_and_weight_that_networks_like(masthead, leaf):
    content = draw_picture(masthead, leaf())
    image = Image.open(BytesIO(content))
    assert ((1200, 630), "PNG") == (image.size, image.format)
    assert len(content) < 100_000
    assert (0x0B, 0x55, 0x63) == image.convert("RGB").getpixel((2, 2))


def test_the_same_issue_gives_the_same_picture(masthead, leaf):
    assert draw_picture(masthead, leaf()) == draw_picture(masthead, leaf())
    assert draw_picture(masthead, leaf()) != draw_picture(masthead, leaf(number=8))


@pytest.mark.parametrize("title", ["Kurz", "In der Maschinenhalle ist es wieder warm", LONG, "W" * 300, ""])
def test_every_title_stays_inside(title):
    size, lines = fit_title(title)
    assert len(lines) <= MOST_LINES
    assert all(width_of(line, size) <= WIDTH - EDGE for line in lines)


def test_umlauts_have_shapes_of_their_own():
    missing = typeface("Bold", 60).getmask("\U0001f9ff").getbbox()
    shapes = [bytes(typeface("Bold", 60).getmask(sign)) for sign in "ÄÖÜäöüß„“–€é\U0001f9ff"]
    assert missing is not None and len(set(shapes)) == len(shapes)


def test_another_newsletter_has_another_picture(masthead, leaf):
    assert draw_picture(masthead, leaf()) != draw_picture(replace(masthead, name="Andere"), leaf())

"""The picture that shared links to an issue show: 1200 by 630 pixels, in the newsletter's colours.

Its typeface comes with a package, so that every machine draws the same picture.
"""

from collections.abc import Iterator
from functools import cache
from importlib import resources
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from ruhrmail.archive.masthead import Masthead
from ruhrmail.archive.words import archive_words
from ruhrmail.model.archive import Leaf

WIDTH, HEIGHT, EDGE = 1200, 630, 80
LARGEST, SMALLEST, STEP = 92, 44, 4
MOST_LINES, SPACING = 4, 1.16
BAND, ICON = 14, 32
SIZES = {"name": 40, "note": 32}


def draw_picture(masthead: Masthead, leaf: Leaf) -> bytes:
    """The picture as PNG; the same issue gives the same bytes."""
    colors, words = masthead.colors, archive_words(leaf.about.language)
    image = Image.new("RGB", (WIDTH, HEIGHT), colors.primary)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, HEIGHT - BAND, WIDTH, HEIGHT), fill=colors.accent)
    draw.text((EDGE, EDGE - 16), masthead.name, font=typeface("Semibold", SIZES["name"]), fill="#ffffff")
    note = " · ".join(part for part in (words.issue(leaf.number), words.day(leaf.date)) if part)
    draw.text((EDGE, HEIGHT - EDGE - 36), note, font=typeface("Regular", SIZES["note"]), fill="#ffffff")
    size, lines = fit_title(leaf.about.title)
    top = (HEIGHT - len(lines) * size * SPACING) / 2
    for number, line in enumerate(lines):
        draw.text((EDGE, top + number * size * SPACING), line, font=typeface("Bold", size), fill="#ffffff")
    target = BytesIO()
    image.quantize(64).save(target, "PNG", optimize=True)
    return target.getvalue()


def draw_icon(masthead: Masthead) -> bytes:
    """The sign that browsers show beside a page's title: the newsletter's first letter, as ICO."""
    image = Image.new("RGB", (ICON, ICON), masthead.colors.primary)
    place, letter = (ICON / 2, ICON / 2 + 1), masthead.name[:1].upper()
    ImageDraw.Draw(image).text(place, letter, font=typeface("Bold", ICON * 3 // 4), fill="#ffffff", anchor="mm")
    target = BytesIO()
    image.save(target, "ICO", sizes=[(ICON, ICON)])
    return target.getvalue()


def fit_title(title: str) -> tuple[int, list[str]]:
    """The largest size at which the title has room, and its lines; one that never has is cut."""
    for size in range(LARGEST, SMALLEST - 1, -STEP):
        lines = break_lines(title, typeface("Bold", size))
        if len(lines) <= MOST_LINES and all(width_of(line, size) <= WIDTH - 2 * EDGE for line in lines):
            return size, lines
    lines = break_lines(title, typeface("Bold", SMALLEST))
    return SMALLEST, [*lines[: MOST_LINES - 1], *(f"{line} …" for line in lines[MOST_LINES - 1 : MOST_LINES])]


def width_of(line: str, size: int) -> float:
    """Pixels of a line."""
    return typeface("Bold", size).getlength(line)


def break_lines(title: str, font: FreeTypeFont) -> list[str]:
    """The title broken between words."""
    lines: list[str] = []
    for word in (piece for whole in title.split() for piece in cut_word(whole, font)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= WIDTH - 2 * EDGE:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def cut_word(word: str, font: FreeTypeFont) -> Iterator[str]:
    """A word in pieces that fit into a line."""
    piece = ""
    for sign in word:
        if piece and font.getlength(piece + sign) > WIDTH - 2 * EDGE:
            yield piece
            piece = ""
        piece += sign
    yield piece


@cache
def typeface(weight: str, size: int) -> FreeTypeFont:
    """Source Serif (SIL Open Font License) in one weight."""
    file = resources.files("font_source_serif_pro") / "files" / f"SourceSerifPro-{weight}.ttf"
    return ImageFont.truetype(BytesIO(file.read_bytes()), size, layout_engine=ImageFont.Layout.BASIC)

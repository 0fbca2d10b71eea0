"""How well texts can be read, measured in the picture that a reader would see."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from ruhrmail.model.color import RGB, contrast

if TYPE_CHECKING:
    from PIL.Image import Image

Rect = Sequence[float]
"""Left, top, width and height in pixels."""
READABLE = 3.0
"""Below this nobody reads without effort. WCAG asks for 4.5, but thin letters are drawn paler than their colour."""
LOST = 0.7
"""What a simulation leaves of the contrast, at most, where it is the simulation's doing."""
STRAY = 2
"""How many pixels a colour needs at least, to be more than a neighbour's edge."""


def legibility(picture: "Image", rects: Iterable[Rect]) -> float:
    """The contrast of the best legible piece of a text with the colour around it; 21 where nothing can be measured."""
    return max((contrast_in(picture, rect) for rect in rects), default=21.0)


def contrast_in(picture: "Image", rect: Rect) -> float:
    """The greatest contrast of a colour within the rectangle with the one that fills most of it."""
    left, top, width, height = rect
    box = (
        max(0, int(left)),
        max(0, int(top)),
        min(picture.width, int(left + width)),
        min(picture.height, int(top + height)),
    )
    if box[2] <= box[0] or box[3] <= box[1]:
        return 0.0
    piece = picture.crop(box)
    colors = cast("list[tuple[int, RGB]]", piece.getcolors(piece.width * piece.height))
    _, ground = max(colors)
    return max((contrast(one, ground) for count, one in colors if count >= STRAY), default=1.0)


def is_lost(before: float, now: float) -> bool:
    """True for a text that could be read before and cannot now."""
    return now < READABLE <= before and now < LOST * before


def read_rgb(text: str) -> RGB:
    """`rgb(1, 2, 3)`, as browsers say colours."""
    red, green, blue = (round(float(part)) for part in re.findall(r"[\d.]+", text)[:3])
    return red, green, blue

"""Pictures kept in the project, and how far from them others may be."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo

from ruhrmail.check.browser.ink import Rect

FOLDER = "baselines"
COLORS = 256
STONE = 16
"""Pixels of a stone in a mosaic."""
SHADES = [value & 0xF0 | 0x08 for value in range(256)]
"""Sixteen of each colour; the nearest is closer than what is noticed."""
STONE_SHADES = [value & 0xE0 | 0x18 for value in range(256)]
"""Fewer in a mosaic, so that a palette holds all colours of a picture."""
NOTICED = 16
"""A pixel differs when one of its channels does by more than this."""
SLACK = 2
"""Pixels by which width and height may differ."""
BAND = 240
"""Pixels: the height of the strips that are compared one by one, so that a line in a long mail does not go under."""
OTHER_VERSION = 6
"""By how much more pictures of another version of Chromium may differ."""
SAME = 0.0005
"""What may differ in a picture that `--accept` leaves as it is."""
SOFTWARE = "Software"


@dataclass(frozen=True, slots=True)
class Difference:
    """The part of pixels that differ in the strip where most do, where the first of them is (x, y; None: nowhere), the
    sizes, and a picture that shows them red on the faded baseline."""

    part: float
    sizes: tuple[tuple[int, int], tuple[int, int]]
    shown: Image.Image
    first: tuple[int, int] | None = None

    def exceeds(self, tolerance: float) -> bool:
        """True when no reader should get the picture before somebody has looked at it."""
        slack = max(abs(one - other) for one, other in zip(*self.sizes, strict=True))
        return slack > SLACK or self.part > tolerance


def without_details(content: bytes, photos: Iterable[Rect]) -> Image.Image:
    """A screenshot (PNG) with a mosaic in place of each photograph, in few shades: enough to notice what is different,
    and a tenth of the bytes in a repository."""
    with Image.open(io.BytesIO(content)) as opened:
        picture = opened.convert("RGB")
    for left, top, width, height in photos:
        box = max(0, round(left)), max(0, round(top)), min(picture.width, round(left + width)), round(top + height)
        piece = picture.crop((*box[:3], min(picture.height, box[3])))
        if piece.width > 0 and piece.height > 0:
            stones = max(1, piece.width // STONE), max(1, piece.height // STONE)
            few = piece.resize(stones, Image.Resampling.BOX).point(STONE_SHADES * 3)
            picture.paste(few.resize(piece.size, Image.Resampling.NEAREST), box[:2])
    return picture.point(SHADES * 3)


def compare(baseline: Image.Image, actual: Image.Image) -> Difference:
    """How two pictures differ where they overlap."""
    common = min(baseline.width, actual.width), min(baseline.height, actual.height)
    before, after = (picture.convert("RGB").crop((0, 0, *common)) for picture in (baseline, actual))
    red, green, blue = ImageChops.difference(before, after).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    mask = most.point([255 if value > NOTICED else 0 for value in range(256)])
    shown = Image.blend(before, Image.new("RGB", common, "white"), 0.7)
    shown.paste("#d00000", mask=mask)
    return Difference(worst_part(mask), (baseline.size, actual.size), shown, first_spot(mask))


def worst_part(mask: Image.Image) -> float:
    """The part of white pixels in the strip that has most."""
    strips = [(top, min(mask.height, top + BAND)) for top in range(0, mask.height, BAND)]
    if len(strips) > 1:
        strips[-1] = (mask.height - BAND, mask.height)
    parts = (mask.crop((0, top, mask.width, end)) for top, end in strips)
    return max((one.histogram()[255] / (one.width * one.height) for one in parts), default=0.0)


def first_spot(mask: Image.Image) -> tuple[int, int] | None:
    """The middle of the uppermost differences: those within a line's height below the first."""
    box = mask.getbbox()
    if box is None:
        return None
    left, top, right, bottom = box
    inner = mask.crop((left, top, right, min(bottom, top + 24))).getbbox()
    assert inner is not None
    return left + (inner[0] + inner[2]) // 2, top + (inner[1] + inner[3]) // 2


def save(picture: Image.Image, path: Path, major: int = 0) -> None:
    """Writes a picture with the version of Chromium that drew it; with a palette where that says it all."""
    few = picture.getcolors(COLORS) is not None
    kept = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=COLORS) if few else picture
    kept.save(path, optimize=True, pnginfo=note(major))


def note(major: int) -> PngInfo | None:
    """Which browser drew the picture, as PNG says it."""
    if not major:
        return None
    info = PngInfo()
    info.add_text(SOFTWARE, f"Chromium {major}")
    return info


@dataclass(frozen=True, slots=True)
class Baseline:
    """A picture of before, and the version of Chromium that drew it (0: not known)."""

    picture: Image.Image
    major: int


def read_baseline(path: Path) -> Baseline | None:
    """The picture in a file; None where none is or it is no picture."""
    try:
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
            said = str(getattr(opened, "text", {}).get(SOFTWARE, ""))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    number = said.rpartition(" ")[2]
    return Baseline(picture, int(number) if number.isdecimal() else 0)


def baseline_folder(project: Path, slug: str) -> Path:
    """Where an issue's baselines lie."""
    return project / FOLDER / slug


def has_baselines(project: Path, slug: str) -> bool:
    """True for an issue of which at least one picture was accepted."""
    return any(baseline_folder(project, slug).glob("*.png"))


def renew(folder: Path, pictures: Iterable[tuple[str, Image.Image]], major: int) -> int:
    """Writes pictures by name in place of those before; one that is the same as before stays untouched to the byte.

    Gives how many files were written or deleted. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    left = {path.name: path for path in folder.glob("*.png")}
    changed = 0
    for name, picture in pictures:
        before = read_baseline(left.pop(f"{name}.png", folder / "none"))
        if before is None or before.major != major or compare(before.picture, picture).exceeds(SAME):
            save(picture, folder / f"{name}.png", major)
            changed += 1
    for path in left.values():
        path.unlink()
    return changed + len(left)

"""Pictures kept in the repository, and how far from them another may be.

`python -m tests.render.visual.baselines` (`make baselines`) takes all of them anew with the Chromium of this machine.
"""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from tests.render.visual.camera import open_camera
from tests.render.visual.covering import all_shots
from tests.render.visual.samples import SAMPLES

BASELINES = Path(__file__).parents[1] / "baselines"
COLORS = 128
NOTICED = 16
"""A pixel differs when one of its channels does by more than this."""
SAME, OTHER = 0.005, 0.03
"""The part of pixels that may differ: in the same version of Chromium, in another."""
SLACK = 2
"""Pixels by which width and height may differ."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the baselines for a version of Chromium lie, and what part of the pixels may differ from them."""

    folder: Path
    tolerance: float


@dataclass(frozen=True, slots=True)
class Difference:
    """The part of pixels that differ, and a picture that shows them red on the faded baseline."""

    part: float
    sizes: tuple[tuple[int, int], tuple[int, int]]
    shown: Image.Image

    def exceeds(self, tolerance: float) -> bool:
        """True when no reader should get the picture before somebody has looked at it."""
        slack = max(abs(one - other) for one, other in zip(*self.sizes, strict=True))
        return slack > SLACK or self.part > tolerance


def shelf_for(version: int, baselines: Path = BASELINES) -> Shelf | None:
    """The folder of this major version; without one the newest, with a wider tolerance; None when there is none."""
    found = [folder for folder in baselines.glob("*") if folder.name.isdigit()]
    if baselines / str(version) in found:
        return Shelf(baselines / str(version), SAME)
    return Shelf(max(found, key=lambda folder: int(folder.name)), OTHER) if found else None


def compare(baseline: Image.Image, actual: Image.Image) -> Difference:
    """How two pictures differ where they overlap."""
    common = min(baseline.width, actual.width), min(baseline.height, actual.height)
    before, after = (picture.convert("RGB").crop((0, 0, *common)) for picture in (baseline, actual))
    red, green, blue = ImageChops.difference(before, after).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    mask = most.point([255 if value > NOTICED else 0 for value in range(256)])
    shown = Image.blend(before, Image.new("RGB", common, "white"), 0.7)
    shown.paste("#d00000", mask=mask)
    return Difference(mask.histogram()[255] / (common[0] * common[1]), (baseline.size, actual.size), shown)


def save(picture: Image.Image, path: Path) -> None:
    """Few colours keep a repository small; none is further from its own than `compare` forgives."""
    few = picture.quantize(COLORS, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def main() -> int:
    """Takes every picture; gives the exit code."""
    with open_camera() as camera:
        folder = BASELINES / str(camera.version)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for shot in all_shots(SAMPLES):
            save(camera.take(shot), folder / f"{shot.name}.png")
    files = list(folder.iterdir())
    print(f"{folder}: {len(files)} pictures, {sum(file.stat().st_size for file in files) // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

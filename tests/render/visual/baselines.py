"""Pictures kept in the repository, and how far from them another may be.

`python -m tests.render.visual.baselines` (`make baselines`) takes all of them anew with the Chromium of this machine.
"""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.render.visual.camera import open_camera
from tests.render.visual.covering import all_shots
from tests.render.visual.samples import SAMPLES

BASELINES = Path(__file__).parents[1] / "baselines"
COLORS = 128
SAME, OTHER = 0.005, 0.03
"""The part of pixels of a strip that may differ: in the same version of Chromium, in another."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the baselines for a version of Chromium lie, and what part of the pixels may differ from them."""

    folder: Path
    tolerance: float


def shelf_for(version: int, baselines: Path = BASELINES) -> Shelf | None:
    """The folder of this major version; without one the newest, with a wider tolerance; None when there is none."""
    found = [folder for folder in baselines.glob("*") if folder.name.isdigit()]
    if baselines / str(version) in found:
        return Shelf(baselines / str(version), SAME)
    return Shelf(max(found, key=lambda folder: int(folder.name)), OTHER) if found else None


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

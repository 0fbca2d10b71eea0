"""Draw every picture of the sample newsletter.

Run ``python tools/draw_pictures.py`` from anywhere, with parts of names to draw only those; it (re)writes the logo and
the illustrations beside the issues that show them. Shapes are drawn three times as large as needed and scaled down,
which is what makes their edges smooth. All chance comes from fixed seeds: the same Pillow draws the same bytes.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pictures.canal import canal
from pictures.cellar import cable_cellar
from pictures.hall import machine_hall
from pictures.harbour import harbour
from pictures.laboratory import laboratory
from pictures.marks import logo, signature
from pictures.observatory import observatory
from pictures.partners import paint_works, star_hill, surface_lab, timber_coop
from pictures.portraits import joiner, portrait
from pictures.quarter import timber_quarter
from pictures.shed import bicycle_shed
from pictures.tower import winding_tower
from pictures.workshop import workbench
from pictures.workshops import bench, heat_pump, organ
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent

PICTURES: dict[str, Callable[[], Image.Image]] = {
    "templates/logo.png": logo,
    "issues/2026-10/hafen.jpg": harbour,
    "issues/2026-11/maschinenhalle.jpg": machine_hall,
    "issues/2026-11/kanalradweg.jpg": canal,
    "issues/2026-11/sternwarte.jpg": observatory,
    "issues/2026-11/labor.jpg": laboratory,
    "issues/2026-11/holzquartier.jpg": timber_quarter,
    "issues/2026-11/foerderturm.jpg": winding_tower,
    "issues/2026-11/werkstatt.jpg": workbench,
    "issues/2026-11/kabelkeller.jpg": cable_cellar,
    "issues/2026-11/radhaus.jpg": bicycle_shed,
    "issues/2026-11/portrait.jpg": portrait,
    "issues/2026-11/unterschrift.png": signature,
    "issues/2026-11/lodwig.jpg": joiner,
    "issues/2026-10/hobelbank.jpg": bench,
    "issues/2026-10/orgelpfeifen.jpg": organ,
    "issues/2026-10/waermepumpe.jpg": heat_pump,
    "issues/2026-10/partner-uhlenhof.png": timber_coop,
    "issues/2026-10/partner-ostkamp.png": paint_works,
    "issues/2026-10/partner-ahlsberg.png": star_hill,
    "issues/2026-10/partner-grenzlab.png": surface_lab,
}


def main(wanted: Sequence[str]) -> None:
    """Write the pictures whose names contain one of the words; every picture without any."""
    for name, draw in PICTURES.items():
        if not wanted or any(word in name for word in wanted):
            target = ROOT / name
            target.parent.mkdir(parents=True, exist_ok=True)
            draw().save(target, quality=85, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])

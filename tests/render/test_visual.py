"""Every block in every theme looks as somebody saw it last, over widths and colour schemes.

A part of the pictures is compared here, every one in `make soak`; `make baselines` takes them anew.
"""

import subprocess
import sys
from hashlib import sha256
from itertools import chain
from pathlib import Path

import pytest
from PIL import Image

from ruhrmail.check.browser.baselines import compare
from tests.render.visual.baselines import OTHER, SAME, Shelf, save, shelf_for
from tests.render.visual.camera import open_camera
from tests.render.visual.covering import Shot, all_shots, covering, themes
from tests.render.visual.samples import SAMPLES
from tests.test_docs import blocks, type_of

SHOTS = all_shots(SAMPLES)
FEW = covering(SHOTS)
SHOWN = [pytest.param(one, id=one.name, marks=[] if one in FEW else pytest.mark.soak) for one in SHOTS]
ROOT = Path(__file__).parents[2]
SCRIPT = """
from hashlib import sha256
from tests.render.chromium import WHOLE
from tests.render.visual.camera import open_camera
from tests.render.visual.covering import Shot

def show(shots):
    with open_camera(WHOLE) as camera:
        for shot in shots:
            print(sha256(camera.take(shot).tobytes()).hexdigest())

"""
TAKE = "look at them, then take them anew with `make baselines`"


@pytest.fixture(scope="module")
def camera():
    with open_camera() as found:
        yield found


@pytest.fixture(scope="module")
def shelf(camera):
    found = shelf_for(camera.version)
    assert found, "there are no baselines: take them with `make baselines`"
    return found


@pytest.mark.parametrize("shot", SHOWN)
def test_a_block_looks_as_its_baseline(camera, shelf, tmp_path, shot):
    path = shelf.folder / f"{shot.name}.png"
    assert path.is_file(), f"{shot.name} has no baseline in {shelf.folder}: take it with `make baselines`"
    actual = camera.take(shot)
    with Image.open(path) as baseline:
        difference = compare(baseline, actual)
    if difference.exceeds(shelf.tolerance):
        actual.save(tmp_path / "actual.png")
        difference.shown.save(tmp_path / "difference.png")
        pytest.fail(
            f"{difference.part:.2%} of {path} differ (Chromium {camera.version}, allowed {shelf.tolerance:.1%}), "
            f"sizes {difference.sizes}: {tmp_path}/actual.png, {tmp_path}/difference.png; {TAKE}"
        )


def test_another_process_with_all_of_chromium_takes_the_same_pictures_to_the_bit(camera):
    kinds = (("editorial", 375, "dark"), ("page", 1000, "light"))
    shots = [Shot(name, theme, width, scheme) for theme in themes() for name, width, scheme in kinds]
    known = [sha256(camera.take(shot).tobytes()).hexdigest() for shot in shots]
    other = subprocess.run(
        [sys.executable, "-c", f"{SCRIPT}show({shots})"], stdout=subprocess.PIPE, cwd=ROOT, check=True
    )
    assert known == other.stdout.decode().split()


def test_every_block_has_a_sample():
    assert {type_of(block) for block in blocks()} == {one["type"] for one in chain.from_iterable(SAMPLES.values())}


def test_every_pair_of_values_is_in_a_small_part_of_the_pictures():
    every, few = (set().union(*(shot.pairs() for shot in shots)) for shots in (SHOTS, FEW))
    assert every == few
    fewest = len({(shot.sample, shot.width) for shot in SHOTS})
    assert fewest <= len(FEW) <= 1.1 * fewest


def test_the_same_pictures_are_chosen_every_time():
    assert FEW == covering(all_shots(SAMPLES))


def test_no_baseline_is_left_of_a_block_that_is_gone(shelf):
    assert {shot.name for shot in SHOTS} == {path.stem for path in shelf.folder.iterdir()}


@pytest.mark.parametrize("theme", themes())
def test_another_colour_scheme_would_have_been_noticed(camera, theme):
    light, dark = (camera.take(Shot("text", theme, 375, scheme)) for scheme in ("light", "dark"))
    assert compare(light, dark).exceeds(OTHER)


def drawing(width: int = 200, side: int = 0) -> Image.Image:
    """A white picture with a black square."""
    image = Image.new("RGB", (width, 100), "white")
    image.paste("black", (10, 10, 10 + side, 10 + side))
    return image


@pytest.mark.parametrize(("side", "exceeds"), [(0, False), (10, False), (11, True)])
def test_half_a_percent_of_the_pixels_may_differ(side, exceeds):
    difference = compare(drawing(), drawing(side=side))
    assert (side * side / 20_000, exceeds) == (difference.part, difference.exceeds(SAME))


@pytest.mark.parametrize(("width", "exceeds"), [(198, False), (202, False), (203, True)])
def test_two_pixels_of_width_may_differ(width, exceeds):
    assert exceeds == compare(drawing(), drawing(width)).exceeds(SAME)


def test_few_colours_are_near_enough(camera, tmp_path):
    taken = camera.take(Shot("gallery", themes()[0], 640, "light"))
    save(taken, tmp_path / "few.png")
    with Image.open(tmp_path / "few.png") as few:
        assert compare(few, taken).part < SAME / 10


def test_the_newest_baselines_serve_another_version_with_a_wider_tolerance(tmp_path):
    assert shelf_for(99, tmp_path) is None
    for name in ("99", "156"):
        (tmp_path / name).mkdir()
    assert Shelf(tmp_path / "99", SAME) == shelf_for(99, tmp_path)
    assert Shelf(tmp_path / "156", OTHER) == shelf_for(157, tmp_path)

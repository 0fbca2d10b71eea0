"""Pictures that were accepted, and what differs from them."""

import pytest
from PIL import Image

from ruhrmail.check.browser.baselines import BAND, compare, read_baseline, renew, save, without_details
from ruhrmail.flows.viewing import Viewing
from ruhrmail.i18n import translator
from tests.check.desk import write_project

ISSUE = """\
content:
  - {type: text, text: Die Halle ist voll.}
  - {type: heading, text: Am Kanal}
  - type: text
    text: Das Boot ist %s.
"""
NAMES = {
    f"{page}-{width}-{scheme}.png" for page in ("mail", "index") for width in (375, 640) for scheme in ("light", "dark")
}


def write(folder, word):
    return write_project(folder, {"issue": ISSUE % word})


def test_what_was_accepted_is_compared_and_a_change_found_at_its_line(inspect, tmp_path):
    accepting = Viewing(accept=True)
    assert [] == inspect(write(tmp_path, "leer"), accepting)
    folder = tmp_path / "baselines" / "one"
    assert (NAMES, 8, []) == ({path.name for path in folder.iterdir()}, accepting.changed, accepting.without)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = Viewing(accept=True)
    assert ([], 0) == (inspect(tmp_path, again), again.changed)
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}

    (folder / "mail-640-dark.png").unlink()
    looking = Viewing(folder=tmp_path / "report")
    found = inspect(write(tmp_path, "voll und ganz überladen"), looking)
    places = [f"{one.severity} {one.rule} {one.at}" for one in found]
    assert [
        "info visual/regression issues/one.yaml:1:1",
        "warning visual/regression issues/one.yaml:5:11",
        "warning visual/regression issues/one.yaml:5:11",
    ] == places
    said = [translator("en")(one.message) for one in found]
    assert "no picture yet: the mail (640-dark)" in said[0]
    assert any("the mail looks different from its baseline (375-light, 640-light, 375-dark): " in one for one in said)
    changes = [one for one in looking.exhibits if one.change]
    assert (7, 17) == (len(changes), len(looking.exhibits))
    assert all((tmp_path / "report" / one.change.difference).is_file() for one in changes)


def test_without_baselines_nothing_is_compared_and_the_run_says_so_once(inspect, tmp_path):
    viewing = Viewing()
    assert ([], ["one"]) == (inspect(write(tmp_path, "leer"), viewing), viewing.without)
    assert not (tmp_path / "baselines").exists()


def test_a_line_in_a_long_picture_is_noticed():
    before = Image.new("RGB", (375, 40 * BAND), "white")
    after = before.copy()
    after.paste("black", (20, 5000, 120, 5010))
    found = compare(before, after)
    assert (True, (70, 5005)) == (found.exceeds(0.005), found.first)


def test_another_size_is_noticed_and_the_same_picture_is_not():
    one, other = Image.new("RGB", (375, 900), "white"), Image.new("RGB", (375, 910), "white")
    assert (True, False, None) == (
        compare(one, other).exceeds(1),
        compare(one, one).exceeds(0),
        compare(one, one).first,
    )


def test_a_photograph_becomes_a_mosaic_that_tells_it_from_another(tmp_path):
    noise = Image.effect_noise((300, 200), 90).convert("RGB")
    noise.save(tmp_path / "photo.png")
    Image.new("RGB", (300, 200), "#0b5563").save(tmp_path / "other.png")
    one, other = (
        without_details((tmp_path / name).read_bytes(), [(0, 0, 300, 200)]) for name in ("photo.png", "other.png")
    )
    assert len(one.getcolors()) < 50
    assert compare(one, other).exceeds(0.5)


def test_a_baseline_knows_its_chromium_and_one_that_is_no_picture_is_none(tmp_path):
    save(Image.new("RGB", (9, 9), "white"), tmp_path / "a.png", 156)
    (tmp_path / "b.png").write_bytes(b"no picture")
    known = read_baseline(tmp_path / "a.png")
    assert (156, None, None) == (known.major, read_baseline(tmp_path / "b.png"), read_baseline(tmp_path / "c.png"))


@pytest.mark.parametrize(("name", "changed"), [("a", 0), ("b", 2)])
def test_pictures_of_pages_that_are_gone_are_deleted(tmp_path, name, changed):
    white = Image.new("RGB", (9, 9), "white")
    assert 1 == renew(tmp_path, [("a", white)], 156)
    assert changed == renew(tmp_path, [(name, white)], 156)
    assert [f"{name}.png"] == [path.name for path in tmp_path.iterdir()]

"""An unchanged picture is not processed again; a changed or damaged one is."""

import io
from pathlib import Path

import pytest
from PIL import Image

from ruhrmail.render.images import CARD, FULL, Unreadable, fit_picture
from ruhrmail.render.shelf import Shelf
from tests.render.conftest import picture


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf")


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((700, 400), 60).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


def never(_: bytes, __: object):
    raise AssertionError("processed again")


@pytest.mark.parametrize("content", [photo(), picture((40, 20))])
def test_the_second_time_the_picture_comes_from_the_shelf(shelf, content):
    first = shelf.fit(content, FULL, fit_picture)
    assert first == shelf.fit(content, FULL, never)


def test_another_place_or_content_is_processed(shelf):
    content = photo()
    shelf.fit(content, FULL, fit_picture)
    assert 290 == shelf.fit(content, CARD, fit_picture).width
    with pytest.raises(AssertionError, match="again"):
        shelf.fit(content + b"\0", FULL, never)


def test_a_damaged_entry_is_made_anew(shelf):
    content = photo()
    first = shelf.fit(content, FULL, fit_picture)
    (entry,) = shelf.folder.iterdir()
    entry.write_bytes(b"damaged")
    assert first == shelf.fit(content, FULL, fit_picture)
    assert first == shelf.fit(content, FULL, never)


def test_a_broken_picture_is_refused_every_time(shelf):
    for _ in range(2):
        with pytest.raises(Unreadable):
            shelf.fit(b"no picture", FULL, fit_picture)


def test_a_shelf_that_cannot_be_written_does_no_harm(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    blocked = Shelf(tmp_path / "file" / "shelf")
    content = photo()
    assert blocked.fit(content, FULL, fit_picture) == blocked.fit(content, FULL, fit_picture)

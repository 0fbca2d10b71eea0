"""Samples in Chromium: the same picture from every launch on every machine."""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.render.chromium import CHROMIUM, open_browser
from tests.render.visual.covering import PAGE, Shot
from tests.render.visual.samples import FRAME, write_sample

FONTS = ("liberation", "dejavu")
STEADY = ("force-color-profile=srgb", "disable-lcd-text", "font-render-hinting=none", "hide-scrollbars")

BLOCKS = """() => {
  const link = (from, last) => [...document.querySelectorAll(`a[href^="https://letter.example/${from}"]`)].at(last);
  const foot = link("u/", -1), view = link("archive/one/", 0), title = document.querySelector("h1");
  let whole = foot;
  while (!whole.contains(view) || !whole.contains(title)) whole = whole.parentElement;
  const place = part => {
    while (part.parentElement != whole) part = part.parentElement;
    return part.getBoundingClientRect();
  };
  const top = Math.ceil(Math.max(place(view).bottom, place(title).bottom));
  return {x: 0, y: top, width: innerWidth, height: Math.floor(place(foot).top) - top};
}"""
"""The part of a mail between its head (headline, link to the browser) and its foot (link to unsubscribe)."""
READY = "() => Promise.all([document.fonts.ready, ...[...document.images].map(image => image.decode())])"


@dataclass(slots=True)
class Camera:
    """One page of one browser, and the samples rendered so far."""

    page: Any
    version: int
    folder: Path
    samples: dict[tuple[str, str], Path] = field(default_factory=dict)

    def take(self, shot: Shot) -> Image.Image:
        """The blocks of a sample; head and foot too of `FRAME` and `PAGE`."""
        self.page.set_viewport_size({"width": shot.width, "height": 400})
        self.page.emulate_media(color_scheme=shot.scheme, reduced_motion="reduce")
        self.page.goto(self.find(shot).as_uri())
        self.page.evaluate(READY)
        clip = None if shot.sample in (FRAME, PAGE) else self.page.evaluate(BLOCKS)
        content = self.page.screenshot(full_page=True, clip=clip, animations="disabled")
        return Image.open(io.BytesIO(content)).convert("RGB")

    def find(self, shot: Shot) -> Path:
        """The sample's file, rendered when it is needed first."""
        key = shot.theme, shot.sample
        if key not in self.samples:
            folder = self.folder / "-".join(key)
            folder.mkdir()
            self.samples[key] = write_sample(folder, shot.sample, shot.theme)
        return self.samples[key]


@contextmanager
def open_camera(program: Path = CHROMIUM) -> Iterator[Camera]:
    """A browser with the fonts of `fonts.conf` and no others."""
    need_fonts()
    fonts = Path(__file__).with_name("fonts.conf")
    with (
        tempfile.TemporaryDirectory() as folder,
        open_browser(STEADY, {**os.environ, "FONTCONFIG_FILE": str(fonts)}, program) as browser,
    ):
        page = browser.new_page(device_scale_factor=1)
        yield Camera(page, int(browser.version.split(".")[0]), Path(folder))


def need_fonts() -> None:
    """Without the fonts the tests are skipped with the command to install them, in CI they fail."""
    if not all(Path("/usr/share/fonts/truetype", name).is_dir() for name in FONTS):
        message = "fonts are missing: apt-get install fonts-liberation fonts-dejavu-core"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)

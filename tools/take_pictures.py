"""Take the pictures of the sample newsletter that the README and the gallery show.

Run `python tools/take_pictures.py` after `pip install` of the development requirements; it needs Chromium. It builds
the newest issue in every theme into a temporary folder, opens it in the browser and writes `docs/pictures/`.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from ruhrmail.config import Config, load_config
from ruhrmail.flows.build import build_issues
from ruhrmail.parse import find_slugs
from ruhrmail.render.style import STYLES

PROJECT = Path(__file__).parents[1]
PICTURES = PROJECT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
COLOURS = 192


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its file, what it shows in which theme, and the window it is taken in.

    `start` is how many pixels of the page are above it, `height` how many it shows.
    """

    name: str
    theme: str
    page: Literal["mail", "index"]
    width: int
    height: int
    scheme: Literal["light", "dark"]
    start: int = 0


def gallery(theme: str) -> Iterator[Shot]:
    """The gallery's pictures of a theme."""
    yield Shot(f"gallery/{theme}-mail.png", theme, "mail", 640, 1600, "light", 900)
    yield Shot(f"gallery/{theme}-head.png", theme, "mail", 640, 900, "light")
    yield Shot(f"gallery/{theme}-phone-dark.png", theme, "mail", 375, 1600, "dark", 1300)
    yield Shot(f"gallery/{theme}-web.png", theme, "index", 1000, 1600, "light")


SHOTS = (
    Shot("mail.png", "ruhr", "mail", 640, 1400, "light"),
    Shot("phone-dark.png", "ruhr", "mail", 375, 1100, "dark"),
    *(shot for theme in STYLES for shot in gallery(theme)),
)


def main() -> int:
    """Takes every picture; gives the exit code."""
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        pages = {theme: build_pages(theme, Path(folder) / theme) for theme in STYLES}
        for shot in SHOTS:
            path = PICTURES / shot.name
            save(take(chromium, pages[shot.theme] / f"{shot.page}.html", shot), path)
            print(f"{path.relative_to(PROJECT)}: {path.stat().st_size // 1024} KB")
    return 0


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium without any traffic of its own."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield found
        found.close()


def with_theme(config: Config, name: str) -> Config:
    """The settings with another theme, everything else as it is."""
    theme = config.settings.theme.model_copy(update={"name": name})
    return replace(config, settings=config.settings.model_copy(update={"theme": theme}))


def build_pages(theme: str, folder: Path) -> Path:
    """The folder of the newest issue; its mail has its pictures beside it, for they are not at their address yet."""
    config, slug = with_theme(load_config(PROJECT, {}), theme), find_slugs(PROJECT)[-1]
    build_issues(config, [slug], folder)
    page = folder / slug / "mail.html"
    html = page.read_text(encoding="utf-8")
    page.write_text(html.replace(f"{config.url}/archive/{slug}/assets/", "assets/"), encoding="utf-8")
    return page.parent


def take(chromium: Browser, page: Path, shot: Shot) -> bytes:
    """A part of the page as a reader with this window and these colours sees it."""
    view = chromium.new_page(viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme)
    view.goto(page.as_uri(), wait_until="load")
    clip = {"x": 0, "y": shot.start, "width": shot.width, "height": shot.height}
    content = view.screenshot(type="png", full_page=True, clip=clip)
    view.close()
    return content


def save(content: bytes, path: Path) -> None:
    """The picture with few colours, which keeps a repository small."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(content)) as picture:
        flat = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.FLOYDSTEINBERG)
    flat.save(path, "PNG", optimize=True)


if __name__ == "__main__":
    sys.exit(main())

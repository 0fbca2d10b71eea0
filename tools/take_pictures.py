"""Take the pictures of the sample newsletter that the README shows.

Run `python tools/take_pictures.py` after `pip install` of the development requirements; it needs Chromium. It builds
the newest issue into a temporary folder, opens `mail.html` in the browser and writes `docs/pictures/`.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from ruhrmail.config import load_config
from ruhrmail.flows.build import build_issues
from ruhrmail.parse import find_slugs

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
COLOURS = 256


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its file, the window it is taken in, and how much of the mail's upper part it shows (pixels)."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]


SHOTS = (Shot("mail.png", 640, 1400, "light"), Shot("phone-dark.png", 375, 1100, "dark"))


def main() -> int:
    """Takes every picture; gives the exit code."""
    slug = find_slugs(PROJECT)[-1]
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        page = build_page(slug, Path(folder))
        for shot in SHOTS:
            path = PICTURES / shot.name
            save(take(chromium, page, shot), path)
            print(f"{path.relative_to(PROJECT)}: {path.stat().st_size // 1024} KB")
    return 0


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium without any traffic of its own."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield found
        found.close()


def build_page(slug: str, folder: Path) -> Path:
    """The mail of an issue with its pictures beside it, for they are not at the newsletter's address yet."""
    config = load_config(PROJECT, {})
    build_issues(config, [slug], folder)
    page = folder / slug / "mail.html"
    html = page.read_text(encoding="utf-8")
    page.write_text(html.replace(f"{config.url}/archive/{slug}/assets/", "assets/"), encoding="utf-8")
    return page


def take(chromium: Browser, page: Path, shot: Shot) -> bytes:
    """The upper part of the page as a reader with this window and these colours sees it."""
    view = chromium.new_page(viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme)
    view.goto(page.as_uri(), wait_until="load")
    content = view.screenshot(type="png")
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

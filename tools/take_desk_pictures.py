"""Take the pictures of the preview's desk that docs/vorschau.md shows.

Run `python tools/take_desk_pictures.py` after `pip install` of the development requirements; it needs Chromium. It
runs `ruhrmail preview` on a copy of the sample newsletter in a temporary folder and writes `docs/pictures/desk/`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page
from take_pictures import PICTURES, PROJECT, browser, save

PARTS = ("ruhrmail.yaml", "subscribers.csv", "issues", "templates")
SETTLED = 2500
ISSUE = Path("issues") / "2026-11" / "issue.yaml"
UNFINISHED = "  - type: text\n    text: TODO Hier fehlt noch ein Absatz, mehr steht [hier](http://www.ruhrblick.example/?utm_source=x).\n"


@dataclass(frozen=True, slots=True)
class View:
    """One picture: what the address says, what is done before it is taken, and what the issue looks like meanwhile."""

    name: str
    fragment: str
    scheme: Literal["light", "dark"] = "light"
    width: int = 1280
    act: Callable[[Page], None] = lambda page: None
    change: Callable[[str], str] = lambda text: text


def open_finding(page: Page) -> None:
    page.locator(".finding").nth(1).click()


def open_trial(page: Page) -> None:
    page.locator("[data-do=trial]").click()
    page.locator("#trial [type=submit]").click()


VIEWS = (
    View("mail.png", "", width=1600),
    View("dark.png", "mode=dark&width=375", "dark"),
    View("findings.png", "", width=1600, act=open_finding, change=lambda text: text + UNFINISHED),
    View("error.png", "", change=lambda text: text.replace("\nsubject:", "\nsubjekt:", 1)),
    View("outlook.png", "images=off&outlook=on"),
    View("differences.png", "tab=differences&with=reader%3Anamed"),
    View("trial.png", "", act=open_trial),
    View("inbox.png", "tab=inbox"),
)


def main() -> int:
    """Takes every picture; gives the exit code."""
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        project = copy_project(Path(folder) / "ruhrblick")
        with run_preview(project) as address:
            for view in VIEWS:
                save(take(chromium, project / ISSUE, address, view), PICTURES / "desk" / view.name)
                print(f"docs/pictures/desk/{view.name}")
    return 0


def copy_project(folder: Path) -> Path:
    """The sample newsletter, to be written into."""
    folder.mkdir()
    for name in PARTS:
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, folder / name)
    return folder


@contextmanager
def run_preview(project: Path) -> Iterator[str]:
    """The program over a project, in German; gives its address."""
    command = [sys.executable, "-m", "ruhrmail", "preview", "--no-open", "--port", "0"]
    environ = os.environ | {"RUHRMAIL_LANG": "de", "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ, cwd=project) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


def take(chromium: Browser, file: Path, address: str, view: View) -> bytes:
    """The desk as this view wants it: the right issue is seen first, then what somebody saved into it."""
    text = file.read_text(encoding="utf-8")
    page = chromium.new_page(viewport={"width": view.width, "height": view.width * 5 // 8}, color_scheme=view.scheme)
    page.goto(f"{address}#issue=2026-11&{view.fragment}")
    page.wait_for_timeout(SETTLED)
    file.write_text(view.change(text), encoding="utf-8")
    page.wait_for_timeout(SETTLED)
    view.act(page)
    page.wait_for_timeout(SETTLED)
    content = page.screenshot(type="png")
    file.write_text(text, encoding="utf-8")
    page.close()
    return content


if __name__ == "__main__":
    sys.exit(main())

"""Take the pictures of docs/tutorial.md: the preview with a finding, the mail that arrived, the report.

Run `python tools/take_tutorial_pictures.py` after `pip install` of the development requirements; it needs Chromium. It
takes the whole lesson in a temporary folder and writes `docs/pictures/tutorial/`.
"""

import os
import sys
import tempfile
from pathlib import Path

from lesson import PAGE, Lesson, Step, begin_lesson, take_lesson
from playwright.sync_api import Browser
from take_pictures import PICTURES, PROJECT, browser, save

SETTLED = 2500
PROGRAM = (sys.executable, "-m", "ruhrmail")


def main() -> int:
    """Takes the lesson and its pictures; gives the exit code."""
    environ = os.environ | {"PYTHONPATH": str(PROJECT)}
    with (
        tempfile.TemporaryDirectory() as folder,
        browser() as chromium,
        begin_lesson(Path(folder), PROGRAM, environ) as lesson,
    ):
        take_lesson(lesson, PAGE.read_text(encoding="utf-8"), lambda step: look(chromium, lesson, step))
    print(*lesson.wrong, sep="\n")
    return 1 if lesson.wrong else 0


def look(chromium: Browser, lesson: Lesson, step: Step) -> None:
    """The picture that stands below a step, if there is one."""
    if step.command == "ruhrmail preview":
        shoot(chromium, "preview.png", lesson.said["preview"].split()[-1] + "#issue=2026-12", 1400, 800)
    elif " --test " in step.command:
        shoot(chromium, "mail.png", lesson.said["preview"].split()[-1] + "#tab=inbox", 1400, 800)
    elif step.command.startswith("ruhrmail report"):
        shoot(chromium, "report.png", (lesson.folder / "build" / "2026-12" / "report.html").as_uri(), 1000, 900)


def shoot(chromium: Browser, name: str, address: str, width: int, height: int) -> None:
    """One window as it looks after everything came."""
    page = chromium.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.wait_for_timeout(SETTLED)
    save(page.screenshot(type="png"), PICTURES / "tutorial" / name)
    page.close()


if __name__ == "__main__":
    sys.exit(main())

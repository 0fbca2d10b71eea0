"""From a save to the changed mail on the screen: the preview's page in Chromium, over an issue of twelve sections."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.previewing import ISSUE, PAUSE, SAVES, run_preview
from benchmarks.receivers import Missing
from benchmarks.rendering import write_project
from benchmarks.timing import report

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ("no-sandbox", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync")
WATCH = """
() => {
  window.seen = {};
  const frame = document.querySelector(".stage iframe");
  const look = () => {
    const number = frame.contentDocument.querySelector("h1").textContent.match(/\\d+/)?.[0];
    if (number === undefined || number in window.seen) return;
    requestAnimationFrame(() => setTimeout(() => (window.seen[number] ??= Date.now())));
  };
  const all = {subtree: true, childList: true, characterData: true};
  new MutationObserver(look).observe(frame.contentDocument, all);
}
"""
"""Notes for each number that stands in the headline when the frame with it had been painted."""
READY = "() => document.querySelector('.stage iframe:not(.coming)')?.contentDocument?.querySelector('h1')"


def measure_desk() -> None:
    """Prints the time from opening the page to the first mail, and the median from a save to the painted change."""
    with tempfile.TemporaryDirectory() as folder, open_page() as page:
        write_project(Path(folder))
        with run_preview(Path(folder)) as address:
            for name in ("page to first mail, preview just started", "page to first mail, again"):
                begin = time.perf_counter()
                page.goto(f"{address}#issue={ISSUE}")
                page.wait_for_function(READY)
                print(f"{name:48} {1000 * (time.perf_counter() - begin):15.1f} ms")
                page.goto("about:blank") if "again" not in name else time.sleep(1)
            report("save to painted in the browser", measure_saves(Path(folder) / "issues" / f"{ISSUE}.yaml", page))


def measure_saves(file: Path, page: "Page") -> list[float]:
    """The seconds from each save until its mail was painted."""
    text = file.read_text(encoding="utf-8")
    page.evaluate(WATCH)
    begins = {}
    for number in range(100, 100 + SAVES):
        begins[str(number)] = time.time()
        file.write_text(text.replace("subject: Licht", f"subject: Licht {number}"), encoding="utf-8")
        page.wait_for_function("number => number in window.seen", arg=str(number))
        time.sleep(PAUSE)
    seen = page.evaluate("window.seen")
    return [seen[number] / 1000 - begin for number, begin in begins.items()]


@contextmanager
def open_page() -> "Iterator[Page]":
    """A window as large as an editor's. Raises Missing without Chromium."""
    if not CHROMIUM.exists():
        raise Missing("Chromium is missing: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        flags = [f"--{flag}" for flag in QUIET]
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield browser.new_page(viewport={"width": 1280, "height": 800})
        browser.close()

"""From a save to the changed mail on the screen: the preview's page in Chromium, beside react-email's preview.

An issue of twelve sections in both. The peer is half a gigabyte, so it only takes part where somebody installed it:
`npm ci --prefix benchmarks/node/preview`. It renders a template with ready data; ours goes from YAML to the mail.
"""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.previewing import BROWSE, ISSUE, PATIENCE, PAUSE, SAVES, run_preview
from benchmarks.receivers import Missing
from benchmarks.rendering import sections_of, write_project
from benchmarks.timing import report

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = Path("/usr/bin/chromium")
PEER = Path(__file__).parent / "node" / "preview"
PEER_PORT = 39871
PEER_SAVES = 12
"""Fewer: it bundles its template anew each time."""
QUIET = ("no-sandbox", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync")
WATCH = """
() => {
  window.seen = {};
  const look = () => {
    const frame = document.querySelector("iframe:not(.coming)");
    const number = frame?.contentDocument?.querySelector("h1")?.textContent.match(/\\d+/)?.[0];
    if (number !== undefined) window.seen[number] ??= Date.now();
    requestAnimationFrame(look);
  };
  look();
}
"""
"""Notes for each number that stands in the mail's headline the first frame of the screen that has it."""
READY = "() => document.querySelector('iframe:not(.coming)')?.contentDocument?.querySelector('h1')?.textContent"


def measure_desk() -> None:
    """Prints the time from opening the page to the first mail, and medians from a save to the mail on the screen."""
    with tempfile.TemporaryDirectory() as folder, open_page() as page:
        config = write_project(Path(folder))
        with run_preview(Path(folder)) as address:
            for name in ("page to first mail, preview just started", "page to first mail, again"):
                begin = time.perf_counter()
                page.goto(f"{address}#issue={ISSUE}")
                page.wait_for_function(READY)
                print(f"{name:48} {1000 * (time.perf_counter() - begin):15.1f} ms")
                page.goto("about:blank") if "again" not in name else time.sleep(1)
            report("save to visible", measure_saves(page, save_issue(Path(folder) / "issues" / f"{ISSUE}.yaml")))
        page.goto("about:blank")
        if not (PEER / "node_modules").is_dir():
            print("react-email's preview: skipped, see benchmarks/desk.py")
            return
        (PEER / "emails" / "sections.json").write_text(json.dumps(sections_of(config)), encoding="utf-8")
        measure_peer(page)


def measure_peer(page: "Page") -> None:
    """The same with react-email's preview, which compiles the template at its first request."""
    save_peer(0)
    with run_peer() as address:
        page.goto(address)
        page.wait_for_function(READY, timeout=PATIENCE * 5000)
        time.sleep(2)
        report("react-email: save to visible", measure_saves(page, save_peer, PEER_SAVES))


def save_issue(file: Path) -> Callable[[int], None]:
    """A function that writes a number into the issue's subject."""
    text = file.read_text(encoding="utf-8")

    def save(number: int) -> None:
        file.write_text(text.replace("subject: Licht", f"subject: Licht {number}"), encoding="utf-8")

    return save


def save_peer(number: int) -> None:
    """Writes a number into the template's headline."""
    (PEER / "emails" / "subject.js").write_text(f'export const subject = "Licht {number}";\n', encoding="utf-8")


def measure_saves(page: "Page", save: Callable[[int], None], saves: int = SAVES) -> list[float]:
    """The seconds from each save until its mail was on the screen."""
    page.evaluate(WATCH)
    begins = {}
    for number in range(100, 100 + saves):
        begins[str(number)] = time.time()
        save(number)
        page.wait_for_function("number => number in window.seen", arg=str(number), timeout=PATIENCE * 1000)
        time.sleep(PAUSE)
    seen = page.evaluate("window.seen")
    return [seen[number] / 1000 - begin for number, begin in begins.items()]


@contextmanager
def run_peer() -> Iterator[str]:
    """react-email's preview at work; gives the address of the mail's page."""
    command = [str(PEER / "node_modules" / ".bin" / "email"), "dev", "--dir", "emails", "--port", str(PEER_PORT)]
    environ = os.environ | {"NEXT_TELEMETRY_DISABLED": "1", "CI": "1"}
    address = f"http://127.0.0.1:{PEER_PORT}/preview/{ISSUE}"
    with subprocess.Popen(
        command, cwd=PEER, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            wait_for(address)
            yield address
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # it starts others


def wait_for(address: str) -> None:
    """Returns when the address answers. Raises Missing when it does not."""
    for _ in range(PATIENCE * 5):
        try:
            with BROWSE.open(address, timeout=PATIENCE):
                return
        except OSError:
            time.sleep(1)
    raise Missing("react-email's preview does not start")


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

"""A project with a preview at work, and windows of a real browser that look at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.stories.project import Project, sample_project

ADDRESS = r"http://127\.0\.0\.1:\d+/\w+/"
PATIENCE = 60_000
PROBE = """\
number: 8
date: 2026-11-20
subject: Die Probe
preheader: Ein kurzer Brief für den Schreibtisch
content:
  - type: editorial
    salutation: Hallo {{ first_name or "zusammen" }},
    text: Der erste Satz steht hier.
  - type: image
    src: bild.jpg
    alt: Kanal am Morgen
    credit: "Foto: Redaktion"
  - type: text
    only_for: [kultur]
    text: Das sehen nur Leute mit dem Schlagwort Kultur.
"""
expect.set_options(timeout=PATIENCE)


@dataclass(slots=True)
class Window:
    """A page of its own session that notes what the browser complains about and whom it asks."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def mail(self) -> Any:
        """What is inside the frame that is shown."""
        return self.page.frame_locator(".stage iframe:not(.coming)")

    def scrolled(self) -> float:
        """How far the frame is scrolled."""
        return float(self.page.evaluate("document.querySelector('.stage iframe').contentWindow.scrollY"))


@dataclass(slots=True)
class Newsroom:
    """The project, where its preview is, and the windows that are open."""

    project: Project
    address: str
    browser: Browser
    windows: list[Window] = field(default_factory=list)

    def open(self, fragment: str = "issue=probe", **context: Any) -> Window:
        """A window of a session of its own, at the desk."""
        settings = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **context}
        page = self.browser.new_context(**settings).new_page()
        page.set_default_timeout(PATIENCE)
        window = Window(page)
        page.on("console", lambda said: said.type == "error" and window.complaints.append(said.text))
        page.on("pageerror", lambda error: window.complaints.append(str(error)))
        page.on("request", lambda request: window.asked.append(request.url))
        page.goto(f"{self.address}#{fragment}")
        self.windows.append(window)
        return window

    @property
    def issue(self) -> Path:
        """The file that tests write into."""
        return self.project.folder / "issues" / "probe" / "issue.yaml"

    def write(self, text: str) -> None:
        """Saves the issue."""
        self.issue.write_text(text, encoding="utf-8")

    def restore(self) -> None:
        """The issue and its picture as they were in the beginning."""
        picture = self.issue.with_name("bild.jpg")
        if not picture.exists():
            picture.write_bytes((self.project.folder / "issues/2026-11/kanalradweg.jpg").read_bytes())
        if not self.issue.exists() or self.issue.read_text(encoding="utf-8") != PROBE:
            self.write(PROBE)


@contextmanager
def open_newsroom(folder: Path, browser: Browser, *arguments: str, language: str = "de") -> Iterator[Newsroom]:
    """The sample newsletter with one more issue, `probe`, and a preview of it."""
    folder.mkdir(exist_ok=True)
    project = sample_project(folder)
    project.environ["RUHRMAIL_LANG"] = language
    (folder / "issues" / "probe").mkdir()
    newsroom = Newsroom(project, "", browser)
    newsroom.restore()
    inbox = ("--inbox-dir", str(folder / "inbox"))
    with project.service("preview", "--no-open", "--port", "0", *inbox, *arguments, ready=ADDRESS) as address:
        newsroom.address = address
        yield newsroom

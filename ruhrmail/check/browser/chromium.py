"""Chromium, opened once for all issues of a run; whatever it does not finish ends in `Lost`, never in waiting."""

import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ruhrmail.errors import RuhrmailError
from ruhrmail.files import is_file
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    import asyncio

    from playwright.async_api import Browser as Process
    from playwright.async_api import BrowserContext, Playwright

    from ruhrmail.check.browser.look import Look

T = TypeVar("T")
NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
"""The first two draw the same pictures in half the processor time: the engine, without the windows around it."""
QUIET = (
    "disable-quic",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
    "no-first-run",
    "disable-dev-shm-usage",
)
NOWHERE = ("host-resolver-rules=MAP * ~NOTFOUND",)
"""No name leads anywhere: what a page needs comes from memory."""
STEADY = ("force-color-profile=srgb", "disable-lcd-text", "font-render-hinting=none", "hide-scrollbars")
LIMIT = 120.0
"""Seconds for one mail or page in all its forms; one takes two or three, on a busy machine twenty."""
START_LIMIT, END_LIMIT = 30.0, 5.0
INSTALL = phrase("install Chromium (apt install chromium), or name another with RUHRMAIL_BROWSER=/path/to/chromium")


class Lost(Exception):
    """The browser did not finish with a page; `reason` says why."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(slots=True)
class Browser:
    """A browser at work, started anew after it was lost; `limit` is how many seconds a page may take.

    `pictures` takes pictures of every view and not only of those that are compared; `looks` is what was seen of the
    issue `slug`, the one at hand.
    """

    executable: Path
    runner: "asyncio.Runner"
    pictures: bool = False
    limit: float = LIMIT
    playwright: "Playwright | None" = None
    process: "Process | None" = None
    major: int = 0
    slug: str = ""
    looks: "tuple[Look, ...]" = ()

    def show(self, task: "Callable[[BrowserContext], Awaitable[T]]") -> T:
        """What a task makes of a fresh context. Raises Lost when it fails, takes too long or the browser dies."""
        import asyncio

        from playwright.async_api import Error

        try:
            return self.runner.run(asyncio.wait_for(self.within(task), self.limit))
        except TimeoutError:
            self.stop()
            raise Lost(phrase("it was not finished after {seconds} seconds", seconds=round(self.limit))) from None
        except Error as error:
            self.stop()
            raise Lost(phrase("Playwright says {reason}", reason=first_line(error))) from error

    async def within(self, task: "Callable[[BrowserContext], Awaitable[T]]") -> T:
        """The task in a context of its own."""
        if self.process is None:
            await self.start()
        assert self.process is not None
        context = await self.process.new_context(
            service_workers="block", device_scale_factor=1, reduced_motion="reduce"
        )
        found = await task(context)
        await context.close()
        return found

    async def start(self) -> None:
        """Starts Playwright and the browser. Raises playwright's Error."""
        from playwright.async_api import async_playwright

        self.playwright = await async_playwright().start()
        flags = [f"--{flag}" for flag in (*QUIET, *NOWHERE, *STEADY, *(("no-sandbox",) if is_root() else ()))]
        self.process = await self.playwright.chromium.launch(
            executable_path=str(self.executable), args=flags, timeout=START_LIMIT * 1000
        )
        self.major = int(self.process.version.partition(".")[0])

    def stop(self) -> None:
        """Ends the browser, however it is; Playwright's driver takes it along."""
        process, playwright = self.process, self.playwright
        self.process = self.playwright = None
        for end in (process and process.close, playwright and playwright.stop):
            if end:
                self.run_to_end(end)

    def run_to_end(self, end: Callable[[], Awaitable[None]]) -> None:
        """Closing something that may be dead already."""
        import asyncio

        from playwright.async_api import Error

        async def closing() -> None:
            await asyncio.wait_for(end(), END_LIMIT)

        with suppress(Error, TimeoutError):
            self.runner.run(closing())


@contextmanager
def open_browser(named: str = "", *, pictures: bool = False) -> Iterator[Browser]:
    """The browser at `named`, else the system's; ended with the block. Raises RuhrmailError where there is none."""
    executable = find_executable(named)
    demand_packages()
    import asyncio

    from playwright.async_api import Error

    with asyncio.Runner() as runner:
        browser = Browser(executable, runner, pictures)
        try:
            try:
                runner.run(asyncio.wait_for(browser.start(), START_LIMIT))
            except (Error, TimeoutError) as error:
                reason = first_line(error) or "timeout"
                message = phrase("{browser} does not start: {reason}", browser=executable, reason=reason)
                raise RuhrmailError(message, hint=INSTALL) from error
            yield browser
        finally:
            browser.stop()


def find_executable(named: str) -> Path:
    """Where the browser lies. Raises RuhrmailError where nothing is."""
    if named:
        found = named if is_file(Path(named)) else shutil.which(named)
        if not found:
            raise RuhrmailError(phrase("there is no browser at {path} (RUHRMAIL_BROWSER)", path=named), hint=INSTALL)
        return Path(found)
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise RuhrmailError(phrase("--browser needs Chromium, and there is none"), hint=INSTALL)
    return Path(path)


def demand_packages() -> None:
    """Raises RuhrmailError where the packages of the extra are missing."""
    try:
        import axe_playwright_python  # noqa: F401
        import playwright.async_api  # noqa: F401
    except ImportError as error:
        message = phrase("--browser needs packages that are not installed: {name}", name=error.name)
        raise RuhrmailError(message, hint=phrase('install them: pip install "ruhrmail[browser]"')) from error


def is_root() -> bool:
    """Whether Chromium would refuse to run with its sandbox."""
    return sys.platform != "win32" and os.geteuid() == 0


def first_line(error: BaseException) -> str:
    """An error in short."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "")

"""Debian's Chromium, driven by Playwright.

Its headless shell is the same engine without the windows around it, which take more than half of the processor time.
`tests/render/test_visual.py` takes pictures with both.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

WHOLE, SHELL = Path("/usr/bin/chromium"), Path("/usr/bin/chromium-headless-shell")
CHROMIUM = SHELL if SHELL.exists() else WHOLE
QUIET = ("no-sandbox", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync")


@contextmanager
def open_browser(
    more: tuple[str, ...] = (), environment: Mapping[str, str] | None = None, program: Path = CHROMIUM
) -> Iterator[Any]:
    """A browser for some tests; without Chromium they are skipped with the command to install it, in CI they fail."""
    if not program.exists():
        message = "Chromium is missing: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = [f"--{flag}" for flag in (*QUIET, *more)]
        browser = playwright.chromium.launch(executable_path=str(program), args=flags, env=environment)
        yield browser
        browser.close()

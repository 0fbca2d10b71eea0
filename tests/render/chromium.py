"""Debian's Chromium, driven by Playwright."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ("no-sandbox", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync")


@contextmanager
def open_browser(more: tuple[str, ...] = (), environment: Mapping[str, str] | None = None) -> Iterator[Any]:
    """A browser for some tests; without Chromium they are skipped with the command to install it, in CI they fail."""
    if not CHROMIUM.exists():
        message = "Chromium is missing: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = [f"--{flag}" for flag in (*QUIET, *more)]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags, env=environment)
        yield browser
        browser.close()

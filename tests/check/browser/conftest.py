"""One browser for all tests of this folder."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ruhrmail.check import Equipment
from ruhrmail.check.browser import open_browser
from ruhrmail.config import load_config
from ruhrmail.flows.check import inspect_project
from ruhrmail.flows.viewing import Viewing
from ruhrmail.model.finding import Finding
from ruhrmail.triage import Gaps
from tests.check.desk import write_project

KINDS = ("visual/", "a11y/axe", "privacy/request", "check/browser")


@pytest.fixture(scope="session")
def chromium():
    with open_browser(os.environ.get("RUHRMAIL_BROWSER", "")) as browser:
        yield browser


@pytest.fixture
def browser(chromium):
    """The browser as it is before a run."""
    chromium.slug, chromium.looks, chromium.pictures = "", (), False
    return chromium


@pytest.fixture(scope="session")
def inspect(chromium) -> Callable[..., list[Finding]]:
    """What `check --browser` finds in a project, of rules that need a browser alone."""

    def inspect(folder: Path, viewing: Viewing | None = None, slugs: tuple[str, ...] = ("one",)) -> list[Finding]:
        chromium.slug, chromium.pictures = "", viewing is not None and viewing.pictures
        equipment = Equipment(frozenset({"browser"}), browser=chromium)
        with TemporaryDirectory() as shelf:
            found = inspect_project(load_config(folder, {}), slugs, Path(shelf), equipment, viewing, Gaps())
        return [one for one in found if one.rule.startswith(KINDS)]

    return inspect


@pytest.fixture
def find(inspect, tmp_path) -> Callable[[Mapping[str, object]], list[str]]:
    """The same in a project that a case describes: `severity rule file:line:column`."""

    def find(case: Mapping[str, object]) -> list[str]:
        return [f"{one.severity} {one.rule} {one.at}" for one in inspect(write_project(tmp_path, case))]

    return find

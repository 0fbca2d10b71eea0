"""What the tests in the browser share."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.preview.desk.newsroom import Newsroom, open_newsroom
from tests.render.chromium import open_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: as long as it is open, no other loop can run in the tests' process."""
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def one_newsroom(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with open_newsroom(tmp_path_factory.mktemp("newsroom"), browser) as newsroom:
        yield newsroom


@pytest.fixture
def newsroom(one_newsroom: Newsroom) -> Iterator[Newsroom]:
    """The preview with its issue as in the beginning. No window may complain, or ask any other host."""
    one_newsroom.restore()
    yield one_newsroom
    windows, one_newsroom.windows = one_newsroom.windows, []
    for window in windows:
        window.page.context.close()
    assert [] == [said for window in windows for said in window.complaints]
    assert [] == [url for window in windows for url in window.asked if not url.startswith(one_newsroom.address)]

"""What the stories of kills share."""

import os
import random
from collections.abc import Iterator

import pytest

from tests.driver.nursery import Nursery, nursery

SEED = "RUHRMAIL_TEST_SEED"


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with nursery(tmp_path_factory.mktemp("nursery")) as found:
        yield found


@pytest.fixture
def dice() -> random.Random:
    """Another seed every time; a failure shows it."""
    seed = int(os.environ.get(SEED) or random.SystemRandom().randrange(10**6))
    print(f"{SEED}={seed}")
    return random.Random(seed)

"""What several flows are tried with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ruhrmail.store import open_store
from tests.flows.choosing import ADA, BEN, NOW, Desk, person, project_with_topics


@pytest.fixture
def choosing(tmp_path: Path) -> Iterator[Desk]:
    """A newsletter with topics, Ada and Ben on its list."""
    config = project_with_topics(tmp_path)
    with open_store(config.store, now=NOW, randomness=os.urandom) as store:
        desk = Desk(config, store)
        desk.read_list([person(ADA, tags=("kultur", "vip"), first_name="Ada"), person(BEN, language="en")])
        yield desk

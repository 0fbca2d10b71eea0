"""A real store on a real file for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ruhrmail.store import Ledger, Mailing, Store, begin_mailing, enrol, open_store, sync_roster
from tests.store.samples import MESSAGE, NOW, counting, crowd, new_mailing


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/state/state.db"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url, now=NOW, randomness=counting()) as opened:
        yield opened


@pytest.fixture
def mailing(store: Store) -> Mailing:
    return begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW)


@pytest.fixture
def ledger(store: Store, mailing: Mailing) -> Ledger:
    """A mailing with five recipients."""
    sync_roster(store, crowd(5), "sha", NOW)
    enrol(store, mailing, NOW)
    return Ledger(store, mailing)

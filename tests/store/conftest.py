"""A real store for every test: on a file, and in a PostgreSQL database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ruhrmail.store import Ledger, Mailing, Store, begin_mailing, enrol, open_store, sync_roster
from tests.servers.postgresql import Server
from tests.store.samples import MESSAGE, NOW, counting, crowd, new_mailing

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@pytest.fixture(scope="session")
def pattern(cluster: Server) -> str:
    """The address of a PostgreSQL database with a new store, which nobody uses: to copy it takes half as long as to
    make one."""
    url = cluster.database()
    with open_store(url, now=NOW, randomness=counting()):
        return url


@pytest.fixture
def made(cluster: Server, pattern: str) -> Iterator[str]:
    """The address of a PostgreSQL database of this test's own with a new store."""
    url = cluster.copy(pattern)
    yield url
    cluster.remove(url)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where there is no store yet, or only the new one of the test. What only one database does asks for it:
    `tests.store.samples.on_sqlite`."""
    if request.param == POSTGRESQL:
        return str(request.getfixturevalue("made" if "store" in request.fixturenames else "database"))
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

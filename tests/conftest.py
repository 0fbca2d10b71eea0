"""Servers that many tests share: one for each process that runs tests, started when the first test wants it."""

from collections.abc import Iterator

import pytest

from tests.servers.postgresql import QUICK, Server, postgresql


@pytest.fixture(scope="session")
def cluster() -> Iterator[Server]:
    """A PostgreSQL server that answers fast and would not survive a power cut."""
    with postgresql(**QUICK) as server:
        yield server


@pytest.fixture
def database(cluster: Server) -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test's own."""
    url = cluster.database()
    yield url
    cluster.drop(url)

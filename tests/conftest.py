"""Servers that many tests share: one for each process that runs tests, started when the first test wants it."""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.servers.gatehouse import Gate, gatehouse
from tests.servers.postgresql import QUICK, Server, postgresql

settings.register_profile("unhurried", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")  # no test judges how fast a busy machine is
MEMORY = Path("/dev/shm")
ROOM = 4 << 30


def pytest_configure() -> None:
    """All temporary files lie in memory where there is room for them: no test proves that a disk keeps what it got."""
    keep_bytecode()
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM and runs_programs():
        os.environ["TMPDIR"] = str(MEMORY)


def keep_bytecode() -> None:
    """Lets a thousand processes find compiled what one of them has read, also where a machine forbids to write it."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def pytest_collection_finish() -> None:
    """What was collected stays to the end, so the garbage collector need not look through it again and again."""
    gc.freeze()


def runs_programs() -> bool:
    """Whether files there may be executed; some systems forbid it."""
    return not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC


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


@pytest.fixture(scope="session")
def gates() -> Iterator[Gate]:
    """A PostgreSQL server with TLS, roles and rules."""
    with gatehouse() as opened:
        yield opened


@pytest.fixture
def gate(gates: Gate) -> Iterator[Gate]:
    """The same with an empty database."""
    yield gates
    gates.sweep()

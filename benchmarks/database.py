"""A PostgreSQL server to measure on, whose word is good (fsync on), and what its processes took."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.postgresql import Server, postgresql

SETTINGS = {"shared_buffers": "256MB", "max_wal_size": "1GB"}
"""Little beside what a server of its own would have."""
TICKS = os.sysconf("SC_CLK_TCK")
PARENT, SPENT, SPENT_BY_THE_DEAD = 1, slice(11, 13), slice(11, 15)
"""Places in /proc/PID/stat (proc(5)) after the command's name: ppid; utime and stime; these with those of children."""


@contextmanager
def measured_server() -> Iterator[Server]:
    """A running server."""
    with postgresql(**SETTINGS) as server:
        yield server


def processor_time(server: Server) -> float:
    """CPU seconds of all the server's processes so far, those that have ended too."""
    assert server.process is not None
    own = server.process.pid
    ticks = sum(map(int, stat_of(own)[SPENT_BY_THE_DEAD]))
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (found := stat_of(int(entry.name))) and found[PARENT] == str(own):
            ticks += sum(map(int, found[SPENT]))
    return ticks / TICKS


def stat_of(pid: int) -> list[str]:
    """What the system says of a process, from its state on; nothing for one that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []

"""A part of a core for a process, by control groups of either version (Linux, root)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.receivers import Missing

ROOTS = (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup"))
PERIOD = 10_000
"""Microseconds after which a process may go on."""


@contextmanager
def allotted(pid: int, portion: float) -> Iterator[None]:
    """Holds a process and its threads to a part of a core; 0: does nothing. Raises Missing where it may not."""
    if not portion:
        yield
        return
    root = next((one for one in ROOTS if (one / "cgroup.procs").exists()), None)
    if root is None:
        raise Missing("no control groups for processor time on this machine")
    group = root / f"ruhrmail-bench-{os.getpid()}-{pid}"
    try:
        group.mkdir()
        bound(group, portion)
        (group / "cgroup.procs").write_text(str(pid), encoding="ascii")
    except OSError as error:
        if group.exists():
            group.rmdir()
        raise Missing(f"processor time cannot be divided here: {error}") from error
    try:
        yield
    finally:
        (root / "cgroup.procs").write_text(str(pid), encoding="ascii") if Path(f"/proc/{pid}").exists() else None
        group.rmdir()


def bound(group: Path, portion: float) -> None:
    """Writes the bound down in the words of the kernel's version."""
    allowed = round(portion * PERIOD)
    if (group / "cpu.cfs_quota_us").exists():
        (group / "cpu.cfs_period_us").write_text(str(PERIOD), encoding="ascii")
        (group / "cpu.cfs_quota_us").write_text(str(allowed), encoding="ascii")
    else:
        (group / "cpu.max").write_text(f"{allowed} {PERIOD}", encoding="ascii")

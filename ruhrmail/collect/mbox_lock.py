"""The locks that programs take on an mbox file: the system's, and a file beside it."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ruhrmail.errors import MailboxError
from ruhrmail.model.phrase import phrase

PATIENCE = 10.0
"""Seconds that somebody else may hold the file."""
STEP = 0.05


@contextmanager
def locked(file: BinaryIO, path: Path, *, writing: bool) -> Iterator[None]:
    """Nobody appends to the file while the block runs.

    For reading the system's lock will do, and only for a moment; for writing both are taken, for some programs look
    only at `FILE.lock`. Raises MailboxError where that takes too long, OSError where the folder cannot be written.
    """
    beside = path.with_name(path.name + ".lock") if writing else None
    end = time.monotonic() + PATIENCE
    if beside:
        wait_for(lambda: claim(beside), end, path)
    try:
        wait_for(lambda: system_lock(file, writing=writing), end, path)
        try:
            yield
        finally:
            system_unlock(file)
    finally:
        if beside:
            beside.unlink(missing_ok=True)


def claim(beside: Path) -> bool:
    """Makes `FILE.lock`; False while another's is there."""
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    return True


def wait_for(take: Callable[[], bool], end: float, path: Path) -> None:
    """Tries until it works. Raises MailboxError."""
    while not take():
        if time.monotonic() > end:
            raise MailboxError(
                phrase("{path} is locked by another program", path=path),
                hint=phrase("run the command again; nothing counts twice"),
            )
        time.sleep(STEP)


if sys.platform == "win32":

    def system_lock(file: BinaryIO, *, writing: bool) -> bool:
        """There is none that others heed."""
        return True

    def system_unlock(file: BinaryIO) -> None:
        """Nothing to give back."""

else:
    import fcntl

    def system_lock(file: BinaryIO, *, writing: bool) -> bool:
        """Takes the lock of `lockf`; False while another has it."""
        try:
            fcntl.lockf(file, (fcntl.LOCK_EX if writing else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        return True

    def system_unlock(file: BinaryIO) -> None:
        """Gives it back."""
        fcntl.lockf(file, fcntl.LOCK_UN)

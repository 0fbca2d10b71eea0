"""One sender per store."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ruhrmail.errors import StoreLocked
from ruhrmail.model.phrase import phrase
from ruhrmail.store.sqlite import path_of
from ruhrmail.store.troubles import folder_error

WAIT_OR_STOP = phrase("wait until it is done, or stop it with Ctrl+C where it runs")


@contextmanager
def sender_lock(url: str, *, now: datetime, pid: int) -> Iterator[None]:
    """Makes this process the store's only sender while the block runs; the system frees the lock of a killed one.

    Raises StoreLocked, naming the holder, when another process sends from this store; StoreError when the lock
    cannot be written.
    """
    path = path_of(url)
    lock = FileLock(beside(path, ".sender.lock"), timeout=0, mode=0o600, thread_local=False)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise refusal(path) from error
    except OSError as error:
        raise folder_error(path, error) from error
    try:
        sign(path, now, pid)
        yield
    finally:
        # A disk that broke off meanwhile must not hide why: a note that stays says nothing once the lock is free.
        with suppress(OSError):
            beside(path, ".sender.json").unlink()
        lock.release()


def beside(path: Path, ending: str) -> Path:
    """A file next to the store's."""
    return path.with_name(path.name + ending)


def sign(path: Path, now: datetime, pid: int) -> None:
    """Leaves a note saying who holds the lock; the lock file itself is emptied by everyone who tries it."""
    note, draft = beside(path, ".sender.json"), beside(path, ".sender.json.new")
    try:
        draft.write_text(json.dumps({"pid": pid, "since": now.isoformat()}), encoding="utf-8")
        draft.chmod(0o600)
        draft.replace(note)
    except OSError as error:
        raise folder_error(note, error) from error


def refusal(path: Path) -> StoreLocked:
    """The error for the second sender, naming the first where it has left its note already."""
    try:
        note = json.loads(beside(path, ".sender.json").read_text(encoding="utf-8"))
        since = f"{datetime.fromisoformat(note['since']):%Y-%m-%d %H:%M} UTC"
        message = phrase(
            "process {pid} has been sending from this store since {since}",
            pid=note["pid"],
            since=since,
        )
    except (OSError, ValueError, KeyError):
        message = phrase("another process is sending from this store")
    return StoreLocked(message, hint=WAIT_OR_STOP)

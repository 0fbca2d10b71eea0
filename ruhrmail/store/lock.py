"""One sender per store, and who that is."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ruhrmail.errors import StoreLocked
from ruhrmail.model.phrase import phrase
from ruhrmail.store.sqlite import path_of
from ruhrmail.store.troubles import folder_error

WAIT_OR_STOP = phrase("wait until it is done, or stop it with Ctrl+C where it runs")


PATIENCE = 0.25
"""Seconds that a sender tries: whoever only looks holds the lock for less than a thousandth of that."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that sends from a store: its number, since when (UTC), and what (a mailing's name, may be empty).

    `pid` is 0 where it has left no note yet.
    """

    pid: int = 0
    since: datetime | None = None
    mailing: str = ""


@contextmanager
def sender_lock(url: str, *, now: datetime, pid: int, mailing: str = "") -> Iterator[None]:
    """Makes this process the store's only sender while the block runs; the system frees the lock of a killed one.

    `mailing` is told to whoever asks what is being sent. Raises StoreLocked, naming the holder, when another process
    sends from this store; StoreError when the lock cannot be written.
    """
    path = path_of(url)
    lock = FileLock(beside(path, ".sender.lock"), timeout=PATIENCE, mode=0o600, thread_local=False)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire(poll_interval=PATIENCE / 10)
    except Timeout as error:
        raise refusal(path) from error
    except OSError as error:
        raise folder_error(path, error) from error
    try:
        sign(path, Holder(pid, now, mailing))
        yield
    finally:
        # A disk that broke off meanwhile must not hide why: a note that stays says nothing once the lock is free.
        with suppress(OSError):
            beside(path, ".sender.json").unlink()
        lock.release()


def beside(path: Path, ending: str) -> Path:
    """A file next to the store's."""
    return path.with_name(path.name + ending)


def find_sender(url: str) -> Holder | None:
    """The process that sends from the store right now; None when none does, after a kill too.

    Leaves nothing behind, and no sender that starts meanwhile fails for it.
    """
    path = path_of(url)
    return read_note(path) if is_held(beside(path, ".sender.lock")) else None


if sys.platform == "win32":

    def is_held(lock: Path) -> bool:
        """Whether a process holds the lock in this file."""
        probe = FileLock(lock, timeout=0)
        if not lock.is_file():
            return False
        try:
            probe.acquire()
        except Timeout:
            return True
        probe.release()
        return False

else:
    import fcntl

    def is_held(lock: Path) -> bool:
        """Whether a process holds the lock in this file. A shared lock for an instant: others may look as well."""
        try:
            with lock.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False
        except OSError as error:
            raise folder_error(lock, error) from error
        return False


def sign(path: Path, holder: Holder) -> None:
    """Leaves a note saying who holds the lock; the lock file itself is emptied by everyone who tries it."""
    note, draft = beside(path, ".sender.json"), beside(path, ".sender.json.new")
    since = holder.since.isoformat() if holder.since else None
    text = json.dumps({"pid": holder.pid, "since": since, "mailing": holder.mailing})
    try:
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o600)
        draft.replace(note)
    except OSError as error:
        raise folder_error(note, error) from error


def read_note(path: Path) -> Holder:
    """What the holder of the lock says about itself; an empty holder before it has said anything."""
    try:
        note = json.loads(beside(path, ".sender.json").read_text(encoding="utf-8"))
        return Holder(int(note["pid"]), datetime.fromisoformat(note["since"]), str(note.get("mailing", "")))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder()


def refusal(path: Path) -> StoreLocked:
    """The error for the second sender, naming the first where it has left its note already."""
    holder = read_note(path)
    message = phrase("another process is sending from this store")
    if holder.since is not None:
        since = f"{holder.since:%Y-%m-%d %H:%M} UTC"
        message = phrase("process {pid} has been sending from this store since {since}", pid=holder.pid, since=since)
    return StoreLocked(message, hint=WAIT_OR_STOP)

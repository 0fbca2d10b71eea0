"""One sender per store, one who waits per mailing, and who they are."""

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from ruhrmail.errors import StoreLocked
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import postgres, postgres_lock
from ruhrmail.store.holder import Holder, from_note, to_note
from ruhrmail.store.sqlite_files import path_of
from ruhrmail.store.troubles import folder_error

WAIT_OR_STOP = phrase(
    "wait until it is done, or stop it: with Ctrl+C where it runs, or with `ruhrmail stop SLUG` from anywhere"
)
SENDER = ".sender"
SAFE = re.compile(r"[A-Za-z0-9._@+-]{0,120}")
PATIENCE = 0.25
"""Seconds that a process tries: whoever only looks holds the lock for less than a thousandth of that."""


@contextmanager
def sender_lock(url: str, *, now: datetime, pid: int, mailing: str = "", host: str = "") -> Iterator[None]:
    """Makes this process the store's only sender while the block runs; the system frees the lock of a killed one.

    `mailing` is told to whoever asks what is being sent, and `host` where a database has many. Raises StoreLocked,
    naming the holder, when another process sends from this store; StoreError when the lock cannot be written.
    """
    with holding(url, SENDER, Holder(pid, now, mailing, host)):
        yield


@contextmanager
def waiting_lock(url: str, *, now: datetime, pid: int, mailing: str, host: str = "") -> Iterator[None]:
    """Says while the block runs that this process waits for a mailing's time. Raises StoreLocked, StoreError."""
    role = role_of(mailing)
    with holding(url, role, Holder(pid, now, mailing, host)):
        yield
    if not postgres.is_address(url):
        with suppress(OSError):
            beside(path_of(url), role + ".lock").unlink()


def find_sender(url: str) -> Holder | None:
    """The process that sends from the store right now; None when none does, after a kill too.

    Leaves nothing behind, and nobody who begins meanwhile fails for it.
    """
    return find_holder(url, SENDER)


def find_waiting(url: str, mailing: str) -> Holder | None:
    """The process that waits for a mailing's time; None when none does."""
    return find_holder(url, role_of(mailing))


def ensure_nobody_waits(url: str, mailing: str) -> None:
    """Raises StoreLocked where another process waits for a mailing's time: its plan is not changed below it."""
    holder = find_waiting(url, mailing)
    if holder is not None:
        raise refusal(holder, role_of(mailing))


def role_of(mailing: str) -> str:
    """How the files of whoever waits for a mailing end."""
    name = mailing.replace("/", "+")
    if not SAFE.fullmatch(name):  # an expression for an audience may hold anything
        name = f"{SAFE.match(name)[0]}+{sha256(mailing.encode()).hexdigest()[:16]}"  # type: ignore[index]
    return ".waiting-" + name


@contextmanager
def holding(url: str, role: str, holder: Holder) -> Iterator[None]:
    """Holds a role in the store at `url` while the block runs. Raises StoreLocked, StoreError."""
    if not postgres.is_address(url):
        with held(path_of(url), role, replace(holder, host="")):
            yield
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(postgres_lock.held(url, role, holder))
        except postgres_lock.Taken as error:
            raise refusal(postgres_lock.find_holder(url, role) or Holder(), role) from error
        yield


@contextmanager
def held(path: Path, role: str, holder: Holder) -> Iterator[None]:
    """Holds a lock beside the store's file, with a note about who does."""
    lock = FileLock(beside(path, role + ".lock"), timeout=PATIENCE, mode=0o600, thread_local=False)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire(poll_interval=PATIENCE / 10)
    except Timeout as error:
        raise refusal(read_note(path, role), role) from error
    except OSError as error:
        raise folder_error(path, error) from error
    try:
        sign(path, role, holder)
        yield
    finally:
        # A disk that broke off meanwhile must not hide why: a note that stays says nothing once the lock is free.
        with suppress(OSError):
            beside(path, role + ".json").unlink()
        lock.release()


def beside(path: Path, ending: str) -> Path:
    """A file next to the store's."""
    return path.with_name(path.name + ending)


def find_holder(url: str, role: str) -> Holder | None:
    """Who holds a role, as far as they have said."""
    if postgres.is_address(url):
        return postgres_lock.find_holder(url, role)
    path = path_of(url)
    return read_note(path, role) if is_held(beside(path, role + ".lock")) else None


if sys.platform == "win32":

    def is_held(lock: Path) -> bool:
        """Whether a process holds the lock in this file."""
        if not lock.is_file():
            return False
        probe = FileLock(lock, timeout=0)
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


def sign(path: Path, role: str, holder: Holder) -> None:
    """Leaves a note saying who holds the lock; the lock file itself is emptied by everyone who tries it."""
    note, draft = beside(path, role + ".json"), beside(path, role + ".json.new")
    try:
        draft.write_text(to_note(holder), encoding="utf-8")
        draft.chmod(0o600)
        draft.replace(note)
    except OSError as error:
        raise folder_error(note, error) from error


def read_note(path: Path, role: str) -> Holder:
    """What the holder of a lock says about itself; an empty holder before it has said anything."""
    try:
        return from_note(beside(path, role + ".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Holder()


def refusal(holder: Holder, role: str) -> StoreLocked:
    """The error for the second one, naming the first where it has left its note already."""
    return StoreLocked(said_by(holder) if role == SENDER else waits_already(holder), hint=WAIT_OR_STOP)


def said_by(holder: Holder) -> Phrase:
    """What is said about the sender."""
    if holder.since is None:
        return phrase("another process is sending from this store")
    since = f"{holder.since.astimezone():%Y-%m-%d %H:%M:%S}"
    return phrase("process {pid} has been sending from this store since {since}", pid=holder.name, since=since)


def waits_already(holder: Holder) -> Phrase:
    """What is said about whoever waits for a mailing."""
    return phrase("process {pid} waits already for the time of this mailing", pid=holder.name)

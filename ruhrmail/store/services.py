"""Which web services answer for a store: each holds a lock of its own, which the system frees when it dies."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from ruhrmail.errors import StoreLocked
from ruhrmail.model.phrase import phrase
from ruhrmail.store import postgres, postgres_lock
from ruhrmail.store.holder import Holder
from ruhrmail.store.lock import beside, holding, is_held, read_note
from ruhrmail.store.opening import Randomness
from ruhrmail.store.sqlite_files import path_of

SERVICE = ".serving-"
NAME_BYTES = 4


@contextmanager
def serving_lock(url: str, *, now: datetime, pid: int, host: str, randomness: Randomness) -> Iterator[None]:
    """Says while the block runs that this process serves the store at `url`, as any number may. Raises StoreError."""
    role = SERVICE + randomness(NAME_BYTES).hex()
    with holding(url, role, Holder(pid, now, host=host)):
        yield
    if not postgres.is_address(url):
        with suppress(OSError):
            beside(path_of(url), role + ".lock").unlink()


def ensure_no_services(url: str) -> None:
    """Raises StoreLocked where a web service answers for a store: who leaves there while it is copied would be missing
    in the copy."""
    alive = find_services(url)
    if alive:
        names = ", ".join(sorted(one.name for one in alive))
        raise StoreLocked(
            phrase("the web service answers for this store: {names}", names=names),
            hint=phrase("stop it, and start it again where the copy is its store: who leaves meanwhile comes again"),
        )


def find_services(url: str) -> Sequence[Holder]:
    """The services of a store that live, as they named themselves. What dead ones left behind goes. Raises
    StoreError."""
    if postgres.is_address(url):
        return postgres_lock.find_holders(url, SERVICE)
    path = path_of(url)
    locks = path.parent.glob(f"{path.name}{SERVICE}*.lock") if path.parent.is_dir() else ()
    return [found for lock in locks if (found := service_at(path, lock)) is not None]


def service_at(path: Path, lock: Path) -> Holder | None:
    """Who holds a lock beside the store's file; None where nobody does."""
    role = lock.name.removeprefix(path.name).removesuffix(".lock")
    if is_held(lock):
        return read_note(path, role)
    note = beside(path, role + ".json")
    if note.exists():  # it was held: one without a note may be about to be
        for left in (note, lock):
            with suppress(OSError):
                left.unlink()
    return None

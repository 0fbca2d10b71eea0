"""What no file watcher sees: the local inbox, the store, and a list outside the project, looked at now and then."""

import asyncio
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ruhrmail.flows.newsroom import SQLITE
from ruhrmail.flows.roster import roster_path
from ruhrmail.preview.mailbox import FOLDERS
from ruhrmail.preview.press import Press

PERIOD = 0.5
"""Seconds between two looks."""
STORE_PERIOD = 3.0
"""Seconds between two times that windows are told of the store."""
TICK, SECOND = 20_000_000, 1_000_000_000
"""Nanoseconds in which a file may change twice and have one time of change; where those have no fractions, two seconds
(FAT)."""
Stamp = tuple[tuple[int, int] | None, ...]


@dataclass(slots=True)
class Glance:
    """Looks until it is stopped, and tells the windows.

    `inbox` is the Maildir, `clock` tells nanoseconds as files do.
    """

    press: Press
    inbox: Path
    stop: asyncio.Event
    seen: dict[str, Stamp] = field(default_factory=dict)
    store_news: bool = False
    quiet_until: float = 0.0
    clock: Callable[[], int] = time.time_ns

    async def run(self) -> None:
        """Looks every half second."""
        while not self.stop.is_set():
            await self.look()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), PERIOD)

    async def look(self) -> None:
        """One look."""
        if self.is_new("inbox", stamps(self.inbox / name for name in FOLDERS)):
            self.press.windows.announce("inbox", {"count": count_files(self.inbox)})
        self.store_news |= self.is_new("store", stamps(self.store_files()))
        if self.store_news and asyncio.get_running_loop().time() >= self.quiet_until:
            self.tell_of_store()
        away = [path for path in self.distant_files() if self.is_new(str(path), stamps([path]))]
        if away:
            await self.press.changed(away)

    def tell_of_store(self) -> None:
        """Mailings are counted anew, for every window once; while mail is being sent, not all the time."""
        self.store_news = False
        self.quiet_until = asyncio.get_running_loop().time() + STORE_PERIOD
        self.press.newsroom.forget()
        self.press.tell_state()

    def is_new(self, name: str, stamp: Stamp) -> bool:
        """Whether something may have changed since the last look; the first one only learns.

        What changed a moment ago may do so once more, with the same size, and its stamp stays: it is new twice.
        """
        before = self.seen.get(name)
        self.seen[name] = (*stamp, None) if may_change_unseen(stamp, self.clock()) else stamp
        return before is not None and before != stamp

    def store_files(self) -> list[Path]:
        """The files of a store that is a file."""
        config = self.press.proofs.config
        if config is None or not config.store.startswith(SQLITE):
            return []
        path = config.store.removeprefix(SQLITE)
        return [Path(path), Path(f"{path}-wal")]

    def distant_files(self) -> list[Path]:
        """The list, where it does not lie in the project's own folder, which is followed."""
        config = self.press.proofs.config
        path = roster_path(config) if config else None
        return [path] if path is not None and path.parent != self.press.proofs.project else []


def stamps(paths: Iterable[Path]) -> Stamp:
    """What changes when files do."""
    return tuple(map(stamp_of, paths))


def stamp_of(path: Path) -> tuple[int, int] | None:
    """When a file or folder changed, and its size; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def may_change_unseen(stamp: Stamp, now: int) -> bool:
    """Whether a file changed so short a time before `now` that its next change may have the same time."""
    times = [one[0] for one in stamp if one is not None]
    return any(now - at < (TICK if at % SECOND else 2 * SECOND) for at in times)


def count_files(folder: Path) -> int:
    """How many messages lie in a Maildir."""
    found = 0
    for name in FOLDERS:
        with suppress(OSError), os.scandir(folder / name) as entries:
            found += sum(1 for _ in entries)
    return found

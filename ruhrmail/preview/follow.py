"""Files that change to news for the press."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, awatch

from ruhrmail.preview.press import Press

STEP = 5
"""Milliseconds without another change after which changes are told."""
DEBOUNCE = 60
"""Milliseconds after which they are told in any case."""
POLL = 100
FAILURES = 3
MISSING = 0.3
"""Seconds between looks for a project that is not there."""
PASSING = re.compile(r"^\.|~$|^#.*#$|\.(?:sw[a-z]|tmp|bak|part|crdownload|pyc)$|^4913$")
"""Names that editors use for a moment."""
IGNORED = frozenset({".git", ".ruhrmail", "build", "node_modules", "__pycache__", "inbox", "maildir", ".venv"})


@dataclass(slots=True)
class Follower:
    """Follows a project's files until it is stopped. `stop` belongs to this event loop."""

    press: Press
    stop: asyncio.Event
    failures: int = 0
    """How often in a row the system could not tell of changes; then files are looked at instead."""

    @property
    def project(self) -> Path:
        """The newsletter's folder."""
        return self.press.proofs.project

    async def run(self) -> None:
        """Tells the press of every change. A project that vanished is waited for."""
        while not self.stop.is_set():
            if not self.project.is_dir():
                await self.wait_for_project()
            try:
                await self.follow(self.existing())
                self.failures = 0
            except (OSError, RuntimeError):  # a folder vanished at this moment, or the system watches no more folders
                self.failures += 1
                await asyncio.sleep(MISSING)

    async def wait_for_project(self) -> None:
        """Returns when the folder is there again."""
        await self.press.changed(None)
        while not self.project.is_dir():
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), MISSING)
                return

    def existing(self) -> frozenset[Path]:
        """The folders to follow that are there."""
        return frozenset(one for one in self.press.proofs.folders() if one.is_dir())

    async def follow(self, folders: frozenset[Path]) -> None:
        """Tells changes until other folders are to be followed."""
        over = asyncio.Event()
        ending = asyncio.create_task(self.end_with(over))
        try:
            async for paths in merge_changes(self.project, folders, over, polling=self.failures >= FAILURES):
                await self.press.changed(paths or None)
                if self.existing() != folders or not self.project.is_dir():
                    return
        finally:
            over.set()
            ending.cancel()

    async def end_with(self, over: asyncio.Event) -> None:
        """Ends the watch with the preview, or when the folder is not the one that is watched: no event tells that."""
        watched = identity_of(self.project)
        while not self.stop.is_set() and identity_of(self.project) == watched:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), MISSING)
        over.set()


async def merge_changes(
    project: Path, folders: frozenset[Path], over: asyncio.Event, *, polling: bool
) -> AsyncIterator[frozenset[Path]]:
    """The changes in the project's own folder, and in these folders with all below them.

    The first one is empty and comes once they are watched: what changed before, nobody knows. `polling`: the files are
    looked at again and again. Raises OSError and RuntimeError where they cannot be followed.
    """
    news: asyncio.Queue[frozenset[Path] | None] = asyncio.Queue()

    async def read(paths: frozenset[Path], recursive: bool) -> None:
        try:
            async for changes in awatch(
                *paths,
                watch_filter=lambda _change, path: is_of_interest(project, Path(path)),
                step=STEP,
                debounce=DEBOUNCE,
                recursive=recursive,
                stop_event=over,
                raise_interrupt=False,
                force_polling=polling or None,
                poll_delay_ms=POLL,
            ):
                news.put_nowait(paths_of(changes))
        finally:
            news.put_nowait(None)

    tasks = [asyncio.create_task(read(frozenset({project}), False))]
    tasks += [asyncio.create_task(read(folders, True))] if folders else []
    await asyncio.sleep(0)
    try:
        yield frozenset()
        while (found := await news.get()) is not None:
            while not news.empty() and (more := news.get_nowait()) is not None:
                found |= more
            yield found
    finally:
        over.set()
        for one in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(one, OSError | RuntimeError):
                raise one


def identity_of(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one of its name; None where there is none."""
    try:
        stat = folder.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def paths_of(changes: set[tuple[Change, str]]) -> frozenset[Path]:
    """Which files changed, however they did."""
    return frozenset(Path(path) for _, path in changes)


def is_of_interest(project: Path, path: Path) -> bool:
    """False for what editors leave for a moment, and for folders that are not written by people."""
    parts = path.relative_to(project).parts if path.is_relative_to(project) else path.parts[-1:]
    return bool(parts) and parts[0] not in IGNORED and not PASSING.search(parts[-1])

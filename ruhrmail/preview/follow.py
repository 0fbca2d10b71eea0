"""Files that change to news for the press."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISDIR

from ruhrmail.preview.changes import Watch
from ruhrmail.preview.press import Press

FAILURES = 3
"""Failures in a row after which files are looked at again and again instead."""
MOST_FAILURES = 20
"""Failures in a row after which that does not work either."""
MISSING = 0.3
"""Seconds between two looks whether the folders are there."""
Identity = tuple[int, int]
Folders = Mapping[Path, Identity]
"""Folders by their paths, each with what tells it from another one of its name."""


@dataclass(slots=True)
class Follower:
    """Follows a project's files until it is stopped. `stop` belongs to this event loop."""

    press: Press
    stop: asyncio.Event
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once files are followed: whatever is read from then on is as new as it can be."""
    failures: int = 0
    """How often in a row the system could not tell of changes."""

    @property
    def project(self) -> Path:
        """The newsletter's folder."""
        return self.press.proofs.project

    async def run(self) -> None:
        """Tells the press of every change. A project that vanished is waited for.

        Raises OSError or RuntimeError where its files cannot be followed in any way.
        """
        while not self.stop.is_set():
            if not self.project.is_dir():
                await self.wait_for_project()
            try:
                await self.follow(self.followed())
                self.failures = 0
            except (OSError, RuntimeError):  # a folder vanished at this moment, or the system watches no more folders
                self.failures += 1
                if self.failures > MOST_FAILURES:
                    raise
                await asyncio.sleep(MISSING)

    async def wait_for_project(self) -> None:
        """Returns when the folder is there again."""
        await self.press.changed(None)
        while not self.project.is_dir():
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), MISSING)
                return

    def followed(self) -> Folders:
        """The folders to follow that are there, the project first."""
        wanted = (self.project, *self.press.proofs.folders())
        return {one: identity for one in wanted if (identity := identity_of(one)) is not None}

    async def follow(self, folders: Folders) -> None:
        """Tells changes until other folders are to be followed."""
        over = asyncio.Event()
        ending = asyncio.create_task(self.end_with(over, folders))
        below = frozenset(folders.keys() - {self.project})
        try:
            async with aclosing(Watch(self.project, below, over, self.failures >= FAILURES).changes()) as news:
                async for paths in news:
                    await self.press.changed(paths or None)
                    self.ready.set()
                    if self.followed() != folders:
                        return
        finally:
            over.set()
            ending.cancel()

    async def end_with(self, over: asyncio.Event, folders: Folders) -> None:
        """Ends the watch with the preview, or when other folders are to be followed, such as those of the pictures of
        an issue that was opened just now, or new ones in the place of those that are watched: no event tells that."""
        while not self.stop.is_set() and self.followed() == folders:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), MISSING)
        over.set()


def identity_of(folder: Path) -> Identity | None:
    """What tells a folder from another one of its name; None where there is none."""
    try:
        stat = folder.stat()
    except OSError:
        return None
    return (stat.st_dev, stat.st_ino) if S_ISDIR(stat.st_mode) else None

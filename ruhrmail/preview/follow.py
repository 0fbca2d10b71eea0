"""Files that change to news for the press."""

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from ruhrmail.preview.changes import Watch
from ruhrmail.preview.press import Press

FAILURES = 3
"""Failures in a row after which files are looked at again and again instead."""
MISSING = 0.3
"""Seconds between two looks whether the project is there."""


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
            async with aclosing(Watch(self.project, folders, over, self.failures >= FAILURES).changes()) as news:
                async for paths in news:
                    await self.press.changed(paths or None)
                    self.ready.set()
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


def identity_of(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one of its name; None where there is none."""
    try:
        stat = folder.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino

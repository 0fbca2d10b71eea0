"""Folders to their changes, as the system tells them."""

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path

from watchfiles import Change, awatch

STEP = 5
"""Milliseconds without another change after which changes are told."""
DEBOUNCE = 60
"""Milliseconds after which they are told in any case."""
POLL = 100
"""Milliseconds between two looks where the system tells nothing."""
PASSING = re.compile(r"^\.|~$|^#.*#$|\.(?:sw[a-z]|tmp|bak|part|crdownload|pyc)$|^4913$")
"""Names that editors use for a moment."""
IGNORED = frozenset({".git", ".ruhrmail", "build", "node_modules", "__pycache__", "inbox", "maildir", ".venv"})
END = None
News = frozenset[Path] | None


@dataclass(slots=True)
class Watch:
    """The project's own folder, and `folders` with all below them, until `over`.

    `polling`: the files are looked at again and again.
    """

    project: Path
    folders: frozenset[Path]
    over: asyncio.Event
    polling: bool = False
    news: "asyncio.Queue[News]" = field(default_factory=asyncio.Queue)

    async def changes(self) -> AsyncGenerator[frozenset[Path], None]:
        """What changed, several changes at once where nobody asked in time.

        The first ones are none and come once the folders are watched: what changed before, nobody knows. Raises OSError
        and RuntimeError where they cannot be followed (any more).
        """
        tasks = [asyncio.create_task(self.read(frozenset({self.project}), recursive=False))]
        tasks += [asyncio.create_task(self.read(self.folders, recursive=True))] if self.folders else []
        await asyncio.sleep(0)
        try:
            yield frozenset()
            while (found := await self.take()) is not END:
                yield found
        finally:
            self.over.set()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        for one in ends:
            if isinstance(one, OSError | RuntimeError):
                raise one

    async def read(self, paths: frozenset[Path], *, recursive: bool) -> None:
        """Passes on what changes below these folders."""
        try:
            async for changes in awatch(
                *paths,
                watch_filter=self.is_of_interest,
                step=STEP,
                debounce=DEBOUNCE,
                recursive=recursive,
                stop_event=self.over,
                raise_interrupt=False,
                force_polling=self.polling or None,
                poll_delay_ms=POLL,
            ):
                self.news.put_nowait(frozenset(Path(path) for _, path in changes))
        finally:
            self.news.put_nowait(END)

    async def take(self) -> News:
        """All that came since the last time; END as soon as one of the folders is not watched any more."""
        found = [await self.news.get()]
        while not self.news.empty():
            found.append(self.news.get_nowait())
        paths = [one for one in found if one is not None]
        return frozenset().union(*paths) if len(paths) == len(found) else END

    def is_of_interest(self, _change: Change, path: str) -> bool:
        """False for what editors leave for a moment, and for folders that are not written by people."""
        place = Path(path)
        parts = place.relative_to(self.project).parts if place.is_relative_to(self.project) else place.parts[-1:]
        return bool(parts) and parts[0] not in IGNORED and not PASSING.search(parts[-1])

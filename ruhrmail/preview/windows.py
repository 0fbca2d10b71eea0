"""Open windows and what each is still to be told: of every kind and issue only the newest."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

MOST = 64
HEARTBEAT = 15.0
"""Seconds after which a silent stream says that it is alive."""


@dataclass(slots=True, eq=False)
class Window:
    """One stream of events. `waiting` holds what is not written yet, by kind and issue: it never grows beyond these."""

    slug: str
    waiting: dict[tuple[str, str], Mapping[str, object]] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, kind: str, data: Mapping[str, object]) -> None:
        """Something to tell; an older event of the same kind about the same issue is forgotten."""
        key = kind, str(data.get("slug", ""))
        self.waiting.pop(key, None)
        self.waiting[key] = data
        self.news.set()

    async def take(self) -> str:
        """What is to be written now (HTML standard, server-sent events); a comment where nothing happened for long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.news.wait(), HEARTBEAT)
        self.news.clear()
        told, self.waiting = self.waiting, {}
        return "".join(write_event(kind, data) for (kind, _), data in told.items()) or ": still here\n\n"


@dataclass(slots=True)
class Windows:
    """All windows, the latest last. Everything here happens in the event loop's thread."""

    open: list[Window] = field(default_factory=list)
    closed: bool = False

    @property
    def full(self) -> bool:
        """Whether there are as many as may be."""
        return len(self.open) >= MOST

    def in_view(self) -> list[str]:
        """The issues that windows look at, each once, the one of the latest window first."""
        return [slug for slug in dict.fromkeys(one.slug for one in reversed(self.open)) if slug]

    def announce(self, kind: str, data: Mapping[str, object]) -> None:
        """Tells every window."""
        for window in self.open:
            window.put(kind, data)

    async def stream(self, window: Window) -> AsyncIterator[str]:
        """What one window is told, until it goes away or the preview ends."""
        self.open.append(window)
        try:
            while not self.closed:
                yield await window.take()
            yield write_event("bye", {})
        finally:
            self.open.remove(window)

    def close(self) -> None:
        """Ends every stream."""
        self.closed = True
        for window in self.open:
            window.news.set()


def write_event(kind: str, data: Mapping[str, object]) -> str:
    """One event; JSON in ASCII holds no line break."""
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n"

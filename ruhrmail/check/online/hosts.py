"""Manners towards hosts: few requests at once, pauses where they ask for one, none for who does not answer."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ruhrmail.check.online.fetch import Failure, Reply
from ruhrmail.check.online.target import Target

AT_ONCE, PER_HOST = 16, 2
PAUSE = 0.5
"""Seconds between two tries."""


class Hosts:
    """What is known of the hosts that were asked."""

    def __init__(self) -> None:
        self.all = asyncio.Semaphore(AT_ONCE)
        self.each: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(PER_HOST))
        self.not_before: dict[str, float] = {}
        self.refused: dict[tuple[str, int], float] = {}
        self.mute: dict[tuple[str, int], Failure] = {}

    @asynccontextmanager
    async def turn(self, target: Target) -> AsyncIterator[None]:
        """A turn to ask a host: its own comes first, so that nobody who waits for a busy host blocks others."""
        async with self.each[target.host]:
            pause = self.not_before.get(target.host, 0.0) - asyncio.get_running_loop().time()
            if pause > 0:
                await asyncio.sleep(pause)
            async with self.all:
                yield

    def rest(self, target: Target, seconds: float) -> None:
        """Nobody asks this host for so many seconds."""
        until = asyncio.get_running_loop().time() + seconds
        self.not_before[target.host] = max(until, self.not_before.get(target.host, 0.0))

    def note(self, target: Target, reply: Reply | Failure) -> None:
        """Counts refused connections: a host that refuses one, and another a pause later, is not asked again."""
        place, now = (target.host, target.port), asyncio.get_running_loop().time()
        if not isinstance(reply, Failure) or reply.trouble != "refused":
            self.refused.pop(place, None)
        elif now - self.refused.setdefault(place, now) >= PAUSE:
            self.mute[place] = reply

    def known_failure(self, target: Target) -> Failure | None:
        """Why this host is not to be asked any more; None where it is."""
        return self.mute.get((target.host, target.port))

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
MOST_WAIT = 10
"""Seconds that we wait where a host asks for it; who asks for more is left alone."""
TOO_MANY = 429


class Hosts:
    """What is known of the hosts that were asked."""

    def __init__(self) -> None:
        self.all = asyncio.Semaphore(AT_ONCE)
        self.each: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(PER_HOST))
        self.not_before: dict[str, float] = {}
        self.refused: dict[tuple[str, int], float] = {}
        self.closed: dict[tuple[str, int], Reply | Failure] = {}

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
        """Counts how often a host turned us away: after one refused connection, or one answer that there were too many
        requests, and another a pause later nobody asks it any more in this run; its answer to all is that one."""
        place, now = (target.host, target.port), asyncio.get_running_loop().time()
        if not turns_away(reply):
            self.refused.pop(place, None)
        elif pause_after(reply) > MOST_WAIT or now >= self.refused.setdefault(place, now + pause_after(reply)):
            self.closed[place] = reply

    def known(self, target: Target) -> Reply | Failure | None:
        """The answer of a host that is not to be asked any more; None for all others."""
        return self.closed.get((target.host, target.port))


def turns_away(reply: Reply | Failure) -> bool:
    """True for an answer that goes for the whole host."""
    return reply.trouble == "refused" if isinstance(reply, Failure) else reply.status == TOO_MANY


def pause_after(reply: Reply | Failure) -> float:
    """Seconds until the next try makes sense."""
    asked = None if isinstance(reply, Failure) else reply.wait
    return PAUSE if asked is None else max(PAUSE, asked)

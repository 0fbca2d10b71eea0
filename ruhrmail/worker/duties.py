"""What else workers do, as periodic jobs of the engine: each is done by one of them, whichever is free."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from procrastinate import App

from ruhrmail.errors import StoreAway
from ruhrmail.flows.foreman import DEAD_AFTER, Foreman
from ruhrmail.flows.housekeeping import Duty, Keeper, Tell
from ruhrmail.model.phrase import phrase
from ruhrmail.store import DUTIES
from ruhrmail.worker.engine import rescue

LOOK_AFTER = "* * * * * */5"
"""Every five seconds; the seconds are the last field of the engine's cron lines."""
SHORTEST = 3
MINUTE, HOUR, DAY = 60, 3600, 86400


def schedule(every: float) -> str:
    """The cron line of something that is done about every so many seconds, no more often than every three."""
    seconds = max(round(every), SHORTEST)
    if seconds < MINUTE:
        return f"* * * * * */{seconds}"
    if seconds < HOUR:
        return f"*/{seconds // MINUTE} * * * *"
    return f"0 */{seconds // HOUR} * * *" if seconds < DAY else "0 4 * * *"


def set_duties(app: App, rounds: "Rounds", duties: Sequence[Duty], tell: Tell, leave: threading.Event) -> None:
    """Makes periodic tasks of the foreman's rounds and of each duty."""

    add(app, "foreman", LOOK_AFTER, rounds.run)
    for duty in duties:
        run = Errand(Keeper(duty, tell, leave)).run
        add(app, f"duty:{duty.name}", schedule(duty.every), run, lock=duty.name)


async def round_of(app: App, foreman: Foreman, tell: Tell) -> None:
    """Ends what dead workers held, and looks after the mailings. Raises StoreError."""
    await free_slots(app, foreman, tell)
    await asyncio.to_thread(look_after, foreman, tell)


async def free_slots(app: App, foreman: Foreman, tell: Tell) -> None:
    """Ends the jobs of dead workers. Raises StoreError."""
    stalled = await rescue(app, DEAD_AFTER.total_seconds()) if foreman.is_steady() else []
    slots = {str(job["slot"]): job.get("total") for job in stalled if "slot" in job}
    if slots:
        total = next(iter(slots.values()))
        tell(phrase("slots of a silent worker are free again: {count} of {total}", count=len(slots), total=total))


def look_after(foreman: Foreman, tell: Tell) -> None:
    """Looks after the mailings. Raises StoreError."""
    for line in foreman.look_after():
        tell(line)


class Rounds:
    """The foreman's rounds; what keeps them from being made is told, once as long as it lasts. That the database is
    away the worker's pulse tells."""

    def __init__(self, app: App, foreman: Foreman, tell: Tell, leave: threading.Event) -> None:
        self.app, self.foreman, self.tell = app, foreman, tell
        self.keeper = Keeper(Duty("foreman", 0.0, self.look_after), tell, leave)

    async def run(self, timestamp: int) -> None:
        """One round."""
        with suppress(StoreAway):
            await free_slots(self.app, self.foreman, self.tell)
            await asyncio.to_thread(self.keeper.once)

    def look_after(self, leave: threading.Event) -> None:
        """The mailings."""
        with suppress(StoreAway):
            look_after(self.foreman, self.tell)


@dataclass(slots=True)
class Errand:
    """A duty done once for each job; it tells its own troubles. Where the engine's worker begins anew, its thread goes
    on and ends by itself: until then the same is not done beside it."""

    keeper: Keeper
    at_work: threading.Lock = field(default_factory=threading.Lock)

    async def run(self, timestamp: int) -> None:
        """In a thread, for it blocks."""
        await asyncio.to_thread(self.once)

    def once(self) -> None:
        """Unless it is being done."""
        if self.at_work.acquire(blocking=False):
            try:
                self.keeper.once()
            finally:
                self.at_work.release()


def add(app: App, name: str, cron: str, run: Callable[[int], Awaitable[None]], lock: str | None = None) -> None:
    """A periodic task, of which at most one job waits, and with a lock at most one is at work.

    The foreman has none: who else would end the job of one that died at it.
    """
    task: Any = app.task(name=f"ruhrmail.{name}", queue=DUTIES, queueing_lock=name, lock=lock)(run)
    app.periodic(cron=cron)(task)

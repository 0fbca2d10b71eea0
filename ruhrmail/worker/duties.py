"""What else workers do, as periodic jobs of the engine: each is done by one of them, whichever is free."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from procrastinate import App

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


def set_duties(app: App, foreman: Foreman, duties: Sequence[Duty], tell: Tell, leave: threading.Event) -> None:
    """Makes periodic tasks of the foreman's round and of each duty."""

    async def look_after(timestamp: int) -> None:
        await round_of(app, foreman, tell)

    add(app, "foreman", LOOK_AFTER, look_after)
    for duty in duties:
        add(app, f"duty:{duty.name}", schedule(duty.every), Errand(Keeper(duty, tell, leave)).run)


async def round_of(app: App, foreman: Foreman, tell: Tell) -> None:
    """Ends what dead workers held, and looks after the mailings. Raises StoreError."""
    stalled = await rescue(app, DEAD_AFTER.total_seconds()) if foreman.is_steady() else []
    slots = sorted({int(job["slot"]) for job in stalled if "slot" in job})
    if slots:
        tell(phrase("slots of a silent worker are free again: {slots}", slots=", ".join(map(str, slots))))
    for line in await asyncio.to_thread(foreman.look_after):
        tell(line)


@dataclass(slots=True)
class Errand:
    """A duty done once for each job; it tells its own troubles."""

    keeper: Keeper

    async def run(self, timestamp: int) -> None:
        """In a thread, for it blocks."""
        await asyncio.to_thread(self.keeper.once)


def add(app: App, name: str, cron: str, run: Callable[[int], Awaitable[None]]) -> None:
    """A periodic task, of which at most one job waits."""
    task: Any = app.task(name=f"ruhrmail.{name}", queue=DUTIES, queueing_lock=name)(run)
    app.periodic(cron=cron)(task)

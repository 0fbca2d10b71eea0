"""The pulse of a worker: what it says to the others every two seconds, and what share it hears of."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ruhrmail.errors import StoreError, StoreNewer
from ruhrmail.flows.foreman import DEAD_AFTER
from ruhrmail.flows.housekeeping import Tell
from ruhrmail.model.fleet import SEEN_WITHIN, Activity, Worker
from ruhrmail.model.phrase import phrase
from ruhrmail.store import beat
from ruhrmail.worker.seats import Seats

BEAT = 2.0
"""Seconds between two words to the others."""
SLOW = 5.0
"""A beat that takes longer counts as missed: of whom the database keeps waiting nobody hears in time either."""


@dataclass(slots=True)
class Pulse:
    """Says again and again that a worker lives, and hears from the others what its share is.

    `total` is how many slots there are where none is held that says otherwise.
    """

    seats: Seats
    total: int
    tell: Tell
    missed: Callable[[], None]
    sent: int = 0
    at: float = 0.0
    away: bool = False
    buried: bool = False
    engine_at: float = field(default_factory=time.monotonic)

    async def go_on(self) -> None:
        """Until cancelled, or others took this worker for dead: also while its last messages are under way, whose
        answers count only as long as it lives. Raises StoreNewer."""
        while not self.buried:
            await asyncio.sleep(BEAT)
            slow = asyncio.get_running_loop().call_later(SLOW, self.missed)
            began = time.monotonic()
            try:
                await self.beat()
            except StoreNewer:
                raise
            except StoreError as error:
                self.missed()
                if not self.away:
                    self.tell(phrase("{reason}; going on as soon as that is over", reason=error.message))
                self.away = True
            finally:
                slow.cancel()
            if time.monotonic() - began > SLOW:
                self.missed()

    async def beat(self) -> None:
        """One beat. Raises StoreError."""
        bench = self.seats.bench
        peers = await asyncio.to_thread(beat, bench.store, bench.name, self.activity())
        if peers is None:
            self.tell(phrase("this worker was silent for so long that others took over; it begins anew"))
            self.buried = True
            self.seats.closed.set()
            return
        if not self.seats.closed.is_set():
            await self._beat_engine()
        if self.away:
            self.away = False
            self.tell(phrase("the store answers again"))
        self.seats.take_at_most(fair_share(peers, bench.name, self.seats.total or self.total))

    async def _beat_engine(self) -> None:
        """Says the same to the engine. Where that took so long that others count the slots as free, they are given up,
        also when it got through at last: nobody tells which of its jobs they have ended. Raises StoreAway."""
        left = self.engine_at + DEAD_AFTER.total_seconds() - time.monotonic()
        deadline = asyncio.get_running_loop().call_later(left, self.seats.closed.set)
        try:
            await self.seats.queue.beat()
        finally:
            deadline.cancel()
            if time.monotonic() - self.engine_at > DEAD_AFTER.total_seconds():
                self.seats.closed.set()
        self.engine_at = time.monotonic()

    def activity(self) -> Activity:
        """What the worker does now."""
        now, sent = asyncio.get_running_loop().time(), self.seats.sent
        rate = (sent - self.sent) / (now - self.at) if self.at and now > self.at else 0.0
        self.sent, self.at = sent, now
        busy = [shift for shift in self.seats.shifts.values() if shift.slots]
        slots = tuple(sorted(slot for shift in busy for slot in shift.slots))
        total = (self.seats.total or self.total) if self.seats.able else 0
        hindrances = self.seats.bench.hindrances.all
        return Activity(busy[0].name if busy else "", slots, total, sent, rate, hindrances)


def fair_share(peers: Sequence[Worker], name: str, total: int) -> int:
    """How many of the slots a worker may hold: as many as every other who takes any, the older first."""
    able = [one.name for one in peers if one.age < SEEN_WITHIN and (one.total or one.name == name)]
    if name not in able:
        return 0
    return total // len(able) + (able.index(name) < total % len(able))

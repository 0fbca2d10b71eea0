"""The slots that a worker holds: its fair share, each a job of the engine until nothing is left to do."""

import asyncio
import time
from asyncio import to_thread
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from procrastinate.jobs import Job

from ruhrmail.deliver.stop import rest
from ruhrmail.errors import RelayError, RuhrmailError, StoreAway, StoreError
from ruhrmail.flows.bench import Bench
from ruhrmail.flows.housekeeping import TOLD_AGAIN
from ruhrmail.flows.shift import Ending, Shift
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import enqueue_slots
from ruhrmail.worker.engine import Queue, Seat, persistently, seat_of

LOOK_EVERY = 0.5
"""Seconds between two looks for a free slot."""
FIRST_REST, LONGEST_REST = 5.0, 60.0
"""Seconds for which a worker that reaches no relay leaves slots to others."""
Tell = Callable[[Phrase], None]
NOTHING_LEFT = (Ending.DONE, Ending.HALTED)
"""The endings after which nobody else could send either."""


@dataclass(slots=True)
class Seats:
    """Takes slots up to `most`, works them and hands them back. `once`: ends when there is no free slot any more."""

    bench: Bench
    queue: Queue
    tell: Tell
    most: int = 0
    once: bool = False
    troubled: bool = False
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    shifts: dict[tuple[int, int], Shift] = field(default_factory=dict)
    _tasks: dict[asyncio.Task[None], tuple[Shift, int]] = field(default_factory=dict)
    _stir: asyncio.Event = field(default_factory=asyncio.Event)
    _failures: int = 0
    _told: str = ""
    _told_at: float = 0.0
    _rest_until: float = 0.0
    _sent: int = 0

    @property
    def able(self) -> bool:
        """Whether slots are taken at all: not while the relays are out of reach, nor when the worker leaves."""
        return not self._over and time.monotonic() >= self._rest_until

    @property
    def sent(self) -> int:
        """Messages that relays took from this worker."""
        return self._sent + sum(shift.sent for shift in self.shifts.values())

    @property
    def total(self) -> int:
        """Into how many the limits are divided, as the slots that are held say; 0 where none is."""
        return max((shift.total for shift in self.shifts.values()), default=0)

    @property
    def _over(self) -> bool:
        return self.closed.is_set() or self.bench.leaving.draining.is_set()

    async def work(self) -> None:
        """Until the worker leaves, or `closed`; then until no message is under way. Raises what a shift raises."""
        try:
            while not self._over and not (self.once and not self._tasks and not await self._fill()):
                self._stir.clear()
                self._let_go()
                await self._fill()
                await rest(LOOK_EVERY, self._stir, self.closed, self.bench.leaving.draining)
        finally:
            for shift, slot in self._tasks.values():
                shift.give_up(slot)
            if self._tasks:
                await asyncio.wait(list(self._tasks))

    def take_at_most(self, count: int) -> None:
        """Changes the fair share; what is too much is given up, what is missing taken."""
        if count != self.most:
            self.most = count
            self._stir.set()

    async def _fill(self) -> bool:
        """Takes free slots up to the share; returns whether there was one."""
        found = False
        while self.able and len(self._tasks) < self.most:
            job = await self._take()
            if job is None:
                break
            found = True
            seat = seat_of(job)
            if seat is None:
                await self._refuse(job)
            else:
                self._begin(job, seat)
        return found

    async def _take(self) -> Job | None:
        """A free slot. Without an answer nobody knows whether one was given: then the worker begins anew."""
        try:
            return await self.queue.take()
        except StoreAway:
            self.closed.set()
            return None

    async def _refuse(self, job: Job) -> None:
        """Ends a job that asks for what there is not; the foreman queues what there is."""
        self.tell(phrase("a job of the queue cannot be read and is dropped: {number}", number=job.id or 0))
        if not await self._persistently(lambda: self.queue.end(job)):
            self.closed.set()

    def _begin(self, job: Job, seat: Seat) -> None:
        """Works a slot in a task of its own."""
        key = (seat.mailing, seat.total)
        shift = self.shifts.setdefault(key, Shift(self.bench, seat.mailing, seat.total))
        task = asyncio.create_task(self._serve(job, shift, seat.slot))
        self._tasks[task] = (shift, seat.slot)
        task.add_done_callback(self._done)

    def _let_go(self) -> None:
        """Gives up what is more than the share, the highest first."""
        held = [(shift, slot) for shift, slot in self._tasks.values() if slot in shift.slots]
        for shift, slot in sorted(held, key=lambda one: -one[1])[: max(len(held) - self.most, 0)]:
            shift.give_up(slot)

    async def _serve(self, job: Job, shift: Shift, slot: int) -> None:
        """A slot from taking to handing back."""
        ending = Ending.RELEASED
        try:
            ending = await shift.hold(slot)
        except StoreError as error:  # nobody knows what was written: signing off gives back what is left
            self._complain(error)
            self.closed.set()
        except RuhrmailError as error:
            self._complain(error)
        finally:
            if not await self._persistently(lambda: self.queue.end(job)):
                self.closed.set()
        if ending is Ending.TROUBLED and shift.trouble is not None:
            self._complain(shift.trouble)
        elif ending in NOTHING_LEFT:
            self._failures, self._told = 0, ""
            if not any(other.slots for other in self.shifts.values()):
                self.bench.hindrances.clear()
        self._report(shift, ending)
        if ending not in NOTHING_LEFT and not self.closed.is_set():
            await self._persistently(lambda: to_thread(enqueue_slots, self.bench.store, shift.mailing, shift.total))

    async def _persistently(self, step: Callable[[], Awaitable[object]]) -> bool:
        return await persistently(step, self.bench.leaving)

    def _complain(self, error: RuhrmailError) -> None:
        """Leaves slots to others for a while, the longer the more often; tells why, now and then while it lasts."""
        now, self.troubled = time.monotonic(), True
        self.bench.hindrances.note(error, self.bench.machine.now())
        if now >= self._rest_until:
            self._failures += 1
            pause = min(FIRST_REST * 2 ** (self._failures - 1), LONGEST_REST)
            self._rest_until = now + pause
            kind = type(error).__name__  # the words may differ each time
            if self._told != kind or now - self._told_at > TOLD_AGAIN:
                self._told, self._told_at = kind, now
                self.tell(phrase("{reason}; tried again, and others take the slots meanwhile", reason=error.message))
                if error.hint is not None and not isinstance(error, RelayError):
                    self.tell(error.hint)

    def _report(self, shift: Shift, ending: Ending) -> None:
        """Says what a worker did for a mailing, once it holds no slot of it any more, and why it ended."""
        if shift.slots or not shift.sent or ending is Ending.TROUBLED:
            return
        sent, shift.sent = shift.sent, 0
        self._sent += sent
        self.tell(sum_up(shift.name, sent, ending))

    def _done(self, task: asyncio.Task[None]) -> None:
        """Forgets a slot that was handed back."""
        shift, _ = self._tasks.pop(task)
        if not any(other is shift for other, _ in self._tasks.values()):
            self._sent += shift.sent
            self.shifts.pop((shift.mailing, shift.total), None)
        self._stir.set()
        if not task.cancelled() and task.exception() is not None:
            self.failed(task.exception())

    def failed(self, error: BaseException | None) -> None:
        """A mistake of ours ended a slot: it is shown, and the slot rests like one without relays."""
        self._rest_until, self.troubled = time.monotonic() + LONGEST_REST, True
        self.tell(phrase("{trace}", trace=f"{type(error).__name__}: {error}"))


def sum_up(mailing: str, count: int, ending: Ending) -> Phrase:
    """What a worker did for a mailing, and why it does no more."""
    if ending is Ending.HALTED:
        return phrase(
            "{mailing}: {count} sent by this worker; halted, `ruhrmail status` says why", mailing=mailing, count=count
        )
    if ending is Ending.RELEASED:
        return phrase(
            "{mailing}: {count} sent by this worker; the rest is left to others", mailing=mailing, count=count
        )
    return phrase("{mailing}: {count} sent by this worker; nobody is due now", mailing=mailing, count=count)

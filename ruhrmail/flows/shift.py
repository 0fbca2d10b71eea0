"""One mailing at one worker: a run whose limits are those of the slots that the worker holds at the time."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from ruhrmail.deliver import Drained, Event, Progress, RelayTrouble, RelayWorks, Stop
from ruhrmail.errors import RelayError, StoreAway, StoreBlocked
from ruhrmail.flows.bench import Begin, Bench, prepare_run
from ruhrmail.flows.moment import quiet_until
from ruhrmail.flows.work import LOOK_EVERY
from ruhrmail.store import (
    Mailing,
    finish_if_done,
    give_back_left,
    mailing_by_id,
    patiently,
    stop_mailing,
)

GATHER = 0.05
"""Seconds to wait for further slots before a run begins."""


class Ending(StrEnum):
    """How the work on a slot ended here."""

    DONE = "done"
    """Nobody of the mailing can be mailed now."""
    HALTED = "halted"
    """The mailing was stopped, or quiet hours began, or it is gone."""
    RELEASED = "released"
    """Somebody else is to go on with it."""
    TROUBLED = "troubled"
    """No relay can be reached from here; somebody else may."""


class Change(StrEnum):
    """Why a run ends before there is nothing left to do."""

    SLOTS = "slots"
    LEAVING = "leaving"
    HALT = "halt"
    OVER = "over"


ENDINGS: dict[Change | None, Ending | None] = {
    None: Ending.DONE,
    Change.OVER: Ending.DONE,
    Change.HALT: Ending.HALTED,
    Change.LEAVING: Ending.RELEASED,
    Change.SLOTS: None,
}


@dataclass(slots=True)
class Shift:
    """The work on one mailing here. All slots that are held share one run; when one comes or goes another begins.

    `name` is the mailing's, once it was read. `sent` counts the messages that relays took, `trouble` is why none could
    be reached.
    """

    bench: Bench
    mailing: int
    total: int
    name: str = ""
    sent: int = 0
    trouble: RelayError | None = None
    _held: dict[int, asyncio.Future[Ending]] = field(default_factory=dict)
    _given_up: set[int] = field(default_factory=set)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _work: asyncio.Task[None] | None = None

    @property
    def slots(self) -> tuple[int, ...]:
        """Those held, lowest first."""
        return tuple(sorted(self._held.keys() - self._given_up))

    async def hold(self, slot: int) -> Ending:
        """Works with one slot more; returns once no message leaves under it any more, or it is held once more.

        It is where others took this worker for dead and queued the slot anew, before the worker hears of that. Raises
        StoreError where the ledger cannot be written, InvalidInput for DKIM keys that cannot be used.
        """
        self._end({slot} & self._held.keys(), Ending.RELEASED)
        self._given_up.discard(slot)
        self._held[slot] = asyncio.get_running_loop().create_future()
        self._changed.set()
        if self._work is None:
            self._work = asyncio.create_task(self._go_on())
        return await self._held[slot]

    def give_up(self, slot: int) -> None:
        """Ends the work under a slot; the others go on."""
        self._given_up.add(slot)
        self._changed.set()

    async def _go_on(self) -> None:
        """One run after the other, while slots are held."""
        try:
            while self._held:
                await asyncio.sleep(GATHER)
                self._changed.clear()
                self._end(self._given_up & self._held.keys(), Ending.RELEASED)
                held = frozenset(self._held)
                ending = await self._send(held) if held else None
                if ending is not None:
                    self._end(held, ending)
        except BaseException as error:  # noqa: BLE001 - whoever holds a slot raises it
            for waiting in self._held.values():
                waiting.set_exception(error)
            self._held.clear()
        finally:
            self._work = None

    def _end(self, slots: Collection[int], ending: Ending) -> None:
        """Tells those who hold slots how it ended."""
        for slot in slots:
            self._given_up.discard(slot)
            self._held.pop(slot).set_result(ending)

    async def _send(self, slots: frozenset[int]) -> Ending | None:
        """One run; None where it is to begin anew with other slots."""
        bench, store = self.bench, self.bench.store
        mailing = await asyncio.to_thread(patiently, lambda _: mailing_by_id(store, self.mailing))
        found = self._judge(mailing)
        if mailing is None or found is not None:
            return ENDINGS[found]
        self.name = mailing.name
        try:
            begin = await asyncio.to_thread(self._prepare, mailing, slots)
            if begin is None:
                return Ending.DONE
            stop = Stop()
            run = asyncio.create_task(begin(stop))
            change = await self._watch(run, mailing, stop)
            drained = run.result()
        except RelayError as error:
            self.trouble = error
            return Ending.TROUBLED
        await asyncio.to_thread(give_back_left, store, mailing.id, bench.name, bench.machine.now())
        if drained.reason is not None:
            await asyncio.to_thread(stop_mailing, store, mailing, drained.reason, bench.machine.now())
        if change is not Change.SLOTS:
            await asyncio.to_thread(finish_if_done, store, mailing, bench.machine.now())
        return Ending.HALTED if drained.reason is not None else ENDINGS[change]

    def _prepare(self, mailing: Mailing, slots: frozenset[int]) -> Begin | None:
        """What begins a run, as `prepare_run` gives it."""
        on_event, before = self.bench.on_event(mailing), self.sent

        def hear(event: Event) -> None:
            if isinstance(event, Progress):
                self.sent = before + event.sent
            elif isinstance(event, (RelayTrouble, RelayWorks)):
                self.bench.hindrances.hear(event, self.bench.machine.now())
            on_event(event)

        return prepare_run(self.bench, mailing, slots, self.total, hear)

    async def _watch(self, run: "asyncio.Task[Drained]", mailing: Mailing, stop: Stop) -> Change | None:
        """Until a run is over; ends it when slots changed, the worker leaves or the mailing is halted; says which."""
        found = None
        try:
            while not run.done():
                found = found or await self._look(mailing)
                if found:
                    stop.drain()
                await self._wait(run, stop, *(() if found else (self.bench.leaving.draining, self._changed)))
        except BaseException:
            stop.drain()
            while not run.done():
                await self._wait(run, stop)
            await asyncio.gather(run, return_exceptions=True)
            raise
        return found

    async def _wait(self, run: "asyncio.Task[Drained]", stop: Stop, *signs: asyncio.Event) -> None:
        """Until a run is over, a sign is set or it is time for a look. The worker's second signal ends the run."""
        at_once = self.bench.leaving.at_once
        if at_once.is_set():
            stop.now()
        await first_of(LOOK_EVERY, run, *(signs if at_once.is_set() else (*signs, at_once)))

    async def _look(self, mailing: Mailing) -> Change | None:
        """Why a run is to end now, None for no reason. Raises StoreError."""
        leaving = self.bench.leaving.draining
        if leaving.is_set():
            return Change.LEAVING
        if self._changed.is_set():
            return Change.SLOTS
        try:
            found = await asyncio.to_thread(mailing_by_id, self.bench.store, mailing.id)
        except (StoreAway, StoreBlocked):  # the run waits for it as well, with all that is to be written
            return Change.LEAVING if leaving.is_set() else None
        return self._judge(found)

    def _judge(self, mailing: Mailing | None) -> Change | None:
        """Why a mailing is not to be sent now, None where it is."""
        if mailing is None or mailing.state == "complete":
            return Change.OVER
        return None if is_under_way(mailing) and not self._is_quiet(mailing) else Change.HALT

    def _is_quiet(self, mailing: Mailing) -> bool:
        """Whether quiet hours hold the mailing up."""
        hours = None if mailing.overruled else self.bench.config.settings.delivery.quiet_hours
        return quiet_until(hours, self.bench.machine.now()) is not None


def is_under_way(mailing: Mailing) -> bool:
    """Whether a mailing is to be sent now: neither stopped nor complete, nor planned for later."""
    return mailing.state == "open" and mailing.scheduled_for is None and mailing.prepared_at is not None


async def first_of(seconds: float, run: "asyncio.Task[Drained]", *signs: asyncio.Event) -> None:
    """Until a run is over, a sign is set or the time is up."""
    waiting = [asyncio.ensure_future(sign.wait()) for sign in signs]
    try:
        await asyncio.wait([run, *waiting], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

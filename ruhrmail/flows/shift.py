"""One mailing at one worker: a run whose limits are those of the slots that the worker holds at the time."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial

from ruhrmail.config import Config
from ruhrmail.deliver import Drained, Event, Progress, RelayTrouble, RelayWorks, Stop, drain
from ruhrmail.errors import RelayError, RuhrmailError, StoreAway, StoreBlocked
from ruhrmail.flows.events import OnWork
from ruhrmail.flows.hindrances import Hindrances
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.moment import quiet_until
from ruhrmail.flows.shares import part_of_past, share_of
from ruhrmail.flows.work import LOOK_EVERY, past_of, policy_of, relays_for
from ruhrmail.flows.writing import writer_of
from ruhrmail.model.ledger import Claim, Intent, Result
from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    Ledger,
    Mailing,
    Store,
    after_a_minute,
    finish_if_done,
    give_back_left,
    mailing_by_id,
    patiently,
    read_keys,
    stop_mailing,
)
from ruhrmail.tokens import Keyring

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


@dataclass(frozen=True, slots=True)
class Bench:
    """What every shift of a worker works with. `name` is the worker's; `leaving` ends all shifts. What keeps one from
    sending goes into `hindrances`.

    `on_event` gives what hears a mailing's run; it hears each attempt only with `attempts`.
    """

    config: Config
    store: Store
    keyring: Keyring
    machine: Machine
    name: str
    leaving: Stop
    on_event: Callable[[Mailing], OnWork]
    attempts: bool = False
    hindrances: Hindrances = field(default_factory=Hindrances)


@dataclass(frozen=True, slots=True)
class DueNow:
    """A ledger without those who are due later: a run ends when nobody can be mailed now."""

    ledger: Ledger

    def claim(self, limit: int, now: datetime) -> list[Claim]:
        """As the ledger does."""
        return self.ledger.claim(limit, now)

    def record(self, results: Sequence[Result], claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        """As the ledger does."""
        return self.ledger.record(results, claims, now)

    def next_due(self) -> None:
        """Nobody."""


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

    def _prepare(
        self, mailing: Mailing, slots: frozenset[int]
    ) -> Callable[[Stop], Coroutine[None, None, Drained]] | None:
        """What begins a run with some of the slots, None where the limits have no part for them. In a thread, for it
        reads. Raises RelayError where no relay is."""
        bench, machine, config = self.bench, self.bench.machine, self.bench.config
        ensure_known_key(bench.store, bench.keyring)
        writer = writer_of(config, bench.store, mailing, bench.keyring, machine)
        share = share_of(relays_for(config, mailing.destination), config.domain_limits, slots, self.total)
        if not config.relays:
            hint = phrase("workers need the relays of the mailing: set RUHRMAIL_RELAY, or delivery.relays")
            raise RelayError(phrase("no relay is configured here"), hint=hint)
        if not share.relays:
            return None
        past = part_of_past(past_of(config, bench.store, machine), slots, self.total)
        policy = replace(
            policy_of(config, machine),
            past=past, threads=writer.threads, domains=share.domains, tell_attempts=bench.attempts,
        )  # fmt: skip
        ledger = DueNow(Ledger(bench.store, mailing, bench.name, partial(gives_up, bench.leaving)))
        on_event, before = bench.on_event(mailing), self.sent

        def hear(event: Event) -> None:
            if isinstance(event, Progress):
                self.sent = before + event.sent
            elif isinstance(event, (RelayTrouble, RelayWorks)):
                bench.hindrances.hear(event, machine.now())
            on_event(event)

        return lambda stop: drain(ledger, writer.write, share.relays, policy, stop, machine.now, hear)

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


def gives_up(leaving: Stop, waited: float) -> bool:
    """Whether a step of the ledger is to end that waits for the database. Not before the worker is told to leave:
    what relays have answered would be in doubt, and nobody else could write it."""
    return leaving.at_once.is_set() or (leaving.draining.is_set() and after_a_minute(waited))


def ensure_known_key(store: Store, keyring: Keyring) -> None:
    """Raises RuhrmailError where this process has none of the keys that `send` has."""
    known = read_keys(store)
    if known and known.isdisjoint(keyring.key_ids):
        hint = phrase(
            "give both the same RUHRMAIL_SECRET, or the same file .ruhrmail/secret: with another key every link to "
            "leave is dead"
        )
        raise RuhrmailError(phrase("the secret here is not the one that `send` has"), hint=hint)


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

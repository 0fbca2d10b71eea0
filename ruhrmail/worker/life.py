"""A worker from signing on to signing off, through restarts of the database and its own long silences."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from procrastinate import App

from ruhrmail.config import Config
from ruhrmail.deliver import Stop
from ruhrmail.deliver.stop import rest
from ruhrmail.errors import StoreError, StoreNewer
from ruhrmail.flows.bench import Bench
from ruhrmail.flows.events import OnWork
from ruhrmail.flows.foreman import DEAD_AFTER, Foreman
from ruhrmail.flows.housekeeping import Duty, Keeper, Tell
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.shares import slots_of
from ruhrmail.flows.signals import stopping
from ruhrmail.flows.work import calm_collector, quick_loop
from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    DUTIES,
    Mailing,
    Store,
    open_engine,
    prepare_engine,
    sign_off,
    sign_on,
)
from ruhrmail.tokens import Keyring
from ruhrmail.worker.clockwork import compare_clocks, until_clock_jumps
from ruhrmail.worker.duties import Rounds, round_of, set_duties
from ruhrmail.worker.engine import Queue, engine_of_duties, opened, persistently, telling
from ruhrmail.worker.pulse import Pulse
from ruhrmail.worker.seats import Seats

BETWEEN_TERMS, BETWEEN_DUTIES = 0.5, 1.0
GOODBYE = 5.0
"""Seconds that signing off may take."""
THREADS = 32
"""More than ever wait for the store at once: a beat must not wait for them."""
LONG = 86400.0
"""Seconds after which the engine forgets workers by itself; `rescue` sees to their jobs long before."""
LAST_WORD = 10.0
"""Seconds for which the engine's own worker may take its leave."""
ROUNDS_AT_ONCE = 2
"""Rounds of the foreman that one worker makes side by side, besides every duty: one that hangs holds nothing up."""

SHORT_LIFE, STEADY, TOO_OFTEN = 30.0, 10.0, 3
"""When the duties are in trouble though the database is not: the engine's worker ended so many times in a row within
so many seconds, and the store answered for the last ten."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a worker tells: that it is `ready` (its name), what goes on, and what happens to a mailing.

    `attempts`: each attempt too.
    """

    ready: Callable[[str], None]
    tell: Tell
    on_event: Callable[[Mailing], OnWork]
    attempts: bool = False


@dataclass(frozen=True, slots=True)
class Outfit:
    """What a worker works with. `leave` is set for the duties when it leaves; `once`: until nobody is due."""

    config: Config
    store: Store
    keyring: Keyring
    machine: Machine
    duties: Sequence[Duty]
    leave: threading.Event
    once: bool = False


def run_worker(outfit: Outfit, told: Told) -> bool:
    """Works until a signal comes, or once; a second signal drops what is under way. Returns whether all went well:
    False only for once, when a relay, a duty or the keys were trouble.

    Raises StoreError where the store or the engine cannot be used from the beginning, StoreNewer when a newer ruhrmail
    changes the tables meanwhile.
    """
    prepare_engine(outfit.store)
    calm_collector()
    with asyncio.Runner(loop_factory=quick_loop()) as runner:
        life = Life(outfit, told, open_engine(outfit.config.store), Stop())
        runner.run(life.live())
    return not (outfit.once and life.troubled)


@dataclass(slots=True)
class Life:
    """One process. `steady_since` is when the store began to answer every beat, by the clock of `time.monotonic`."""

    outfit: Outfit
    told: Told
    app: App
    leaving: Stop
    steady_since: float = field(default_factory=time.monotonic)
    complained: str = ""
    troubled: bool = False

    async def live(self) -> None:
        """Until told to leave."""

        def on_first() -> None:
            self.outfit.leave.set()
            self.told.tell(phrase("ending: messages under way are finished, nothing new begins"))

        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "ruhrmail-worker"))
        with stopping(self.leaving, on_first):
            async with opened(self.app, self.outfit.config.store):
                await asyncio.to_thread(compare_clocks, self.outfit.store, self.outfit.machine, self.told.tell)
                if self.outfit.once:
                    await self._work_once()
                else:
                    await self._work_on()

    async def _work_once(self) -> None:
        """What is due now, and every duty once."""
        await round_of(self.app, self._foreman(), self.told.tell)
        for duty in self.outfit.duties:
            if not self.leaving.draining.is_set():
                keeper = Keeper(duty, self.told.tell, self.outfit.leave)
                await asyncio.to_thread(keeper.once)
                self.troubled = self.troubled or keeper.failures > 0
        await self._serve_term()

    async def _work_on(self) -> None:
        """Slots and duties, whatever becomes of the database. Raises StoreNewer."""
        app, lost = engine_of_duties(self.app, self.leaving)
        tell, leave = self.told.tell, self.outfit.leave
        rounds = Rounds(self.app, self._foreman(self._is_steady), tell, leave)  # what it fails to end is told to it
        set_duties(app, rounds, self.outfit.duties, tell, leave)
        duties = asyncio.create_task(self._keep_duties(app, lost))
        try:
            while not self.leaving.draining.is_set():
                try:
                    await self._serve_term()
                except StoreNewer:
                    raise
                except StoreError as error:
                    self._complain(error)
                await rest(BETWEEN_TERMS, self.leaving.draining)
        finally:
            self.outfit.leave.set()
            duties.cancel()
            await asyncio.wait([duties], timeout=LAST_WORD)

    def _foreman(self, is_steady: Callable[[], bool] = lambda: True) -> Foreman:
        return Foreman(self.outfit.config, self.outfit.store, self.outfit.machine, is_steady)

    def _is_steady(self) -> bool:
        return time.monotonic() - self.steady_since > DEAD_AFTER.total_seconds()

    def _complain(self, error: StoreError) -> None:
        """Tells why no term begins, once as long as it lasts."""
        self.steady_since = time.monotonic()
        if self.complained != str(error.message):
            self.complained = str(error.message)
            self.told.tell(phrase("{reason}; going on as soon as that is over", reason=error.message))

    async def _keep_duties(self, app: App, lost: asyncio.Event) -> None:
        """The engine's own worker for the duties; it ends when the database does, and begins anew. That the database is
        away the pulse tells; what else keeps the duties from being done is told here."""
        teller, ends = Keeper(Duty("duties", 0.0, lambda _: None), self.told.tell, self.outfit.leave), 0
        while True:
            began, reason = time.monotonic(), phrase("they end by themselves")
            try:
                await self._serve_duties(app, lost)
            except StoreError as error:
                reason = error.message
            except Exception as error:  # noqa: BLE001 - a mistake of ours or of the engine's: the rest goes on
                reason = phrase("{trace}", trace=f"{type(error).__name__}: {error}")
            now = time.monotonic()
            ends = ends + 1 if now - began < SHORT_LIFE and now - self.steady_since > STEADY else 0
            if ends >= TOO_OFTEN:
                teller.complain("ends", phrase("the duties begin anew again and again: {reason}", reason=reason))
            await asyncio.sleep(BETWEEN_DUTIES)

    async def _serve_duties(self, app: App, lost: asyncio.Event) -> None:
        """Until cancelled, the clock jumps, a job's end was `lost`, or the engine's worker ends. Raises StoreAway."""
        lost.clear()
        async with telling():
            await until_clock_jumps(app.run_worker_async(
                queues=[DUTIES], concurrency=len(self.outfit.duties) + ROUNDS_AT_ONCE,
                install_signal_handlers=False, delete_jobs="always",
                update_heartbeat_interval=5.0, stalled_worker_timeout=LONG,
                shutdown_graceful_timeout=5.0,
            ), lost)  # fmt: skip

    async def _serve_term(self) -> None:
        """From signing on until the worker leaves, or was silent and others took over. Raises StoreAway."""
        outfit, store = self.outfit, self.outfit.store
        queue, name = await Queue.join(self.app), ""
        try:
            name = await asyncio.to_thread(sign_on, store, outfit.machine.hostname, outfit.machine.pid)
            bench = Bench(
                outfit.config, store, outfit.keyring, outfit.machine, name, self.leaving, self.told.on_event,
                self.told.attempts,
            )  # fmt: skip
            seats = Seats(bench, queue, self.told.tell, once=outfit.once)
            pulse = Pulse(seats, slots_of(outfit.config), self.told.tell, self._missed)
            await pulse.beat()
            self.complained = ""
            self.told.ready(name)
            await self._serve_seats(seats, pulse)
        finally:
            await self._take_leave(queue, name)

    async def _serve_seats(self, seats: Seats, pulse: Pulse) -> None:
        """Works while the pulse goes. Raises what ended either."""
        beating = asyncio.create_task(pulse.go_on())
        beating.add_done_callback(lambda _: seats.closed.set())
        try:
            await seats.work()
        finally:
            self.troubled = self.troubled or seats.troubled
            beating.cancel()
            [end] = await asyncio.gather(beating, return_exceptions=True)
        if isinstance(end, Exception):
            raise end

    async def _take_leave(self, queue: Queue, name: str) -> None:
        """Signs off, as far as it has signed on. While the store is away for seconds it does not: others take who says
        nothing for dead."""
        outfit, leaving = self.outfit, self.leaving

        async def forget() -> None:
            if name:
                await asyncio.to_thread(sign_off, outfit.store, name, outfit.machine.now())

        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await asyncio.gather(persistently(queue.leave, leaving), persistently(forget, leaving))

    def _missed(self) -> None:
        """A beat did not get through."""
        self.steady_since = time.monotonic()

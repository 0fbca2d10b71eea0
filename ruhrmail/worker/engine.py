"""The engine's jobs as a worker takes, ends and rescues them; what breaks is told as a StoreError."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from procrastinate import App
from procrastinate.connector import BaseConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from ruhrmail.deliver import Stop
from ruhrmail.errors import StoreAway, StoreError
from ruhrmail.model.phrase import phrase
from ruhrmail.store import MOST_SLOTS, SLOTS, try_dialling

TRIES, LAST_TRIES = 10.0, 3.0
"""Seconds for which a step is tried again, and when the worker leaves."""
FROM_THE_FUTURE = """
UPDATE procrastinate_workers SET last_heartbeat = now() WHERE last_heartbeat > now() + interval '1 second'
"""
"""Beats before the database's clock was put back: the dead would look alive until it is as late again."""
HIGHEST = 2**63
"""More than any number that the tables can hold."""


@asynccontextmanager
async def telling() -> AsyncIterator[None]:
    """Makes StoreAway of what the engine and its driver raise."""
    try:
        yield
    except (ConnectorException, psycopg.Error) as error:
        cause = error.__cause__ or error
        reason = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
        hint = phrase("check that PostgreSQL runs, and RUHRMAIL_STORE")
        raise StoreAway(phrase("the engine does not get through: {reason}", reason=reason), hint=hint) from error


@asynccontextmanager
async def opened(app: App, url: str) -> AsyncIterator[None]:
    """The engine with its sessions to the store at `url`. Raises StoreAway where there are none to be had."""
    async with telling():
        await try_dialling(url)  # the engine's pool says only after half a minute that it got none, and not why
        await app.open_async()
    try:
        yield
    finally:
        await app.close_async()


class Endings(JobManager):
    """Ends the jobs of the engine's own worker, again while the database is away; `lost` is set where that is in vain.

    The engine tries once and goes on living with the job, so nobody would take it for a dead worker's, and nobody else
    would get its lock: the duty would never be done again.
    """

    def __init__(self, connector: BaseConnector, leaving: Stop) -> None:
        super().__init__(connector)
        self.leaving, self.lost = leaving, asyncio.Event()

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Ends a job; one that others have ended is no matter."""
        finish = super().finish_job
        if not await persistently(lambda: end(finish(job, status, delete_job)), self.leaving):
            self.lost.set()


def engine_of_duties(app: App, leaving: Stop) -> tuple[App, asyncio.Event]:
    """The engine for duties, on the same sessions, and what is set when its worker must begin anew."""
    endings = Endings(app.connector, leaving)
    found = App(connector=app.connector)
    found.job_manager = endings
    return found, endings.lost


@dataclass(frozen=True, slots=True)
class Seat:
    """What a slot's job asks for: one of `total` parts of the limits (`slot`, from 0), for a mailing by its number."""

    mailing: int
    slot: int
    total: int


def seat_of(job: Job) -> Seat | None:
    """What a job asks for; None where that makes no sense, whoever wrote it."""
    try:
        mailing, slot, total = (int(str(job.task_kwargs[name])) for name in ("mailing", "slot", "total"))
    except (KeyError, TypeError, ValueError):
        return None
    fits = 0 < mailing < HIGHEST and 0 <= slot < total < MOST_SLOTS
    return Seat(mailing, slot, total) if fits else None


@dataclass(frozen=True, slots=True)
class Queue:
    """The slots' queue, as one worker sees it. `number` is what the engine calls the worker."""

    app: App
    number: int

    @classmethod
    async def join(cls, app: App) -> "Queue":
        """Signs the worker on. Raises StoreAway."""
        async with telling():
            return cls(app, await app.job_manager.register_worker())

    async def beat(self) -> None:
        """Says that the worker lives. Raises StoreAway."""
        async with telling():
            await self.app.job_manager.update_heartbeat(self.number)

    async def take(self) -> Job | None:
        """A slot that nobody works on, None where there is none. Raises StoreAway."""
        async with telling():
            return await self.app.job_manager.fetch_job([SLOTS], self.number)

    async def end(self, job: Job) -> None:
        """Ends a job; one that others have ended is no matter. Raises StoreAway."""
        await end_job(self.app, job)

    async def leave(self) -> None:
        """Signs the worker off. Raises StoreAway."""
        async with telling():
            await self.app.job_manager.unregister_worker(self.number)


async def end_job(app: App, job: Job) -> None:
    """Takes a job out of the queue, whoever holds it. Raises StoreAway."""
    await end(app.job_manager.finish_job(job, Status.SUCCEEDED, delete_job=True))


async def end(finishing: Awaitable[None]) -> None:
    """Ends a job; one that is not there any more is ended. Raises StoreAway."""
    async with telling():
        try:
            await finishing
        except ConnectorException as error:
            if not isinstance(error.__cause__, psycopg.errors.RaiseException):  # somebody else has ended it
                raise


async def persistently(step: Callable[[], Awaitable[object]], leaving: Stop) -> bool:
    """Does a step, again while the store is away. False: it gave up after a while, and others notice what was left.

    Who leaves does not try for long: whoever told it to does not wait for ever.
    """
    began, pause = time.monotonic(), 0.1
    while True:
        try:
            await step()
        except StoreError:
            if time.monotonic() - began > (LAST_TRIES if leaving.draining.is_set() else TRIES):
                return False
            await asyncio.sleep(pause)
            pause = min(2 * pause, 2.0)
        else:
            return True


async def rescue(app: App, silent_for: float) -> list[dict[str, Any]]:
    """Ends the jobs of workers that were not heard of for so many seconds; returns their arguments.

    They are ended and not put back: should such a worker live, it cannot end a job that another works on. Whoever
    looks after the mailings queues new ones. Raises StoreAway.
    """
    async with telling():
        await app.connector.execute_query_async(FROM_THE_FUTURE)
        stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_for))
    for job in stalled:
        await end_job(app, job)
    return [job.task_kwargs for job in stalled]

"""Group commit: what all connections have to tell the ledger, written in batches by one thread."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, TypeVar

from ruhrmail.model.ledger import Claim, Intent, Result

BATCH = 50
T = TypeVar("T")
Clock = Callable[[], datetime]


class Ledger(Protocol):
    """What a run needs of the store; every call is durable when it returns. Called from one thread only."""

    def claim(self, limit: int, now: datetime) -> list[Claim]:
        """At most `limit` recipients that are pending, or deferred and due."""

    def intend(self, claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        """Claimed to in flight by compare-and-set; one answer per delivery."""

    def settle(self, results: Sequence[Result]) -> int:
        """Writes results of claims that are still ours and tells how many those were.

        A returned claim goes back only while it is claimed: one in flight (its sender was cut off while the intent
        was being written) stays so.
        """

    def next_due(self) -> datetime | None:
        """When the next deferred recipient is due (UTC), None when nobody is deferred."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim that asks for its intent, or a result to settle; who waits for it."""

    note: Claim | Result
    answer: asyncio.Future[Intent]


class Journal:
    """The asynchronous front of a ledger, used as `async with Journal(ledger, clock) as journal`.

    While one commit runs the next batch gathers. Entries are written in the order they came: a connection's result
    before its next intent. When the ledger raises, everybody who waits and everybody who comes later gets that error.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "ruhrmail-journal")
        self._queue: deque[Entry] = deque()
        self._writer: asyncio.Task[None] | None = None
        self.failure: BaseException | None = None

    async def __aenter__(self) -> "Journal":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Writes what is left, then ends the thread."""
        while self._writer is not None:
            await asyncio.wait([self._writer])
        self._thread.shutdown()

    async def intend(self, claim: Claim) -> Intent:
        """The ledger's answer, durable when it comes."""
        return await self._enter(claim)

    async def settle(self, result: Result) -> None:
        """Returns when the result is durable; it is written even when the caller is cancelled."""
        await self._enter(result)

    async def claim(self, limit: int) -> list[Claim]:
        """Recipients to work on; cancelling the caller does not undo the claims, so shield this call."""
        return await self._call(lambda: self._ledger.claim(limit, self._clock()))

    async def next_due(self) -> datetime | None:
        """See `Ledger.next_due`."""
        return await self._call(self._ledger.next_due)

    def _enter(self, note: Claim | Result) -> "asyncio.Future[Intent]":
        answer: asyncio.Future[Intent] = asyncio.get_running_loop().create_future()
        if self.failure is not None:
            answer.set_exception(self.failure)
            return answer
        self._queue.append(Entry(note, answer))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return answer

    async def _write(self) -> None:
        try:
            while self._queue:
                await asyncio.sleep(0)  # whoever is ready in this turn of the loop joins the batch
                await self._write_batch([self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))])
        finally:
            self._writer = None

    async def _write_batch(self, entries: Sequence[Entry]) -> None:
        """A result is written always, an intent only while somebody waits for it."""
        batch = [entry for entry in entries if isinstance(entry.note, Result) or not entry.answer.cancelled()]
        commit = asyncio.get_running_loop().run_in_executor(self._thread, self._commit, batch)
        await asyncio.wait([commit])
        if (error := commit.exception()) is not None:
            self._fail(error, batch)
        else:
            answer_all(batch, commit.result())

    def _commit(self, batch: Sequence[Entry]) -> dict[int, Intent]:
        """In the thread: first what happened, then what is to come."""
        results = [entry.note for entry in batch if isinstance(entry.note, Result)]
        claims = [entry.note for entry in batch if isinstance(entry.note, Claim)]
        if results:
            self._ledger.settle(results)
        return self._ledger.intend(claims, self._clock()) if claims else {}

    def _fail(self, error: BaseException, batch: Sequence[Entry]) -> None:
        self.failure = error
        for entry in (*batch, *self._queue):
            if not entry.answer.done():
                entry.answer.set_exception(error)
                entry.answer.exception()  # nobody may be waiting any more, which is no news
        self._queue.clear()

    async def _call(self, question: Callable[[], T]) -> T:
        if self.failure is not None:
            raise self.failure
        call = asyncio.get_running_loop().run_in_executor(self._thread, question)
        await asyncio.wait([call])
        if (error := call.exception()) is not None:
            self._fail(error, ())
        return call.result()


def answer_all(batch: Sequence[Entry], intents: dict[int, Intent]) -> None:
    """Tells everybody who still waits; a claim that the ledger does not name is lost."""
    for entry in batch:
        if not entry.answer.done():
            known = isinstance(entry.note, Claim)
            delivery = entry.note.delivery if isinstance(entry.note, Claim) else 0
            entry.answer.set_result(intents.get(delivery, Intent.LOST) if known else Intent.GRANTED)

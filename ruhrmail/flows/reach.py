"""The way from the web service to a database on another machine: nobody waits for long for one that is away.

Whoever asks first waits some seconds; as long as it lasts the others are told at once, and one of them asks again now
and then. So the threads that answer pages stay free for those that need no database.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial, wraps
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from ruhrmail.errors import StoreAway
from ruhrmail.model.phrase import phrase
from ruhrmail.store import Store, is_shared, roster_state

P = ParamSpec("P")
T = TypeVar("T")
PATIENCE = 8.0
"""Seconds that somebody waits for an answer before the database counts as away."""
REST = 2.0
"""Seconds for which nobody asks one that is away."""
LOOKING, WRITING = 24, 16
"""How many ask at once, at most: to look, and to write, which waits for others who write."""


@dataclass(slots=True)
class Reach:
    """Several threads may ask. `probe` is a short look at the store that raises StoreAway where it does not answer.

    Leave the block after the service has ended; what still hangs is not waited for.
    """

    probe: Callable[[], object]
    patience: float = PATIENCE
    rest: float = REST
    clock: Callable[[], float] = time.monotonic
    _away: bool = False
    _asked_again_at: float = 0.0
    _doubt: asyncio.Task[bool] | None = None
    _lookers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(LOOKING, "looking"))
    _writers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(WRITING, "writing"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for one in (self._lookers, self._writers):
            one.shutdown(wait=False, cancel_futures=True)

    def looking(self, work: Callable[P, T]) -> Callable[P, T]:
        """The same for what only reads, and so waits for nobody. Raises StoreAway after `patience`, or at once."""

        @wraps(work)
        def look(*args: P.args, **more: P.kwargs) -> T:
            self.admit()
            asked = self._lookers.submit(work, *args, **more)
            if not is_done(asked, self.patience):
                asked.cancel()
                self._note(away=True)
                raise not_answering()
            return self._result(asked)

        return look

    def writing(self, work: Callable[P, T]) -> Callable[P, T]:
        """The same for what may wait until others have written: for as long as the store answers the probe."""

        @wraps(work)
        def write(*args: P.args, **more: P.kwargs) -> T:
            self.admit()
            asked = self._writers.submit(work, *args, **more)
            while not is_done(asked, self.patience):
                if self.is_away():
                    asked.cancel()
                    raise not_answering()
            return self._result(asked)

        return write

    def leaving(self, work: Callable[[str], Awaitable[T]]) -> Callable[[str], Awaitable[T]]:
        """The same for what is awaited in the event loop."""

        async def leave(link: str) -> T:
            self.admit()
            asked = asyncio.ensure_future(work(link))
            while not (await asyncio.wait([asked], timeout=self.patience))[0]:
                if await self._are_away():
                    asked.cancel()
                    raise not_answering()
            try:
                return await asked
            except StoreAway:
                await self._are_away()
                raise

        return leave

    def admit(self) -> None:
        """Raises StoreAway while the store was just found away; now and then it lets one pass, who finds out."""
        if not self._away:
            return
        now = self.clock()
        if now < self._asked_again_at:
            raise not_answering()
        self._asked_again_at = now + self.patience + self.rest

    def is_away(self) -> bool:
        """Whether the probe finds that the store does not answer, which is kept in mind."""
        asked = self._lookers.submit(self.probe)
        found = not is_done(asked, self.patience) or isinstance(asked.exception(), StoreAway)
        asked.cancel()
        self._note(away=found)
        return found

    async def _are_away(self) -> bool:
        """The same once for all who wait in the loop."""
        if self._doubt is None or self._doubt.done():
            self._doubt = asyncio.create_task(asyncio.to_thread(self.is_away))
        return await asyncio.shield(self._doubt)

    def _result(self, asked: "Future[T]") -> T:
        """What was found. Where that is that the store is away, the probe has the last word: rows that others changed
        at the same time are told in the same way."""
        try:
            result = asked.result()
        except StoreAway:
            self.is_away()
            raise
        self._note(away=False)
        return result

    def _note(self, *, away: bool) -> None:
        self._away, self._asked_again_at = away, self.clock() + self.rest


def is_done(asked: "Future[T]", patience: float) -> bool:
    """Whether somebody is through within so many seconds."""
    return bool(wait([asked], patience).done)


def not_answering() -> StoreAway:
    """The error for a database that does not answer."""
    return StoreAway(phrase("the database does not answer"))


class Straight:
    """The way to a store that is never away: every function as it is."""

    def looking(self, work: Callable[P, T]) -> Callable[P, T]:
        """The same."""
        return work

    def writing(self, work: Callable[P, T]) -> Callable[P, T]:
        """The same."""
        return work

    def leaving(self, work: Callable[[str], Awaitable[T]]) -> Callable[[str], Awaitable[T]]:
        """The same."""
        return work


Way = Reach | Straight


@contextmanager
def opened_reach(store: Store, url: str) -> Iterator[Way]:
    """The way to a store; straight to one in a file, which is never away."""
    if not is_shared(url):
        yield Straight()
        return
    with Reach(partial(roster_state, store)) as reach:
        yield reach

"""Questions to name servers from several threads: each is asked once, and all of them end in time."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from types import TracebackType
from typing import Self

from ruhrmail.names import Answer, Kind, Names

Ask = Callable[[str, Kind], Answer]
"""What the name servers say of a name; waits, and never raises."""
AT_ONCE = 16
TOO_LATE = Answer("failed", reason="timeout")


class Asking:
    """Asks from an event loop in a thread of its own; `seconds` after it was opened nobody knows anything new."""

    def __init__(self, names: Names, seconds: float) -> None:
        self.names = names
        self.seconds = seconds
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.lock = threading.Lock()
        self.answers: dict[tuple[str, Kind], Future[Answer]] = {}
        self.turns = asyncio.Semaphore(AT_ONCE)
        self.deadline = 0.0
        self.ended = False

    def __enter__(self) -> Self:
        self.deadline = self.loop.time() + self.seconds
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self.lock:
            self.ended = True
        asyncio.run_coroutine_threadsafe(end_others(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def ask(self, name: str, kind: Kind) -> Answer:
        """The records of a kind; the same answer to the same question."""
        key = (name.lower().rstrip("."), kind)
        with self.lock:
            if self.ended:
                return TOO_LATE
            if key not in self.answers:
                self.answers[key] = asyncio.run_coroutine_threadsafe(self.ask_once(name, kind), self.loop)
            future = self.answers[key]
        try:
            return future.result()
        except CancelledError:
            return TOO_LATE

    async def ask_once(self, name: str, kind: Kind) -> Answer:
        """The answer, or that there was no time for one."""
        try:
            async with asyncio.timeout_at(self.deadline), self.turns:
                return await self.names.ask(name, kind)
        except TimeoutError:
            return TOO_LATE


async def end_others() -> None:
    """Cancels what still runs in this loop."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)

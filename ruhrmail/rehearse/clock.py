"""Time in which nobody works is skipped: a day of retries in seconds, and the work in it as long as it really is."""

import asyncio
import selectors
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, TypeVar, TypeVarTuple

LISTEN_AT_LEAST, LISTEN_AT_MOST = 0.001, 0.05
LISTEN_SHARE = 1 / 10_000
"""How long (in real seconds, and as a share of what would be skipped) the loop listens before it skips: loopback
delivers at once, but a busy machine may take its time, and a skipped timeout would look like a dead relay. Less than
a millisecond is not worth it: what is skipped then is short as well."""
BUSY_SHARE = 0.1
"""Of the time to listen: with more processor time than this some thread must be at work. How long it really took says
nothing: on a busy machine a thread at work gets a fraction of that."""

Ready = list[tuple[selectors.SelectorKey, int]]
Select = Callable[[float | None], Ready]
Given = TypeVarTuple("Given")
Result = TypeVar("Result")


class SkippingLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer whenever all in it wait for time to pass.

    Work counts as long as it takes, waiting costs nothing: rates, gaps, pauses and timeouts need no other values than
    in a real run, and what `time()` says is how long that would take. With `threads`, what `run_in_executor` is given
    runs beside the loop, and nothing is skipped before it is done; without them it runs at once in the loop's own
    thread, which measures worse and is over sooner. Other threads count as work while they use the processor.
    """

    def __init__(self, *, threads: bool) -> None:
        self._threads = threads
        self._skipped = self._aside = self._rested = 0.0
        self._standing: float | None = None
        self._threads_at_work = 0
        super().__init__(PatientSelector(self.let_time_pass))

    def time(self) -> float:
        """Seconds; only differences mean something."""
        if self._standing is not None:
            return self._standing
        return time.monotonic() + self._skipped - self._aside

    @property
    def worked(self) -> float:
        """The same clock without any waiting: seconds of real work; only differences mean something."""
        return time.monotonic() - self._aside - self._rested

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Work of somebody else's machine: the clock stands still while the block runs; blocks may be nested."""
        if self._standing is not None:
            yield
            return
        began, self._standing = time.monotonic(), self.time()
        try:
            yield
        finally:
            self._aside += time.monotonic() - began
            self._standing = None

    def let_time_pass(self, select: Select, timeout: float | None) -> Ready:
        """What `select` does with the timeout, without the waiting."""
        if timeout is None or self._threads_at_work:
            return select(timeout)
        began, busy = time.monotonic(), time.process_time()
        listening = min(timeout * LISTEN_SHARE, LISTEN_AT_MOST)
        ready = select(listening) if listening >= LISTEN_AT_LEAST else []
        listened = time.monotonic() - began
        if ready or (listening >= LISTEN_AT_LEAST and time.process_time() - busy > listening * BUSY_SHARE):
            return ready
        self._skipped += max(timeout - listened, 0.0)
        self._rested += listened
        return ready

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Given], Result], *args: *Given
    ) -> "asyncio.Future[Result]":
        """As ever, and the clock does not skip before it is done; or done already when it returns."""
        if not self._threads:
            return self._run_here(func, *args)
        future = super().run_in_executor(executor, func, *args)
        self._threads_at_work += 1
        future.add_done_callback(self._thread_is_done)
        return future

    def _run_here(self, func: Callable[[*Given], Result], *args: *Given) -> "asyncio.Future[Result]":
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - whoever awaits the future gets it
            future.set_exception(error)
        return future

    def _thread_is_done(self, _: "asyncio.Future[Any]") -> None:
        self._threads_at_work -= 1


class PatientSelector(selectors.DefaultSelector):
    """Looks first; asks `let_time_pass` only when it would have to wait."""

    def __init__(self, let_time_pass: Callable[[Select, float | None], Ready]) -> None:
        super().__init__()
        self._let_time_pass = let_time_pass

    def select(self, timeout: float | None = None) -> Ready:
        """Who is ready now, else after the time has passed or was skipped."""
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        return self._let_time_pass(super().select, timeout)

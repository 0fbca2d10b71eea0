"""Claims to messages, in the loop's thread or aside in threads of their own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ruhrmail.deliver.run import Run
from ruhrmail.model.ledger import Claim
from ruhrmail.model.mail import Message

Made = Message | Exception
"""A claim's message, or why there is none."""
PassOn = Callable[[Made], None]


class Maker:
    """Calls the run's `message_of`, in `policy.threads` threads where there are any."""

    def __init__(self, run: Run) -> None:
        self._run = run
        threads = run.policy.threads
        self._threads = ThreadPoolExecutor(threads, "ruhrmail-maker") if threads else None
        self._making: set[asyncio.Task[None]] = set()

    def make(self, claim: Claim, pass_on: PassOn) -> None:
        """Has the message made, and passed on in the loop's thread; without threads before this returns."""
        if self._threads is None:
            pass_on(self._make(claim))
            return
        task = asyncio.create_task(self._make_aside(self._threads, claim, pass_on))
        self._making.add(task)
        task.add_done_callback(self._made)

    async def _make_aside(self, threads: ThreadPoolExecutor, claim: Claim, pass_on: PassOn) -> None:
        pass_on(await asyncio.get_running_loop().run_in_executor(threads, self._make, claim))

    def _made(self, task: asyncio.Task[None]) -> None:
        """An error that nobody foresaw while a message was passed on ends the run, as it does without threads."""
        self._making.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._run.fail(error)

    def _make(self, claim: Claim) -> Made:
        try:
            return self._run.message_of(claim)
        except Exception as error:  # noqa: BLE001 - whoever it is passed on to decides what it means
            return error

    async def close(self) -> None:
        """Waits for what is being made."""
        if self._making:
            await asyncio.wait(self._making)
        if self._threads is not None:
            self._threads.shutdown()

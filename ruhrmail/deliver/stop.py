"""Asking a run to end, politely or at once."""

import asyncio


class Stop:
    """First `drain()`: nothing new begins, running transactions end. Then `now()`: everything is dropped.

    Call both from the event loop's thread, such as in a handler of `loop.add_signal_handler`.
    """

    def __init__(self) -> None:
        self.draining = asyncio.Event()
        self.at_once = asyncio.Event()

    def drain(self) -> None:
        """Begins nothing new."""
        self.draining.set()

    def now(self) -> None:
        """Drops what is running; what is in flight stays so and is in doubt later."""
        self.draining.set()
        self.at_once.set()


async def rest(seconds: float, *events: asyncio.Event) -> None:
    """Sleeps until the time is over or one of the events is set."""
    waiters = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiters, timeout=max(seconds, 0), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiter in waiters:
            waiter.cancel()
        await asyncio.gather(*waiters, return_exceptions=True)

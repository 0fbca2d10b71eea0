"""Work that lasts as long as the preview, whatever goes wrong in it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from ruhrmail.preview.press import stumble

PAUSES = (1.0, 5.0, 30.0)
"""Seconds until work that failed begins anew; the last one repeats."""


async def tend(work: Callable[[], Awaitable[None]], stop: asyncio.Event, pauses: Sequence[float] = PAUSES) -> None:
    """Works to the end, or until `stop`; each mistake is told, and the work begins anew after it.

    Otherwise the preview would look alive and tell of no change any more.
    """
    failures = 0
    while not stop.is_set():
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - it is told
            stumble(error)
        else:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pauses[min(failures, len(pauses) - 1)])
        failures += 1

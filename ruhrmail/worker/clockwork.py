"""Work that goes by the machine's clock, ended when somebody sets that."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

LOOK_EVERY = 1.0
"""Seconds between two looks at the clock."""
AT_LEAST = 2.0
"""Seconds that count as set; whoever keeps clocks right slows them down or speeds them up for less."""


async def until_clock_jumps(work: Coroutine[Any, Any, None]) -> None:
    """Runs `work`, which is cancelled once the wall clock was set, or the machine has slept. Raises what it raises.

    The engine remembers the time of each periodic job that it has queued, and queues those after it one by one: where
    the clock was an hour ahead, nothing would be done for an hour; where it was days behind, tens of thousands at once.
    """
    running = asyncio.ensure_future(work)
    try:
        ahead = time.time() - time.monotonic()
        while not running.done():
            before, ahead = ahead, time.time() - time.monotonic()
            if abs(ahead - before) > AT_LEAST:
                break
            await asyncio.wait([running], timeout=LOOK_EVERY)
    finally:
        running.cancel()
        await asyncio.wait([running])
    if not running.cancelled():
        running.result()

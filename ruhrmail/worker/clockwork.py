"""The machine's clock: work that goes by it, ended when somebody sets it; and whether it is right."""

import asyncio
import time
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from ruhrmail.flows.housekeeping import Tell
from ruhrmail.flows.machine import Machine
from ruhrmail.model.phrase import phrase
from ruhrmail.store import Store, clock_lead

LOOK_EVERY = 1.0
"""Seconds between two looks at the clock."""
AT_LEAST = 2.0
"""Seconds that count as set; whoever keeps clocks right slows them down or speeds them up for less."""
FAR = timedelta(seconds=30)
"""More than clocks differ that anything keeps right."""


def compare_clocks(store: Store, machine: Machine, tell: Tell) -> None:
    """Tells where the clock here is far from the database's. Whether a worker lives, and what it holds, goes by that
    one; when a mailing begins, and when somebody is tried again, by the one here. Raises StoreError."""
    lead = clock_lead(store, machine.now)
    hint = phrase("set both right, and keep them so with NTP")
    if lead > FAR:
        apart = phrase("the clock here is {time} ahead of the database's; mailings begin too early", time=whole(lead))
    elif lead < -FAR:
        apart = phrase("the clock here is {time} behind the database's; mailings begin too late", time=whole(-lead))
    else:
        return
    tell(phrase("{reason}: {hint}", reason=apart, hint=hint))


def whole(span: timedelta) -> timedelta:
    """A span without parts of a second."""
    return timedelta(seconds=round(span.total_seconds()))


async def until_clock_jumps(work: Coroutine[Any, Any, None], enough: asyncio.Event) -> None:
    """Runs `work`, which is cancelled once the wall clock was set, or the machine has slept, or `enough` is set. Raises
    what it raises.

    The engine remembers the time of each periodic job that it has queued, and queues those after it one by one: where
    the clock was an hour ahead, nothing would be done for an hour; where it was days behind, tens of thousands at once.
    """
    running = asyncio.ensure_future(work)
    try:
        ahead = time.time() - time.monotonic()
        while not running.done() and not enough.is_set():
            before, ahead = ahead, time.time() - time.monotonic()
            if abs(ahead - before) > AT_LEAST:
                break
            await asyncio.wait([running], timeout=LOOK_EVERY)
    finally:
        running.cancel()
        await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # seen, also where nobody is left to hear of it
    if not running.cancelled():
        running.result()

"""A database that is away or blocked for a moment: what was under way is done again once it is back."""

import time
from collections.abc import Callable
from typing import TypeVar

from ruhrmail.errors import StoreAway, StoreBlocked

T = TypeVar("T")
GivesUp = Callable[[float], bool]
"""Whether a step that waits for the server so many seconds already is to give up."""
PATIENCE = 60.0
"""Seconds that the server may be away, longer than a restart takes."""
PAUSES = (0.05, 0.2, 0.5, 1.0)
"""Seconds between two tries; the last one repeats."""


def after_a_minute(waited: float) -> bool:
    """Whether that was longer than a restart takes."""
    return waited > PATIENCE


def patiently(work: Callable[[bool], T], gives_up: GivesUp = after_a_minute) -> T:
    """What `work` gives, called again while the server is away or blocked. Raises StoreAway and StoreBlocked once
    it gives up.

    It is told whether it was called before: then nobody knows whether that try was written.
    """
    began = time.monotonic()
    tries = 0
    while True:
        try:
            return work(tries > 0)
        except (StoreAway, StoreBlocked):
            if gives_up(time.monotonic() - began):
                raise
            time.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
            tries += 1

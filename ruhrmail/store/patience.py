"""A database whose server goes away for a moment: what was under way is done again once it is back."""

import time
from collections.abc import Callable
from typing import TypeVar

from ruhrmail.errors import StoreAway

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds that the server may be away, longer than a restart takes."""
PAUSES = (0.05, 0.2, 0.5, 1.0)
"""Seconds between two tries; the last one repeats."""


def patiently(work: Callable[[bool], T], unless: Callable[[], bool] = lambda: False) -> T:
    """What `work` gives, called again while the server is away. Raises StoreAway in a minute, or once `unless` holds.

    It is told whether it was called before: then nobody knows whether that try was written.
    """
    end = time.monotonic() + PATIENCE
    tries = 0
    while True:
        try:
            return work(tries > 0)
        except StoreAway:
            if time.monotonic() > end or unless():
                raise
            time.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
            tries += 1

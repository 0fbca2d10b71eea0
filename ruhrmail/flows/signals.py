"""Ctrl+C and its kin: the first one asks a run to drain, the second ends it at once."""

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import SimpleQueue

from ruhrmail.deliver import Stop
from ruhrmail.interrupts import ending_signals


@dataclass(slots=True)
class Heard:
    """How many signals came so far, and to how many of them the event loop has answered."""

    count: int = 0
    answered: int = 0


@contextmanager
def stopping(stop: Stop, on_first: Callable[[], None]) -> Iterator[Heard]:
    """The first signal drains, the second ends at once; it counts signals, for a run may drain for other reasons.

    The loop answers in its next turn: a signal that comes in the last turn is counted, and nothing else happens.
    """
    loop = asyncio.get_running_loop()
    heard = Heard()

    def note(*_: object) -> None:
        heard.count += 1

    def hear() -> None:
        heard.answered += 1
        if heard.answered > 1:
            stop.now()
        else:
            stop.drain()
            on_first()

    signals = ending_signals()
    before = {number: signal.getsignal(number) for number in signals}
    try:
        for number in signals:
            loop.add_signal_handler(number, hear)  # hears of the number by a pipe, whoever else handles the signal
            signal.signal(number, note)
            if sys.platform != "win32":
                signal.siginterrupt(number, False)
    except NotImplementedError:  # Windows: Ctrl+C ends the run at once, the ledger knows what was in flight
        signals = ()
    try:
        yield heard
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number] or signal.SIG_DFL)


def hear_ending() -> "SimpleQueue[int]":
    """From now on, signals that ask a program to end wait here, where no event loop listens: `get` waits for the first.

    The handler may interrupt `get` itself, which holds a lock only where it can be interrupted; that of an Event would
    be waited for without end.
    """
    heard: SimpleQueue[int] = SimpleQueue()
    for number in ending_signals():
        signal.signal(number, lambda came, _: heard.put(came))
    return heard


async def pause(seconds: float, stop: Stop) -> None:
    """Sleeps until the time is over or the run is to drain."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.draining.wait(), max(seconds, 0))

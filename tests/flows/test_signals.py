"""Signals that ask a program to end, with an event loop and without."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from ruhrmail.deliver import Stop
from ruhrmail.flows.signals import stopping
from ruhrmail.interrupts import interrupting

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Whoever runs the tests may have them begin with signals that are ignored, as shells do in the background."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in NUMBERS}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", NUMBERS)
def test_without_a_loop_each_signal_interrupts(number):
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), interrupting():
        os.kill(os.getpid(), number)
    assert before == signal.getsignal(number)


def test_after_a_loop_that_listened_signals_interrupt_again():
    async def listen() -> None:
        with stopping(Stop(), lambda: None):
            pass

    with interrupting():
        asyncio.run(listen())
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)

"""Signals that ask a program to end, with an event loop and without."""

import asyncio
import os
import signal

import pytest

from ruhrmail.deliver import Stop
from ruhrmail.flows.signals import interrupting, stopping


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
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

"""Signals that ask a program to end, with an event loop and without."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator

import pytest
import uvloop

from ruhrmail.deliver import Stop
from ruhrmail.flows.signals import Heard, hear_ending, stopping
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


@pytest.mark.parametrize("number", NUMBERS)
def test_without_a_loop_a_signal_can_be_waited_for(number):
    heard = hear_ending()
    threading.Timer(0.1, os.kill, (os.getpid(), number)).start()
    assert number == heard.get(timeout=60)


def test_after_a_loop_that_listened_signals_interrupt_again():
    async def listen() -> None:
        with stopping(Stop(), lambda: None):
            pass

    with interrupting():
        asyncio.run(listen())
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_that_comes_too_late_for_the_loop_is_counted(number, loop):
    stop, told = Stop(), []

    async def strike() -> Heard:
        with stopping(stop, lambda: told.append(number)) as heard:
            os.kill(os.getpid(), number)
        return heard

    with asyncio.Runner(loop_factory=loop) as runner:
        heard = runner.run(strike())
    assert (1, [], False) == (heard.count, told, stop.draining.is_set())


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
@pytest.mark.parametrize("number", NUMBERS)
def test_the_first_signal_drains_and_the_second_ends_at_once(number, loop):
    stop, told = Stop(), []

    async def strike() -> Heard:
        with stopping(stop, lambda: told.append(number)) as heard:
            os.kill(os.getpid(), number)
            await stop.draining.wait()
            assert not stop.at_once.is_set()
            os.kill(os.getpid(), number)
            await stop.at_once.wait()
        return heard

    with asyncio.Runner(loop_factory=loop) as runner:
        heard = runner.run(strike())
    assert (2, [number]) == (heard.count, told)

"""What a worker says to the others, and what it concludes from how long that took."""

import asyncio
import time

import pytest

from ruhrmail.deliver import Stop
from ruhrmail.flows.bench import Bench
from ruhrmail.flows.foreman import DEAD_AFTER
from ruhrmail.store import open_engine, prepare_engine, sign_on
from ruhrmail.worker.engine import Queue
from ruhrmail.worker.pulse import Pulse
from ruhrmail.worker.seats import Seats
from tests.worker.crew import crew


@pytest.fixture
def ours(tmp_path, database):
    with crew(tmp_path, database) as found:
        yield found


@pytest.mark.parametrize(("silence", "expected"), [(DEAD_AFTER.total_seconds() + 1, True), (1.0, False)])
def test_slots_are_given_up_when_the_engine_heard_nothing_for_long_though_it_does_now(ours, silence, expected):
    """Others may have ended its jobs meanwhile, and work the same slots: both together would exceed the limits."""
    prepare_engine(ours.store)
    name = sign_on(ours.store, "essen", 1)

    async def story():
        app = open_engine(ours.config().store)
        async with app.open_async():
            bench = Bench(
                ours.config(), ours.store, ours.keyring(), ours.machine, name, Stop(), lambda _: lambda _: None
            )
            seats = Seats(bench, await Queue.join(app), ours.said.append)
            pulse = Pulse(seats, 4, ours.said.append, lambda: None, engine_at=time.monotonic() - silence)
            await pulse.beat()
            return seats.closed.is_set()

    assert expected == asyncio.run(story())

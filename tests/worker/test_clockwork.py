"""Work that ends when the wall clock jumps."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from ruhrmail.worker.clockwork import compare_clocks, until_clock_jumps
from tests.worker.crew import crew


async def last_for(seconds):
    await asyncio.sleep(seconds)


@pytest.mark.parametrize("jump", [-3600, 3600, 86400 * 400])
def test_work_ends_when_the_clock_is_set_in_either_direction(jump, monkeypatch):
    real, by = time.time, [0]
    monkeypatch.setattr(time, "time", lambda: real() + by[0])

    async def story():
        asyncio.get_running_loop().call_later(0.05, by.__setitem__, 0, jump)
        await asyncio.wait_for(until_clock_jumps(last_for(60), asyncio.Event()), 20)

    asyncio.run(story())


def test_work_that_ends_by_itself_is_no_matter_and_its_error_is_raised():
    async def fail():
        raise ValueError("no such duty")

    asyncio.run(until_clock_jumps(last_for(0), asyncio.Event()))
    with pytest.raises(ValueError, match="no such duty"):
        asyncio.run(until_clock_jumps(fail(), asyncio.Event()))


def test_work_ends_when_somebody_says_that_it_is_enough():
    async def story():
        enough = asyncio.Event()
        asyncio.get_running_loop().call_later(0.05, enough.set)
        await asyncio.wait_for(until_clock_jumps(last_for(60), enough), 20)

    asyncio.run(story())


def test_who_is_cancelled_has_ended_its_work_before():
    ended = []

    async def work():
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    async def story():
        running = asyncio.create_task(until_clock_jumps(work(), asyncio.Event()))
        await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait([running])
        return running.cancelled()

    assert (True, [True]) == (asyncio.run(story()), ended)


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        (600, ["the clock here is 0:10:00 ahead of the database's; mailings begin too early"]),
        (-600, ["the clock here is 0:10:00 behind the database's; mailings begin too late"]),
        (5, []),
    ],
)
def test_a_worker_tells_of_a_clock_that_is_far_from_the_databases(lead, expected, tmp_path, database):
    with crew(tmp_path, database) as ours:
        right = ours.machine.now
        machine = replace(ours.machine, now=lambda: right() + timedelta(seconds=lead))
        compare_clocks(ours.store, machine, lambda text: ours.said.append(str(text)))
        assert expected == [line.partition(": set")[0] for line in ours.said]

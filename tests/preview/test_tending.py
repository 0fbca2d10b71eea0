"""Work that must not end before the preview does."""

import asyncio

from ruhrmail.preview.tending import tend


def test_what_fails_is_told_and_begins_anew(caplog):
    begun = []

    async def work():
        begun.append(len(begun))
        if len(begun) < 3:
            raise ZeroDivisionError("a mistake of ours")

    async def story():
        await asyncio.wait_for(tend(work, asyncio.Event(), pauses=(0.0,)), 60)

    asyncio.run(story())
    assert [0, 1, 2] == begun
    assert ["the preview stumbled"] * 2 == [one.message for one in caplog.records]


def test_who_waits_for_the_next_try_ends_when_told_to():
    async def story():
        stop = asyncio.Event()

        async def work():
            stop.set()
            raise ZeroDivisionError("a mistake of ours")

        await asyncio.wait_for(tend(work, stop, pauses=(3600.0,)), 60)

    asyncio.run(story())

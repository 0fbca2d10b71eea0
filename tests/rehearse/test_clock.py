"""Waiting is skipped, work is not."""

import asyncio
import threading
import time

import pytest

from ruhrmail.rehearse import SkippingLoop


def run(coroutine, *, threads=True):
    with asyncio.Runner(loop_factory=lambda: SkippingLoop(threads=threads)) as runner:
        return runner.run(coroutine)


def test_a_day_of_waiting_is_over_at_once():
    async def wait() -> float:
        before = asyncio.get_running_loop().time()
        await asyncio.sleep(86400)
        return asyncio.get_running_loop().time() - before

    assert 86400 <= run(wait())


def test_timers_keep_their_order():
    async def wait() -> list[int]:
        order: list[int] = []

        async def note(hours: int) -> None:
            await asyncio.sleep(hours * 3600)
            order.append(hours)

        await asyncio.gather(*map(note, (3, 1, 2)))
        return order

    assert [1, 2, 3] == run(wait())


def test_work_takes_its_time_and_waiting_is_no_work():
    async def work() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        began, worked = loop.time(), loop.worked
        await asyncio.sleep(3600)
        time.sleep(0.05)  # noqa: ASYNC251 - stands for work
        return loop.time() - began, loop.worked - worked

    passed, worked = run(work())
    assert 3600.05 <= passed
    assert 0.05 <= worked < 3600


def test_the_clock_stands_still_while_somebody_else_works():
    async def work() -> tuple[float, float, float]:
        loop = asyncio.get_running_loop()
        really, began = time.monotonic(), loop.time()
        with loop.aside():
            time.sleep(0.2)  # noqa: ASYNC251 - stands for work
            inside = loop.time() - began
        after = loop.time() - began
        return inside, after, time.monotonic() - really

    inside, after, real = run(work())
    assert inside <= after <= real - 0.2


def test_the_clock_stands_still_until_the_outermost_block_ends_and_never_goes_back():
    async def work() -> list[float]:
        loop = asyncio.get_running_loop()
        really, seen = time.monotonic(), [loop.time()]
        with loop.aside():
            with loop.aside():
                time.sleep(0.05)  # noqa: ASYNC251 - stands for work
            seen.append(loop.time())
            time.sleep(0.05)  # noqa: ASYNC251 - stands for work
            seen.append(loop.time())
        return [*seen, loop.time(), time.monotonic() - really]

    before, inside, still, after, real = run(work())
    assert before <= inside == still <= after <= before + real - 0.1


def test_a_thread_at_work_is_waited_for():
    async def work() -> str:
        loop = asyncio.get_running_loop()
        thread = loop.run_in_executor(None, time.sleep, 0.1)
        timer = asyncio.create_task(asyncio.sleep(600))
        await asyncio.wait([thread, timer], return_when=asyncio.FIRST_COMPLETED)
        return "thread" if thread.done() and not timer.done() else "timer"

    assert "thread" == run(work())


def burn(seconds: float) -> None:
    """Uses the processor for so long."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@pytest.mark.parametrize(
    ("meanwhile", "skips"),
    [(lambda: burn(0.05), False), (lambda: burn(0.02) or time.sleep(0.3), False), (lambda: time.sleep(0.05), True)],
    ids=["work", "work on a busy machine", "rest"],
)
def test_a_thread_that_the_loop_does_not_know_is_known_by_its_work(meanwhile, skips):
    """`meanwhile` stands for what happens while the loop listens."""

    async def listen() -> float:
        loop = asyncio.get_running_loop()
        before = loop.time()
        loop.let_time_pass(lambda _: meanwhile() or [], 600)
        return loop.time() - before

    assert skips == (run(listen()) >= 600)


def test_without_threads_their_work_is_done_at_once():
    async def work() -> tuple[bool, int]:
        future = asyncio.get_running_loop().run_in_executor(None, threading.get_ident)
        return future.done(), await future

    assert (True, threading.get_ident()) == run(work(), threads=False)


def test_without_threads_an_error_arrives_where_it_is_awaited():
    async def work() -> None:
        await asyncio.get_running_loop().run_in_executor(None, int, "no number")

    with pytest.raises(ValueError, match="no number"):
        run(work(), threads=False)


def test_data_on_the_way_is_waited_for():
    async def talk() -> bytes:
        async def echo(reader, writer) -> None:
            writer.write(await reader.readline())
            writer.close()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        async with asyncio.timeout(300):
            writer.write(b"hello\n")
            answer = await reader.readline()
        writer.close()
        server.close()
        return answer

    assert b"hello\n" == run(talk())

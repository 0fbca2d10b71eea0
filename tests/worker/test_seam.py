"""Between a worker and its engine: sessions that hang, clocks that are put back, terms that end before they begin."""

import asyncio
import threading
import time
from datetime import timedelta

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException

from ruhrmail.deliver import Stop
from ruhrmail.errors import StoreAway
from ruhrmail.flows.bench import Bench
from ruhrmail.flows.housekeeping import Duty, Keeper
from ruhrmail.store import bury_silent, open_engine, prepare_engine, read_workers, sign_on
from ruhrmail.worker import Outfit, Told
from ruhrmail.worker.duties import Errand
from ruhrmail.worker.engine import Queue, rescue
from ruhrmail.worker.life import Life
from ruhrmail.worker.pulse import Pulse
from ruhrmail.worker.seats import Seats
from tests.worker.crew import crew

AHEAD = """
UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat + interval '1 hour';
UPDATE workers SET seen_at = seen_at + 3600 * 1000000::bigint
"""
BEATS = "SELECT (SELECT max(seen_at) FROM workers), (SELECT max(last_heartbeat) FROM procrastinate_workers)"


@pytest.fixture
def ours(tmp_path, database):
    with crew(tmp_path, database) as found:
        prepare_engine(found.store)
        yield found


def ask(ours, query):
    with psycopg.connect(ours.environ["RUHRMAIL_STORE"], autocommit=True) as session:
        return session.execute(query).fetchone()


async def until(done):
    while not done():  # noqa: ASYNC110 - what other threads and the database bring about
        await asyncio.sleep(0.01)


def seats_of(ours, queue, name):
    bench = Bench(ours.config(), ours.store, ours.keyring(), ours.machine, name, Stop(), lambda _: lambda _: None)
    return Seats(bench, queue, ours.said.append)


def test_a_session_that_hangs_is_given_up_and_another_does_the_next_step(ours, monkeypatch):
    """A proxy may answer for a server that is gone."""
    monkeypatch.setattr("ruhrmail.store.engine_connector.STEP_SECONDS", 0.3)

    async def story():
        app = open_engine(ours.config().store)
        async with app.open_async():
            for step in ("execute_query_async", "execute_query_one_async", "execute_query_all_async"):
                with pytest.raises(ConnectorException, match="no answer within"):
                    await getattr(app.connector, step)("SELECT pg_sleep(600)")
            return await app.connector.execute_query_one_async("SELECT 1 AS found")

    began = time.monotonic()
    assert {"found": 1} == asyncio.run(story())
    assert time.monotonic() - began < 300


def test_a_worker_lives_while_its_last_messages_are_under_way_though_it_takes_no_slots_any_more(ours, monkeypatch):
    """Buried, the answers that these get would count no more; the engine's slots are others' meanwhile."""
    monkeypatch.setattr("ruhrmail.worker.pulse.BEAT", 0.05)
    name = sign_on(ours.store, "essen", 1)

    async def story():
        app = open_engine(ours.config().store)
        async with app.open_async():
            seats = seats_of(ours, await Queue.join(app), name)
            seats.closed.set()
            before = ask(ours, BEATS)
            pulse = Pulse(seats, 4, ours.said.append, lambda: None)
            going = asyncio.create_task(pulse.go_on())
            await until(lambda: ask(ours, BEATS)[0] > before[0])
            assert (False, before[1]) == (going.done(), ask(ours, BEATS)[1])
            with psycopg.connect(ours.environ["RUHRMAIL_STORE"], autocommit=True) as session:
                session.execute("DELETE FROM workers")
            await asyncio.wait_for(going, 60)

    asyncio.run(story())
    assert ["this worker was silent for so long that others took over; it begins anew"] == [
        str(one) for one in ours.said
    ]


def test_a_beat_that_takes_long_counts_as_missed_also_while_it_takes(ours, monkeypatch):
    """Whoever cannot be sure that the others could reach the database buries none of them."""
    monkeypatch.setattr("ruhrmail.worker.pulse.BEAT", 0.01)
    monkeypatch.setattr("ruhrmail.worker.pulse.SLOW", 0.1)
    name, missed, noted = sign_on(ours.store, "essen", 1), [], []

    async def story():
        app = open_engine(ours.config().store)
        async with app.open_async():
            seats = seats_of(ours, await Queue.join(app), name)
            pulse = Pulse(seats, 4, ours.said.append, lambda: missed.append(time.monotonic()))
            with psycopg.connect(ours.environ["RUHRMAIL_STORE"]) as holder:
                holder.execute("LOCK TABLE workers IN ACCESS EXCLUSIVE MODE")
                going = asyncio.create_task(pulse.go_on())
                await until(lambda: missed)
                noted.append(len(missed))
            await until(lambda: len(missed) > 1)
            going.cancel()
            await asyncio.wait([going])

    asyncio.run(asyncio.wait_for(story(), 60))
    assert [1] == noted


def test_the_dead_are_found_though_the_clock_of_the_database_was_put_back(ours):
    sign_on(ours.store, "essen", 1)

    async def story():
        app = open_engine(ours.config().store)
        async with app.open_async():
            queue = await Queue.join(app)
            ours.put("todo")
            assert await queue.take()
            with psycopg.connect(ours.environ["RUHRMAIL_STORE"], autocommit=True) as session:
                session.execute(AHEAD)
            assert [] == await rescue(app, 1.0)
            assert [] == bury_silent(ours.store, timedelta(seconds=1), ours.machine.now())
            await asyncio.sleep(2)
            return await rescue(app, 1.0)

    assert [0] == [job["slot"] for job in asyncio.run(story())]
    assert ["essen"] == [host for _, host, _ in bury_silent(ours.store, timedelta(seconds=1), ours.machine.now())]


def test_a_term_that_ends_before_it_begins_leaves_nobody_on_record(ours, monkeypatch):
    async def fail(pulse):
        raise StoreAway("the session broke off")

    monkeypatch.setattr(Pulse, "beat", fail)
    outfit = Outfit(ours.config(), ours.store, ours.keyring(), ours.machine, (), threading.Event())
    told = Told(lambda _: None, ours.said.append, lambda _: lambda _: None)

    async def story():
        app = open_engine(ours.config().store)
        async with app.open_async():
            life = Life(outfit, told, app, Stop())
            with pytest.raises(StoreAway, match="broke off"):
                await life._serve_term()

    asyncio.run(story())
    assert ([], (0,)) == (read_workers(ours.store), ask(ours, "SELECT count(*) FROM procrastinate_workers"))


def test_a_duty_whose_thread_goes_on_is_not_done_beside_it():
    done, begun, go_on = [], threading.Event(), threading.Event()

    def work(leave):
        done.append(1)
        begun.set()
        go_on.wait(60)

    errand = Errand(Keeper(Duty("outbox", 3, work), lambda _: None, threading.Event()))

    async def story():
        first = asyncio.create_task(errand.run(0))
        await asyncio.to_thread(begun.wait, 60)
        await errand.run(0)
        counted = len(done)
        go_on.set()
        await first
        await errand.run(0)
        return counted

    assert (1, 2) == (asyncio.run(story()), len(done))

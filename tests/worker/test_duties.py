"""Periodic duties that cannot be done although the database answers: somebody must hear of it."""

import asyncio
import threading
import time
from types import SimpleNamespace

import psycopg
import pytest

from ruhrmail.deliver import Stop
from ruhrmail.worker.life import STEADY, Life


class Engine:
    """The engine in a state that no database is to be blamed for."""

    def __init__(self, error):
        self.error, self.ends, self.seen = error, 0, asyncio.Event()

    async def run_worker_async(self, **_):
        self.ends += 1
        if self.ends == 6:
            self.seen.set()
        if self.error is not None:
            raise self.error


def told_of(monkeypatch, error, steady_for):
    """What a worker tells of six ends of the engine's."""
    monkeypatch.setattr("ruhrmail.worker.life.BETWEEN_DUTIES", 0.0)
    said, engine = [], Engine(error)
    outfit, told = SimpleNamespace(duties=(), leave=threading.Event()), SimpleNamespace(tell=said.append)
    life = Life(outfit, told, engine, Stop(), steady_since=time.monotonic() - steady_for)

    async def story():
        keeping = asyncio.create_task(life._keep_duties(engine, asyncio.Event()))
        await asyncio.wait_for(engine.seen.wait(), 60)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)

    asyncio.run(story())
    return [str(line) for line in said]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, "again and again: they end by themselves"),
        (
            psycopg.errors.InsufficientPrivilege("no right"),
            "again and again: the engine does not get through: no right",
        ),
        (ZeroDivisionError("a mistake"), "again and again: ZeroDivisionError: a mistake"),
    ],
)
def test_duties_that_end_again_and_again_are_told_once(monkeypatch, error, expected):
    said = told_of(monkeypatch, error, 2 * STEADY)
    assert [True] == [expected in line for line in said]


def test_duties_that_end_with_the_database_are_not_told(monkeypatch):
    assert [] == told_of(monkeypatch, psycopg.errors.AdminShutdown("the server ends"), 0.0)

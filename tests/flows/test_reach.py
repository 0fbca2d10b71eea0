"""The web service waits for a database that is away once, and not with everybody."""

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from ruhrmail.errors import StoreAway, StoreError
from ruhrmail.flows.reach import Reach, Straight, opened_reach
from ruhrmail.model.phrase import phrase
from ruhrmail.store import list_size, open_store
from tests.servers.postgresql import QUICK, postgresql
from tests.store.samples import NOW

SOON = 0.5


@dataclass
class Database:
    """One that answers, refuses, or does not answer until the test is over."""

    state: str = "fine"
    asked: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def look(self, answer: str = "yes") -> str:
        self.asked += 1
        if self.state == "hangs":
            self.over.wait(30)
        if self.state == "refuses":
            raise StoreAway(phrase("connection refused"))
        return answer


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database() -> Iterator[Database]:
    made = Database()
    yield made
    made.over.set()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reach(database: Database, clock: Clock) -> Iterator[Reach]:
    with Reach(database.look, patience=SOON, clock=clock) as made:
        yield made


def test_one_that_answers_is_asked_each_time(reach: Reach, database: Database) -> None:
    assert ["a", "b"] == [reach.looking(database.look)("a"), reach.writing(database.look)("b")]
    assert "c" == asyncio.run(reach.leaving(lambda link: asyncio.to_thread(database.look, link))("c"))
    assert 3 == database.asked


@pytest.mark.parametrize("state", ["hangs", "refuses"])
def test_while_it_is_away_only_the_first_waits_and_one_asks_again_now_and_then(
    reach: Reach, database: Database, clock: Clock, state: str
) -> None:
    look = reach.looking(database.look)
    database.state = state
    with pytest.raises(StoreAway):
        look()
    asked = database.asked
    for _ in range(100):
        with pytest.raises(StoreAway, match="the database does not answer"):
            look()
    assert asked == database.asked
    database.state = "fine"
    clock.now += reach.rest
    assert ["yes", "yes"] == [look(), look()]


def test_while_one_asks_again_the_others_do_not(reach: Reach, database: Database, clock: Clock) -> None:
    look = reach.looking(database.look)
    database.state = "refuses"
    with pytest.raises(StoreAway):
        look()
    clock.now += reach.rest
    reach.admit()
    with pytest.raises(StoreAway):
        reach.admit()


def test_who_writes_waits_for_others_as_long_as_it_answers(reach: Reach, database: Database) -> None:
    def write() -> str:
        time.sleep(3 * SOON)
        return "written"

    async def leave(link: str) -> str:
        return await asyncio.to_thread(write)

    assert "written" == reach.writing(write)()
    assert "written" == asyncio.run(reach.leaving(leave)("link"))
    assert database.asked


def test_who_writes_is_told_once_it_does_not_answer(reach: Reach, database: Database, clock: Clock) -> None:
    database.state = "hangs"
    with pytest.raises(StoreAway):
        reach.writing(database.look)()
    clock.now += 60

    async def leave(link: str) -> str:
        return await asyncio.get_running_loop().create_future()

    async def all_leave() -> list[object]:
        return await asyncio.gather(*[reach.leaving(leave)("link") for _ in range(3)], return_exceptions=True)

    reach._away = False
    before = database.asked
    assert [StoreAway] * 3 == [type(one) for one in asyncio.run(all_leave())]
    assert 1 == database.asked - before, "one asks for all"


def test_rows_that_others_changed_meanwhile_are_nobodys_absence(reach: Reach, database: Database) -> None:
    def conflict() -> None:
        raise StoreAway(phrase("another program changed the same rows of the store"))

    with pytest.raises(StoreAway):
        reach.writing(conflict)()
    assert "yes" == reach.looking(database.look)()


def test_any_other_trouble_is_told_as_it_is(reach: Reach) -> None:
    def full() -> None:
        raise StoreError(phrase("the disk with the store is full"))

    def wrong() -> None:
        raise TimeoutError("a mistake of ours")

    for _ in range(2):
        with pytest.raises(StoreError, match="full"):
            reach.looking(full)()
        with pytest.raises(TimeoutError, match="mistake"):
            reach.writing(wrong)()


def test_a_store_in_a_file_is_asked_without_any_detour(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/state.db"
    with open_store(url, now=NOW, randomness=os.urandom) as store, opened_reach(store, url) as way:
        assert isinstance(way, Straight)
        assert list_size is way.looking(list_size)


def test_a_real_one_that_was_stopped_is_away_and_back_after_its_start(clock: Clock) -> None:
    with postgresql(**QUICK) as server:
        url = server.database()
        with open_store(url, now=NOW, randomness=os.urandom) as store, opened_reach(store, url) as reach:
            reach.clock = clock
            look = reach.looking(lambda: list_size(store))
            assert 0 == look()
            server.stop()
            for words in ("PostgreSQL", "the database does not answer"):
                with pytest.raises(StoreAway, match=words):
                    look()
            server.start()
            clock.now += 60
            assert 0 == look()

"""Answers are counted in the store, by every process that gives any."""

import asyncio
from secrets import token_bytes

import pytest

from ruhrmail.flows.counting import Tally
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.metrics import LedgerMetrics
from ruhrmail.store import open_store, read_answers
from tests.flows.test_metrics import read
from tests.store.samples import NOW, counting


@pytest.fixture
def store(tmp_path):
    with open_store(f"sqlite:///{tmp_path}/state.db", now=NOW, randomness=token_bytes) as found:
        yield found


def answer(tally, *answers, wait=0.0):
    async def give():
        for page, status in answers:
            tally.count(page, status)
        await asyncio.sleep(wait)

    asyncio.run(give())


def test_several_processes_and_restarts_add_up(store):
    for _ in range(3):
        with Tally(store) as one, Tally(store) as other:
            answer(one, ("u", 200), ("u", 200), ("u", 404))
            answer(other, ("u", 200), ("subscribe", 303))
    assert {("u", 200): 9, ("u", 404): 3, ("subscribe", 303): 3} == read_answers(store)
    found = read(LedgerMetrics(store, Machine(lambda: NOW, counting(), "n.example", 1))())
    assert (9, 3) == (found["ruhrmail_posts_total", "u", "200"], found["ruhrmail_posts_total", "subscribe", "303"])
    assert 0 == found["ruhrmail_consent_records", "withdrawn"]


def test_what_was_counted_is_in_the_store_soon_without_anybody_asking(store):
    with Tally(store, every=0.05) as tally:
        answer(tally, ("u", 200), wait=0.5)
        assert {("u", 200): 1} == read_answers(store)


def test_a_store_in_trouble_gets_it_later(store, tmp_path):
    with Tally(store) as tally:
        answer(tally, ("u", 200))
        (tmp_path / "state.db").rename(tmp_path / "away.db")
        tally.save()
        answer(tally, ("u", 200), ("u", 503))
        (tmp_path / "away.db").rename(tmp_path / "state.db")
    assert {("u", 200): 2, ("u", 503): 1} == read_answers(store)

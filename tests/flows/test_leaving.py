"""The way out: many at once, whatever happens to one of them."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from ruhrmail.config import load_config
from ruhrmail.errors import StoreError
from ruhrmail.flows.leaving import Exit, leave, look_up_leaving
from ruhrmail.flows.links import link_for
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.moving import ask_to_move, move_address
from ruhrmail.model.consent import Reason
from ruhrmail.model.people import Person
from ruhrmail.model.public import Leaving, Left
from ruhrmail.store import begin_mailing, enrol, forget, open_store, people, suppress, suppression, sync_roster
from ruhrmail.tokens import Keyring, Purpose, Token
from tests.store.samples import MESSAGE, new_mailing
from tests.stories.project import small_project

MACHINE = this_machine()
RING = Keyring((b"n" * 40,))


@pytest.fixture
def store(tmp_path: Path):
    with open_store(f"sqlite:///{tmp_path}/state.db", now=MACHINE.now(), randomness=MACHINE.randomness) as found:
        rows = [Person(f"p{n}@halde.example", f"p{n}@halde.example", language="en") for n in range(300)]
        sync_roster(found, rows, "sha", MACHINE.now())
        yield found


def links_of(store, mailing=1):
    list_ = bytes.fromhex(store.id)[:3]
    return [RING.sign_link(Token(Purpose.UNSUBSCRIBE, one.token_id, mailing, list_)) for one in people(store)]


def leave_together(store, links):
    """Everybody at the same moment; the answers and the errors in their order."""

    async def together():
        return await asyncio.gather(*map(way_out.leave, links), return_exceptions=True)

    with Exit(store, RING, MACHINE) as way_out:
        return asyncio.run(together())


def test_three_hundred_leave_at_once_and_each_is_answered(store):
    links = links_of(store)
    assert [Left("en")] * 300 == leave_together(store, links)
    assert [] == list(people(store))
    assert [Left("en")] * 300 == leave_together(store, links)


def test_foreign_tokens_are_turned_away_without_the_store(store):
    mine = links_of(store)[0]
    elsewhere = RING.sign_link(Token(Purpose.UNSUBSCRIBE, b"12345678", 1, b"xyz"))
    assert [None, Left("en"), None] == leave_together(store, ["wrong", mine, elsewhere])


def test_whoever_is_forgotten_is_told_the_truth(store):
    """Their link is genuine, they are out, and nothing is stored: no dead link, and no promise about somebody else."""
    link = links_of(store)[0]
    forget(store, "p0@halde.example", MACHINE.now())
    assert Left(known=False) == leave(store, RING, MACHINE, link)
    assert Leaving("", gone=True) == look_up_leaving(store, RING, link)
    assert [Left(known=False)] == leave_together(store, [link])


def test_a_failure_of_one_is_not_that_of_the_others(store, tmp_path):
    """A row that breaks the transaction: here a trigger that refuses one address."""
    links = links_of(store)[:4]
    refuse = (
        "CREATE TRIGGER t BEFORE INSERT ON suppressions WHEN new.key = 'p2@halde.example' BEGIN SELECT raise({}); END"
    )
    with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as database:
        database.execute(refuse.format("ABORT, 'no'"))
    answers = leave_together(store, links)
    assert [Left("en"), Left("en"), Left("en")] == [answers[place] for place in (0, 1, 3)]
    assert isinstance(answers[2], Exception)
    assert suppression(store, "p3@halde.example") is not None


def test_a_store_in_trouble_is_told_to_everybody_who_waits_and_then_goes_on(store, tmp_path):
    links = links_of(store)
    (tmp_path / "state.db").rename(tmp_path / "away.db")
    assert all(isinstance(each, StoreError) for each in leave_together(store, links[:5]))
    (tmp_path / "away.db").rename(tmp_path / "state.db")
    assert [Left("en")] * 5 == leave_together(store, links[:5])


def test_who_gives_up_waiting_leaves_all_the_same(store):
    """A client hangs up while another program holds the store."""
    links = links_of(store)[:3]
    release = threading.Event()

    def hold():
        with store.writing():
            held.set()
            release.wait(60)

    async def impatient(way_out):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(way_out.leave(links[0]), 0.2)
        others = [asyncio.create_task(way_out.leave(link)) for link in links[1:]]
        await asyncio.sleep(0.05)
        release.set()
        return await asyncio.gather(*others)

    held, thread = threading.Event(), threading.Thread(target=hold)
    thread.start()
    held.wait(60)
    with Exit(store, RING, MACHINE) as way_out:
        assert [Left("en")] * 2 == asyncio.run(impatient(way_out))
    thread.join()
    assert suppression(store, "p0@halde.example") is not None


def test_who_moved_leaves_by_the_link_of_an_older_mail(store, tmp_path):
    """The link stands for the person: it takes the address off that they have now."""
    small_project(tmp_path / "project")
    config = load_config(tmp_path / "project", {})
    link, reader = links_of(store)[0], next(iter(people(store)))
    own = link_for(store, RING, reader.token_id).rpartition("/")[2]
    assert ask_to_move(config, store, RING, MACHINE, own, "neu@halde.example") is None
    confirming = link_for(store, RING, reader.token_id, Purpose.CHANGE, 1).rpartition("/")[2]
    assert move_address(config, store, RING, MACHINE, confirming) is not None
    assert "neu@halde.example" in {one.person.key for one in people(store)}
    assert Left("en") == leave(store, RING, MACHINE, link)
    assert {"neu@halde.example", "p0@halde.example"}.isdisjoint(one.person.key for one in people(store))
    assert "unsubscribe link of mailing 1" == suppression(store, "neu@halde.example").evidence


def test_a_link_outlives_its_mailing_and_its_reader(store):
    """Forgotten with a mail in the ledger, whose row stays without a name, or without one: no difference to them."""
    mailing = begin_mailing(store, new_mailing(), {"": MESSAGE}, MACHINE.now())
    link, other = links_of(store)[:2]
    suppress(store, "p1@halde.example", Reason.BOUNCED, MACHINE.now())
    enrol(store, mailing, MACHINE.now())
    for number in (0, 1):
        forget(store, f"p{number}@halde.example", MACHINE.now())
    assert [Left(known=False)] * 2 == leave_together(store, [link, other])
    assert 298 == len(list(people(store)))

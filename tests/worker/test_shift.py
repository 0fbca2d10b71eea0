"""One worker's runs of a mailing, without the rest of the worker."""

import asyncio

import pytest
from sqlalchemy.exc import ProgrammingError

from ruhrmail.deliver import RelayTrouble, Stop
from ruhrmail.flows.bench import Bench, gives_up
from ruhrmail.flows.shift import Change, Ending, Shift
from ruhrmail.model.ledger import State
from ruhrmail.model.phrase import phrase
from ruhrmail.store import Ledger, figures, sign_on, stop_mailing
from ruhrmail.worker.seats import sum_up
from tests.servers.smtp_sink import free_port
from tests.worker.crew import crew

PEOPLE = 3


@pytest.fixture
def ours(tmp_path, database):
    with crew(tmp_path, database) as found:
        yield found


def shift_of(ours, mailing, name, leaving=None, **environ):
    """A worker's shift, which holds no slot yet."""
    leaving = leaving or Stop()
    bench = Bench(
        ours.config(**environ), ours.store, ours.keyring(), ours.machine, name, leaving, lambda _: lambda _: None
    )
    return Shift(bench, mailing.id, 1)


def work(ours, mailing, name):
    """A shift of this worker, until nobody can be mailed now."""

    return asyncio.run(hold(shift_of(ours, mailing, name)))


def standing(ours):
    return {state: count for state, count in figures(ours.store, "2026-11").counts.items() if count}


@pytest.mark.parametrize(
    ("intended", "expected"),
    [(False, {State.SENT: PEOPLE}), (True, {State.SENT: PEOPLE - 1, State.IN_DOUBT: 1})],
)
def test_what_a_worker_claimed_and_never_heard_of_is_worked_by_its_next_run(ours, intended, expected):
    """The store fell silent over the claim, or a replica took over that knows of it: the worker lives, so that nobody
    takes it for dead, and does not know what it holds."""
    mailing = ours.begin(PEOPLE)
    name = sign_on(ours.store, "essen", 1)
    ledger = Ledger(ours.store, mailing, name)
    claims = ledger.claim(1, ours.machine.now())
    if intended:
        ledger.record([], claims, ours.machine.now())
    assert Ending.DONE == work(ours, mailing, name)
    assert PEOPLE - 1 == standing(ours)[State.SENT]
    assert Ending.DONE == work(ours, mailing, name)
    assert expected == standing(ours)


def test_what_another_worker_holds_is_left_alone(ours):
    mailing = ours.begin(PEOPLE)
    mine, other = sign_on(ours.store, "essen", 1), sign_on(ours.store, "hamm", 2)
    Ledger(ours.store, mailing, other).claim(1, ours.machine.now())
    for _ in range(2):
        assert Ending.DONE == work(ours, mailing, mine)
    assert {State.SENT: PEOPLE - 1, State.CLAIMED: 1} == standing(ours)


@pytest.mark.parametrize("given_up", [False, True])
def test_a_slot_that_is_held_twice_keeps_nobody_waiting(ours, given_up):
    """The worker slept; others took it for dead, and it takes the slot anew before its next beat tells it so. What
    waited for the slot before must end, or the worker would never sign off."""
    mailing = ours.begin(PEOPLE)
    name = sign_on(ours.store, "essen", 1)

    async def story():
        shift = shift_of(ours, mailing, name)
        first = asyncio.create_task(shift.hold(0))
        await asyncio.sleep(0)
        if given_up:
            shift.give_up(0)
        second = asyncio.create_task(shift.hold(0))
        return await asyncio.wait_for(asyncio.gather(first, second), 60)

    assert [Ending.RELEASED, Ending.DONE] == asyncio.run(story())
    assert {State.SENT: PEOPLE} == standing(ours)


def test_a_second_signal_ends_a_run_also_when_the_store_cannot_be_asked_any_more(ours):
    """A relay keeps the run waiting that drains since then."""
    mailing, leaving, stop = ours.begin(PEOPLE), Stop(), Stop()
    shift = shift_of(ours, mailing, sign_on(ours.store, "essen", 1), leaving)
    with ours.store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE mailings RENAME TO gone")

    async def story():
        watching = asyncio.create_task(shift._watch(asyncio.create_task(stop.at_once.wait()), mailing, stop))
        await asyncio.wait_for(stop.draining.wait(), 60)
        leaving.now()
        await asyncio.wait_for(watching, 60)

    with pytest.raises(ProgrammingError):
        asyncio.run(story())
    assert stop.at_once.is_set()


def test_a_run_that_cannot_end_at_once_is_waited_for_in_peace(ours):
    """It still writes down what it knows, into a database that is away."""

    class Counting(Stop):
        calls = 0

        def now(self):
            self.calls += 1
            super().now()

    mailing, leaving, stop = ours.begin(PEOPLE), Stop(), Counting()
    shift = shift_of(ours, mailing, sign_on(ours.store, "essen", 1), leaving)

    async def turns():
        for _ in range(1000):
            await asyncio.sleep(0)

    async def story():
        leaving.now()
        return await asyncio.wait_for(shift._watch(asyncio.create_task(turns()), mailing, stop), 60)

    assert (Change.LEAVING, 1) == (asyncio.run(story()), stop.calls)


def test_a_relay_that_is_away_is_known_to_the_worker_until_it_works(ours):
    mailing, name = ours.begin(PEOPLE), sign_on(ours.store, "essen", 1)
    away = shift_of(ours, mailing, name, RUHRMAIL_RELAY=f"smtp://127.0.0.1:{free_port()}")
    assert Ending.TROUBLED == asyncio.run(hold(away))
    [found] = away.bench.hindrances.all
    assert "refuses connections" in str(found.reason)
    assert found.relay in str(found.reason)
    well = shift_of(ours, mailing, name)
    well.bench.hindrances.hear(RelayTrouble(well.bench.config.relays[0].name, away.trouble, 1.0), ours.machine.now())
    assert Ending.DONE == asyncio.run(hold(well))
    assert () == well.bench.hindrances.all


async def hold(shift):
    """One slot's work, to its end."""
    return await shift.hold(0)


@pytest.mark.parametrize(
    ("told", "waited", "expected"),
    [(0, 3600, False), (1, 5, False), (1, 61, True), (2, 0, True)],
)
def test_a_worker_keeps_what_relays_answered_until_the_database_is_back_or_it_is_told_to_end(told, waited, expected):
    leaving = Stop()
    if told:
        leaving.drain()
    if told > 1:
        leaving.now()
    assert expected == gives_up(leaving, waited)


def test_a_mailing_that_somebody_stopped_ends_as_halted_and_not_as_done(ours):
    """Its recipients wait: to say that nobody is due would be wrong."""
    mailing = ours.begin(PEOPLE)
    name = sign_on(ours.store, "essen", 1)
    stop_mailing(ours.store, mailing, phrase("the wrong picture"), ours.machine.now())
    assert Ending.HALTED == work(ours, mailing, name)
    assert {State.PENDING: PEOPLE} == standing(ours)


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (Ending.DONE, "2026-11: 3 sent by this worker; nobody is due now"),
        (Ending.HALTED, "2026-11: 3 sent by this worker; halted, `ruhrmail status` says why"),
        (Ending.RELEASED, "2026-11: 3 sent by this worker; the rest is left to others"),
    ],
)
def test_a_worker_says_why_it_sends_no_more_of_a_mailing(ending, expected):
    assert expected == str(sum_up("2026-11", 3, ending))

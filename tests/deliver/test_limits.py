"""Pace, slow-down, shares and receiving domains, each by itself and in whole runs."""

import asyncio
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.config import DomainLimit, Rate, Refusals
from ruhrmail.deliver import Past, Progress, RelayTrouble, Slowed, Stop, drain
from ruhrmail.deliver.backlog import KEEP, MOST, Backlog
from ruhrmail.deliver.domains import Domains
from ruhrmail.deliver.lane import BEFORE_A_TEST, Lane
from ruhrmail.deliver.pace import Pace
from ruhrmail.deliver.policy import Policy
from ruhrmail.deliver.stock import Stock
from ruhrmail.deliver.throttle import Throttle
from ruhrmail.model.ledger import State
from ruhrmail.model.mail import Outcome, Reply
from tests.deliver.book import Book, loopback, make_claim, message_of, utc
from tests.deliver.test_drain import QUICK, Watch, addresses, check_accounts, run_over
from tests.servers.sink import Fault, Sink

LESS = Reply(421, "slow down", "4.7.0")
LIMITED = Reply(450, "limited", "4.7.28")


def test_slots_space_messages_evenly() -> None:
    pace = Pace([Rate(20, 1)])
    pace.use(100.0)
    assert 0.05 == pytest.approx(pace.wait(100.0))
    assert 0.0 == pace.wait(100.05)


def test_close_slots_may_be_taken_a_hundredth_of_a_second_early() -> None:
    """Who looks every ten milliseconds still reaches two thousand a second."""
    pace, left = Pace([Rate(2000, 1)]), 0
    for tick in range(100):
        while not pace.wait(tick / 100):
            pace.use(tick / 100)
            left += 1
    assert 1950 <= left <= 2050


@given(st.lists(st.floats(0.0, 0.3), max_size=300), st.integers(1, 40), st.sampled_from([1, 60]))
def test_no_more_than_the_rate_leaves_in_any_of_its_spans_however_late_slots_are_used(
    delays: list[float], count: int, per: int
) -> None:
    pace, now, left = Pace([Rate(count, per)]), 0.0, []
    for delay in delays:
        now += pace.wait(now) + delay
        if not pace.wait(now):
            pace.use(now)
            left.append(now)
    assert all(later - earlier >= per - 1e-6 for earlier, later in zip(left, left[count:], strict=False))


def test_slots_that_are_used_a_little_late_are_not_lost() -> None:
    """Each message leaves ten milliseconds late, for the commit before it; the rate is reached all the same."""
    pace, now, left = Pace([Rate(25, 1)]), 0.0, 0
    while now < 10:
        now += pace.wait(now) + 0.01
        pace.use(now)
        left += 1
    assert 245 <= left <= 251


def test_a_window_lets_out_all_at_once_and_then_nothing_until_it_is_over() -> None:
    pace = Pace([Rate(3, 3600)])
    for _ in range(3):
        assert 0.0 == pace.wait(1000.0)
        pace.use(1000.0)
    assert 3600 <= pace.wait(1000.0) <= 3660
    assert 0.0 == pace.wait(1000.0 + 3661)


def test_a_window_counts_what_left_before_the_run() -> None:
    pace = Pace([Rate(10, 3600), Rate(50, 1)])
    pace.remember(-1800.0, 9)
    pace.use(0.0)
    assert 1800 <= pace.wait(0.1) <= 1860


def test_all_rates_hold_at_once() -> None:
    pace = Pace([Rate(1, 1), Rate(2, 3600)])
    pace.use(0.0)
    assert 1.0 == pace.wait(0.0)
    pace.use(1.0)
    assert pace.wait(2.0) > 3000


def test_throttle_halves_and_regains_one_by_one() -> None:
    throttle = Throttle(8, Policy("x", recovery=5))
    assert (4, 0.0) == throttle.slow(LESS, 100.0, 99.0)
    assert (4, 5, 8) == (throttle.capacity(100.0), throttle.capacity(105.0), throttle.capacity(500.0))
    assert throttle.slow(LESS, 101.0, 99.5) is None, "began before the slow-down"
    assert (2, 0.0) == throttle.slow(LESS, 102.0, 101.0)
    assert (1, 600.0) == throttle.slow(LIMITED, 103.0, 102.5)
    assert (600.0, 0.0) == (throttle.pause(103.0), throttle.pause(703.0))
    assert (1, 2) == (throttle.capacity(703.0), throttle.capacity(708.0))


def test_domains_take_turns_and_a_blocked_one_holds_nobody_up() -> None:
    stock = Stock()
    names = ["a@x.example", "b@x.example", "c@x.example", "d@y.example", "e@z.example"]
    stock.add(make_claim(number, name) for number, name in enumerate(names, 1))
    order = [stock.pick(lambda domain: domain != "x.example") for _ in range(3)]
    assert [("y.example", 4), ("z.example", 5), None] == [one and (one[0], one[1].delivery) for one in order]
    assert [1, 2, 3] == [claim.delivery for claim in stock.empty()]


def test_claims_beyond_what_is_kept_are_taken_from_the_end() -> None:
    stock = Stock()
    stock.add(make_claim(number) for number in range(1, 6))
    assert ([4, 5], 3) == ([claim.delivery for claim in stock.take_beyond("example.org", 3)], len(stock))


def test_what_a_paused_domain_cannot_take_is_put_off_one_after_the_other() -> None:
    async def run() -> tuple[list[float], int]:
        lane = Lane(loopback(1), QUICK, lambda event: None)
        backlog = Backlog(utc, [lane], Domains([DomainLimit("example.org", rates=(Rate(2, 1),))]))
        backlog.receive([make_claim(number) for number in range(1, MOST + 1)], None, 0.0)
        assert [] == list(backlog.put_off(0.0)), "somebody could leave"
        lane.slow(LIMITED, 1.0, "example.org")
        now = asyncio.get_running_loop().time()
        results = list(backlog.put_off(now))
        assert {Outcome.RETURNED} == {result.attempt.outcome for result in results}
        waits = [(result.next_at - result.at).total_seconds() for result in results if result.next_at]
        return waits, len(backlog.stock)

    waits, kept = asyncio.run(run())
    assert (MOST - KEEP, KEEP) == (len(waits), kept)
    assert waits[0] >= KEEP / 2
    assert {0.5} == {round(later - earlier, 3) for earlier, later in pairwise(waits)}


def test_what_came_back_while_the_ledger_was_asked_is_asked_for_again() -> None:
    """Its answer is older than the result: a run that believed it would end with somebody deferred."""

    async def run() -> tuple[bool, int]:
        backlog = Backlog(utc, [Lane(loopback(1), QUICK, lambda event: None)], Domains(()))
        assert backlog.wanted(0.0) > 0
        backlog.stir()
        backlog.receive([], None, 0.1)
        again = backlog.wanted(0.2)
        backlog.receive([], None, 0.3)
        return again > 0, backlog.wanted(0.4)

    assert (True, 0) == asyncio.run(run())


def test_a_421_for_one_domain_slows_only_that_domain() -> None:
    people = [f"r{n}@{'slow' if n % 2 else 'fast'}.example" for n in range(80)]
    fault = Fault("rcpt", "421 4.7.0 too much", times=1, recipient="@slow.example")
    book, sink, watch = Book(people), Sink([fault], delay=0.004), Watch()
    asyncio.run(run_over(book, [sink], replace(QUICK, recovery=60), watch=watch, connections=8))
    [slowed] = [event for event in watch.events if isinstance(event, Slowed)]
    assert ("slow.example", True) == (slowed.domain, 1 <= slowed.connections <= 4)
    assert 80 == book.count(State.SENT)
    check_accounts(book, sink)


def test_a_421_before_any_recipient_slows_the_whole_relay() -> None:
    sink, watch = Sink([Fault("mail", "421 4.3.2 too many", times=1)], delay=0.002), Watch()
    asyncio.run(run_over(Book(addresses(40)), [sink], watch=watch, connections=4))
    assert [""] == [event.domain for event in watch.events if isinstance(event, Slowed)]


def test_a_relay_that_takes_two_connections_gets_two_and_is_not_left_alone_for_it() -> None:
    class Narrow(Sink):
        async def greet(self, reader, writer):  # type: ignore[no-untyped-def]
            if self.open_connections >= 2:
                writer.write(b"421 4.7.0 too many connections\r\n")
                await writer.drain()
                writer.close()
                return
            await super().greet(reader, writer)

    book, sink, watch = Book(addresses(120)), Narrow(delay=0.002), Watch()
    policy = replace(QUICK, recovery=60, pause=60, longest_pause=60)

    async def run() -> float:
        began = asyncio.get_running_loop().time()
        await run_over(book, [sink], policy, watch=watch, connections=10)
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(run()) < policy.pause
    assert (120, 2) == (book.count(State.SENT), sink.most_connections)
    assert {""} == {event.domain for event in watch.events if isinstance(event, Slowed)}
    assert [] == [event for event in watch.events if isinstance(event, RelayTrouble)]


def test_a_domain_gets_no_more_connections_than_configured() -> None:
    policy = replace(QUICK, domains=(DomainLimit("slow.example", connections=1),))
    people = [f"r{n}@{'slow' if n % 2 else 'fast'}.example" for n in range(60)]
    out: Counter[str] = Counter()
    most: Counter[str] = Counter()

    class Counting(Book):
        def _intend(self, claim):  # type: ignore[no-untyped-def]
            domain = claim.recipient.person.key.rpartition("@")[2]
            out[domain] += 1
            most[domain] = max(most[domain], out[domain])
            return super()._intend(claim)

        def _settle(self, result):  # type: ignore[no-untyped-def]
            out[result.claim.recipient.person.key.rpartition("@")[2]] -= 1
            super()._settle(result)

    book = Counting(people)
    asyncio.run(run_over(book, [Sink(delay=0.002)], policy, connections=6))
    assert (60, 1) == (book.count(State.SENT), most["slow.example"])
    assert most["fast.example"] > 1


def test_a_domain_s_rate_is_kept_while_others_go_on() -> None:
    policy = replace(QUICK, domains=(DomainLimit("*", rates=(Rate(2, 1),)), DomainLimit("fast.example")))
    people = [f"r{n}@{'slow' if n < 5 else 'fast'}.example" for n in range(60)]
    book = Book(people)

    async def run() -> float:
        began = asyncio.get_running_loop().time()
        await run_over(book, [Sink()], policy)
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(run()) >= 4 / 2
    slow = [n for n, result in enumerate(book.results) if "@slow" in result.claim.recipient.person.email]
    assert slow[-1] == 59, "the fast ones did not wait"


def test_weights_share_the_mail_whatever_the_relays_could_take() -> None:
    book, sinks = Book(addresses(240)), [Sink(delay=0.004), Sink()]

    async def run() -> None:
        async with asyncio.timeout(60), sinks[0], sinks[1]:
            relays = [
                replace(loopback(sinks[0].port), name="big", weight=3, connections=4),
                replace(loopback(sinks[1].port), name="small", weight=1, connections=4),
            ]

            await drain(book, message_of, relays, QUICK, Stop(), utc, Watch())

    asyncio.run(run())
    assert 240 == sum(len(sink.accepted) for sink in sinks)
    assert 160 <= len(sinks[0].accepted) <= 200


def test_a_share_of_refusals_ends_the_run_with_the_numbers() -> None:
    policy = replace(QUICK, refused=Refusals(0.2, 20))
    faults = [Fault("rcpt", "550 5.1.1 no such user", 0.5)]
    book = Book(addresses(200))
    drained = asyncio.run(run_over(book, [Sink(faults)], policy, connections=2))
    assert "recipients were refused" in str(drained.reason)
    assert book.count(State.PENDING) > 100


def test_hourly_limit_counts_the_hour_before_the_restart() -> None:
    stop = Stop()
    past = (Past("relay1", "example.org", utc(), 7), Past("other", "example.org", utc(), 50))
    book, sink = Book(addresses(20)), Sink()

    async def run() -> None:
        running = asyncio.create_task(
            run_over(book, [sink], replace(QUICK, past=past), stop=stop, rates=(Rate(10, 3600),))
        )
        await sink.reached(3)
        await asyncio.sleep(0.3)
        stop.drain()
        await running

    asyncio.run(run())
    assert (3, 17) == (book.count(State.SENT), book.count(State.PENDING))


def test_a_relay_that_ends_every_connection_after_some_messages_is_met_half_way() -> None:
    """Its habit is learnt: no recipient pays for it with a deferral."""
    sink = Sink(extensions=("PIPELINING",))
    sink.messages_per_connection = 3
    book = Book(addresses(40))
    drained = asyncio.run(run_over(book, [sink], connections=1))
    assert Progress(sent=40) == drained.progress
    assert sink.connections <= 16


def test_what_looked_like_a_custom_is_tried_again() -> None:
    async def run() -> list[int]:
        lane = Lane(loopback(1), QUICK, lambda event: None)
        allowed = []
        for end in (lane.learn_end, lane.learn_end, *[lane.outlived] * BEFORE_A_TEST):
            end(1)
            allowed.append(lane.per_connection)
        return allowed

    assert [500, *[1] * BEFORE_A_TEST, 2] == asyncio.run(run())


def test_an_envelope_that_ends_every_connection_is_deferred_and_the_others_go_first() -> None:
    fault = Fault("mail", "drop", recipient="")
    sink = Sink([Fault("rcpt", "drop", recipient="reader1@", times=2)], extensions=("PIPELINING",))
    assert fault.stage == "mail"
    book = Book(addresses(30))
    drained = asyncio.run(run_over(book, [sink], replace(QUICK, start_tries=5), connections=1))
    assert 30 == drained.progress.sent
    check_accounts(book, sink)


@pytest.mark.parametrize("what", ["domain", "rate"])
def test_a_weight_holds_nobody_up_for_a_relay_that_may_not_take_its_part(what: str) -> None:
    """A receiving domain that pauses on one relay, or a full hour there, is no reason to stop the others."""
    faults = [Fault("rcpt", "450 4.7.28 limited", times=1)] if what == "domain" else []
    rates = (Rate(5, 3600),) if what == "rate" else ()
    book, sinks = Book(addresses(60)), [Sink(faults, delay=0.002), Sink(delay=0.002)]

    async def run() -> None:
        async with asyncio.timeout(60), sinks[0], sinks[1]:
            relays = [
                replace(loopback(sinks[0].port), name="held", weight=1, connections=2, rates=rates),
                replace(loopback(sinks[1].port), name="free", weight=1, connections=2),
            ]
            await drain(book, message_of, relays, replace(QUICK, rate_limit_pause=60), Stop(), utc, Watch())

    asyncio.run(run())
    assert 60 == book.count(State.SENT)


@pytest.mark.parametrize("paused", [1.0, 300.0])
def test_a_pause_does_not_count_as_the_pace_of_a_domain(paused: float) -> None:
    lasting = replace(QUICK, rate_limit_pause=60)

    async def gaps() -> set[float]:
        backlog = Backlog(utc, [lane := Lane(loopback(1), lasting, lambda event: None)], Domains(()))
        lane.slow(LIMITED, 0.0, "example.org")
        begin = asyncio.get_running_loop().time()
        for number in range(25):
            backlog.took("example.org", begin + number / 50 - paused)
        backlog.receive([make_claim(number) for number in range(1, MOST + 1)], None, begin)
        waits = [(one.next_at - one.at).total_seconds() for one in backlog.put_off(begin) if one.next_at]
        return {round(later - earlier, 3) for earlier, later in pairwise(waits)}

    assert max(asyncio.run(gaps())) <= 0.02


def test_a_daily_limit_does_not_space_out_what_may_leave_this_second() -> None:
    assert 0.02 == Pace([Rate(50, 1), Rate(2000, 86400)]).gap


def test_what_came_back_is_looked_at_when_its_domain_opens() -> None:
    async def wait() -> float:
        domains = Domains([DomainLimit("example.org", rates=(Rate(2, 1),))])
        backlog = Backlog(utc, [Lane(loopback(1), QUICK, lambda event: None)], domains)
        backlog.came_back(make_claim(1))
        backlog.receive([make_claim(1)], None, 100.0)
        domains.take("example.org", 100.0)
        return backlog.wait(100.0)

    assert 0.5 == pytest.approx(asyncio.run(wait()))

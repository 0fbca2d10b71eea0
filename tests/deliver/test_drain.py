"""Whole runs against a ledger that refuses every wrong step."""

import asyncio
import os
import random
import ssl
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from ruhrmail.config import Rate, Relay
from ruhrmail.config.settings import Retry, Timeout
from ruhrmail.deliver import Drained, Event, Policy, Progress, RelayTrouble, RelayWorks, Slowed, Stop, Waiting, drain
from ruhrmail.errors import RelayError
from ruhrmail.model.ledger import Claim, State
from ruhrmail.model.mail import Message, Outcome, Reply
from tests.deliver.book import Book, loopback, message_of, utc
from tests.servers.sink import Fault, Sink
from tests.servers.smtp_sink import INSTALL, PROGRAM, free_port, smtp_sink

QUICK = Policy(
    "sender.example",
    Retry.model_validate({"gaps": ["50ms"], "for": "20s"}),
    Timeout.model_validate({"connect": "2s", "command": "2s", "dot": "2s"}),
    ssl.create_default_context(),
    pause=0.02,
    longest_pause=0.05,
    recovery=0.05,
    rate_limit_pause=0.1,
)


def addresses(count: int) -> list[str]:
    return [f"reader{number}@example.org" for number in range(1, count + 1)]


class Watch:
    """Keeps the events, and does something at each when told to."""

    def __init__(self, act: Callable[[Event], None] | None = None) -> None:
        self.events: list[Event] = []
        self.act = act

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if self.act is not None:
            self.act(event)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


async def run_over(
    book: Book,
    sinks: Sequence[Sink],
    policy: Policy = QUICK,
    stop: Stop | None = None,
    watch: Watch | None = None,
    merge: Callable[[Claim], Message] = message_of,
    **settings: object,
) -> Drained:
    """Drains over one relay per sink, and checks that no task is left."""
    async with asyncio.timeout(60):
        before = set(asyncio.all_tasks())
        for sink in sinks:
            await sink.__aenter__()
        try:
            relays = [loopback(sink.port, name=f"relay{n}", **settings) for n, sink in enumerate(sinks, 1)]
            drained = await drain(book, merge, relays, policy, stop or Stop(), utc, watch or Watch())
        finally:
            names = {task.get_coro().__qualname__ for task in asyncio.all_tasks() - before}  # type: ignore[union-attr]
            assert not [name for name in names if name.split(".")[0] in ("Carrier", "Desk", "end_with", "rest")]
            for sink in sinks:
                await sink.__aexit__(None, None, None)
        return drained


def check_accounts(book: Book, *sinks: Sink) -> None:
    """Nothing accepted without an intent, nobody twice, everybody who was sent to is in a log."""
    accepted = Counter(address for sink in sinks for address in sink.accepted)
    granted = {book.claims[number].recipient.person.email for number in book.granted}
    assert set() == set(accepted) - granted
    assert [] == [address for address, times in accepted.items() if times > 1]
    sent = {book.claims[number].recipient.person.email for number, s in book.states.items() if s is State.SENT}
    assert set() == sent - set(accepted)
    assert 0 == book.count(State.CLAIMED)


def test_everybody_gets_one_message() -> None:
    book, sink, watch = Book(addresses(60)), Sink(), Watch()
    drained = asyncio.run(run_over(book, [sink], watch=watch))
    assert Drained(Progress(sent=60)) == drained
    assert (60, 60) == (book.count(State.SENT), len(sink.accepted))
    assert [Progress(sent=n) for n in range(1, 61)] == watch.of(Progress)
    check_accounts(book, sink)


def test_connections_are_as_many_as_allowed_and_never_more_than_recipients() -> None:
    sink = Sink(delay=0.005)
    asyncio.run(run_over(Book(addresses(60)), [sink], connections=4))
    assert 4 == sink.most_connections
    sink = Sink(delay=0.005)
    asyncio.run(run_over(Book(addresses(2)), [sink], connections=10))
    assert 2 >= sink.connections


def test_connection_is_renewed_after_its_share() -> None:
    sink = Sink()
    asyncio.run(run_over(Book(addresses(10)), [sink], connections=1, messages_per_connection=3))
    assert (4, 4) == (sink.connections, sink.commands.count("QUIT"))


@pytest.mark.parametrize(("extensions", "each"), [((), 1), (("PIPELINING",), 2)])
def test_intents_are_few(extensions: tuple[str, ...], each: int) -> None:
    """They are what is in doubt after a crash: two for each connection at most, one without pipelining."""
    book = Book(addresses(100))
    asyncio.run(run_over(book, [Sink(extensions=extensions)], connections=3))
    assert 0 < book.most_in_flight <= 3 * each


def test_relays_share_the_recipients() -> None:
    book, sinks = Book(addresses(60)), [Sink(delay=0.002), Sink(delay=0.002)]
    asyncio.run(run_over(book, sinks, connections=2))
    assert all(len(sink.accepted) > 5 for sink in sinks)
    check_accounts(book, *sinks)


def test_deferred_mail_is_tried_again_after_the_gap() -> None:
    book, sink, watch = Book(addresses(3)), Sink([Fault("rcpt", "451 4.3.0 later", 1, "reader2@", 2)]), Watch()
    drained = asyncio.run(run_over(book, [sink], watch=watch))
    assert Drained(Progress(sent=3, deferred=2)) == drained
    assert [Outcome.DEFERRED, Outcome.DEFERRED, Outcome.SENT] == book.outcomes(2)
    times = [(result.at, result.next_at) for result in book.results if result.claim.delivery == 2]
    assert all(later >= (due or later) for (_, due), (later, _) in pairwise(times))
    assert watch.of(Waiting)


def test_gaps_are_taken_in_order_and_the_last_attempt_is_at_the_end() -> None:
    policy = replace(QUICK, retry=Retry.model_validate({"gaps": ["50ms", "100ms"], "for": "2s"}))
    book = Book(addresses(1))
    drained = asyncio.run(run_over(book, [Sink([Fault("rcpt", "451 4.3.0 later")])], policy))
    gaps = [result.next_at - result.at for result in book.results if result.next_at]
    assert [0.05, 0.1] == [round(gap.total_seconds(), 3) for gap in gaps[:2]]
    assert Progress(deferred=len(gaps), failed=1) == drained.progress
    assert Reply(451, "later", "4.3.0") == book.results[-1].attempt.reply


def test_bad_message_fails_its_recipient_alone() -> None:
    def merge(claim: Claim) -> Message:
        if claim.delivery == 2:
            raise ValueError("a line break in a header")
        return message_of(claim)

    book = Book([*addresses(2), "ümlaut@example.org", "last@example.org"])
    asyncio.run(run_over(book, [Sink()], merge=merge))
    assert [State.SENT, State.FAILED, State.FAILED, State.SENT] == list(book.states.values())
    assert "a line break in a header" == next(r for r in book.results if r.claim.delivery == 2).attempt.text


def test_suppressed_and_lost_recipients_get_nothing() -> None:
    book, sink = Book(addresses(4)), Sink()
    book.suppressed, book.lost = {2}, {3}
    drained = asyncio.run(run_over(book, [sink], connections=1))
    assert Progress(sent=2, suppressed=1) == drained.progress
    assert ["reader1@example.org", "reader4@example.org"] == sink.accepted
    assert (State.SUPPRESSED, State.CLAIMED) == (book.states[2], book.states[3])


def test_relay_that_refuses_from_the_start_ends_the_run_and_leaves_all_pending() -> None:
    async def run(book: Book, watch: Watch) -> None:
        async with asyncio.timeout(60):
            await drain(book, message_of, [loopback(free_port())], QUICK, Stop(), utc, watch)

    book, watch = Book(addresses(30)), Watch()
    with pytest.raises(RelayError, match="refuses connections"):
        asyncio.run(run(book, watch))
    assert 30 == book.count(State.PENDING)
    assert [0.02, 0.04, 0.05] == [event.pause for event in watch.events if isinstance(event, RelayTrouble)]


@pytest.mark.parametrize("stage", ["connect", "ehlo", "mail"])
def test_relay_that_hangs_up_from_the_start_ends_the_run(stage: str) -> None:
    book = Book(addresses(30))
    with pytest.raises(RelayError):
        asyncio.run(run_over(book, [Sink([Fault(stage, "drop")])]))
    assert 30 == book.count(State.PENDING)


@pytest.mark.parametrize(
    ("stage", "reply"),
    [("mail", "550 5.7.1 not you"), ("mail", "550 sender denied"), ("rcpt", "530 5.7.0 login first")],
)
def test_relay_that_does_not_want_us_ends_the_run_at_once(stage: str, reply: str) -> None:
    book, sink = Book(addresses(30)), Sink([Fault(stage, reply)])
    with pytest.raises(RelayError, match="takes no mail from us"):
        asyncio.run(run_over(book, [sink]))
    assert (30, 1) == (book.count(State.PENDING), sink.connections)


def test_other_relays_go_on_without_the_one_that_is_down() -> None:
    book, sink, watch = Book(addresses(40)), Sink(delay=0.005), Watch()

    async def run() -> Drained:
        async with asyncio.timeout(60), sink:
            relays = [loopback(free_port(), name="down"), loopback(sink.port, name="up", connections=2)]
            return await drain(book, message_of, relays, QUICK, Stop(), utc, watch)

    assert Drained(Progress(sent=40)) == asyncio.run(run())
    assert {"down"} == {event.relay for event in watch.events if isinstance(event, RelayTrouble)}
    assert [RelayWorks("up")] == [event for event in watch.events if isinstance(event, RelayWorks)]
    check_accounts(book, sink)


def test_relay_that_comes_back_is_used_again() -> None:
    """It restarts in the middle of the run, on the same port."""
    book, first, second = Book(addresses(200)), Sink(delay=0.002, port=free_port()), Sink(delay=0.0)
    policy, watch = replace(QUICK, start_tries=2), Watch()

    async def run() -> Drained:
        async with asyncio.timeout(60), first:
            running = asyncio.create_task(drain(book, message_of, [loopback(first.port)], policy, Stop(), utc, watch))
            await first.reached(20)
            await first.__aexit__(None, None, None)
            await asyncio.sleep(0.2)
            second.port = first.port
            async with second:
                return await running

    drained = asyncio.run(run())
    assert 200 == drained.progress.sent + drained.progress.in_doubt
    assert drained.progress.in_doubt <= 5
    told = [type(event) for event in watch.events if isinstance(event, (RelayTrouble, RelayWorks))]
    assert (RelayWorks, RelayTrouble, RelayWorks) == (told[0], told[1], told[-1])
    check_accounts(book, first, second)


def test_outage_longer_than_mail_is_retried_ends_the_run() -> None:
    policy = replace(QUICK, retry=Retry.model_validate({"gaps": ["50ms"], "for": "200ms"}))
    book, sink = Book(addresses(100)), Sink(delay=0.002)

    async def run() -> None:
        async with asyncio.timeout(60), sink:
            running = asyncio.create_task(drain(book, message_of, [loopback(sink.port)], policy, Stop(), utc, Watch()))
            await sink.reached(10)
            await sink.__aexit__(None, None, None)
            await running

    with pytest.raises(RelayError, match="refuses connections"):
        asyncio.run(run())
    assert 0 == book.count(State.CLAIMED) + book.count(State.IN_FLIGHT)
    assert 0 < book.count(State.PENDING)


def test_a_421_halves_the_connections_and_they_come_back() -> None:
    fault = Fault("rcpt", "421 4.7.0 too much", times=1, recipient="reader30@")
    book, sink, watch = Book(addresses(100)), Sink([fault], delay=0.004), Watch()
    drained = asyncio.run(run_over(book, [sink], watch=watch, connections=8))
    [slowed] = [event for event in watch.events if isinstance(event, Slowed)]
    assert (4, 0.0) == (slowed.connections, slowed.pause)
    assert Progress(sent=100, deferred=1) == drained.progress
    check_accounts(book, sink)


def test_4_7_28_pauses_and_begins_with_one_connection() -> None:
    fault = Fault("dot", "450 4.7.28 rate limited", times=1, recipient="reader10@")
    book, watch = Book(addresses(30)), Watch()
    asyncio.run(run_over(book, [Sink([fault])], watch=watch))
    [slowed] = [event for event in watch.events if isinstance(event, Slowed)]
    assert (1, 0.1) == (slowed.connections, slowed.pause)
    assert 30 == book.count(State.SENT)


def test_greylisting_slows_nothing() -> None:
    watch = Watch()
    asyncio.run(run_over(Book(addresses(9)), [Sink([Fault("rcpt", "450 4.7.1 greylisted", times=5)])], watch=watch))
    assert [] == watch.of(Slowed)


@pytest.mark.parametrize("reply", ["550 5.7.26 unauthenticated", "550 5.7.515 access denied"])
def test_refused_authentication_stops_the_run_with_a_reason(reply: str) -> None:
    book, sink = Book(addresses(200)), Sink([Fault("dot", reply, recipient="reader5@")], delay=0.001)
    drained = asyncio.run(run_over(book, [sink], connections=2))
    assert reply in str(drained.reason)
    assert 0 < book.count(State.PENDING)
    check_accounts(book, sink)


@pytest.mark.parametrize(
    ("stage", "reply"),
    [("rcpt", "554 5.7.1 Relay access denied"), ("rcpt", "554 relay access denied"), ("dot", "554 5.6.0 bad content")],
)
def test_relay_that_denies_everybody_stops_the_run_after_some(stage: str, reply: str) -> None:
    book = Book(addresses(200))
    drained = asyncio.run(run_over(book, [Sink([Fault(stage, reply)])]))
    assert reply in str(drained.reason)
    assert 30 > book.count(State.FAILED) >= QUICK.refusals


def test_relay_that_denies_everybody_is_not_hidden_by_one_that_takes_everybody() -> None:
    book = Book(addresses(400))
    drained = asyncio.run(run_over(book, [Sink([Fault("rcpt", "554 relay not permitted")]), Sink(delay=0.002)]))
    assert "relay not permitted" in str(drained.reason)
    assert 30 > book.count(State.FAILED) >= QUICK.refusals


@pytest.mark.parametrize("reply", ["550 5.1.1 no such user", "550 no such user"])
def test_a_long_row_of_dead_mailboxes_stops_nothing(reply: str) -> None:
    book = Book(addresses(50))
    drained = asyncio.run(run_over(book, [Sink([Fault("rcpt", reply)])]))
    assert Drained(Progress(failed=50)) == drained


def test_rate_spaces_the_messages_of_a_relay() -> None:
    """No claim is made when the message might not leave for long: 5 a second, stopped after the fifth."""
    stop = Stop()
    watch = Watch(lambda event: stop.drain() if isinstance(event, Progress) and event.sent == 5 else None)

    async def run() -> tuple[float, Drained]:
        began = asyncio.get_running_loop().time()
        drained = await run_over(Book(addresses(50)), [Sink()], stop=stop, watch=watch, rates=(Rate(5, 1),))
        return asyncio.get_running_loop().time() - began, drained

    seconds, drained = asyncio.run(run())
    assert seconds >= 4 / 5
    assert 5 <= drained.progress.sent <= 6


def test_first_stop_finishes_what_runs_and_returns_the_rest() -> None:
    stop = Stop()
    watch = Watch(lambda event: stop.drain() if isinstance(event, Progress) and event.sent == 10 else None)
    book, sink = Book(addresses(200)), Sink(delay=0.002)
    drained = asyncio.run(run_over(book, [sink], stop=stop, watch=watch))
    assert drained.stopped
    assert 200 == book.count(State.SENT) + book.count(State.PENDING)
    assert book.count(State.SENT) == len(sink.accepted) <= 16
    check_accounts(book, sink)


def test_run_that_is_stopped_before_it_begins_sends_nothing() -> None:
    stop, book, sink = Stop(), Book(addresses(5)), Sink()
    stop.drain()
    assert Drained(Progress(), stopped=True) == asyncio.run(run_over(book, [sink], stop=stop))
    assert (5, 0) == (book.count(State.PENDING), sink.connections)


def test_stop_wakes_a_run_that_waits_for_a_retry() -> None:
    stop = Stop()
    watch = Watch(lambda event: stop.drain() if isinstance(event, Waiting) else None)
    policy = replace(QUICK, retry=Retry.model_validate({"gaps": ["1h"], "for": "24h"}))
    book = Book(addresses(2))
    drained = asyncio.run(run_over(book, [Sink([Fault("rcpt", "451 4.3.0 later")])], policy, stop, watch))
    assert drained.stopped
    assert 2 == book.count(State.DEFERRED)


def test_second_stop_drops_everything_and_leaves_in_flight_what_was() -> None:
    stop = Stop()
    book, sink = Book(addresses(20)), Sink([Fault("dot", "silence", recipient="reader7@")])
    watch = Watch(lambda event: stop.now() if isinstance(event, Progress) and event.sent == 19 else None)
    asyncio.run(run_over(book, [sink], stop=stop, watch=watch))
    assert (19, State.IN_FLIGHT) == (book.count(State.SENT), book.states[7])
    check_accounts(book, sink)


def test_cancelling_the_run_returns_what_was_not_begun() -> None:
    book, sink = Book(addresses(100)), Sink(delay=0.003)

    async def run() -> None:
        running = asyncio.create_task(run_over(book, [sink]))
        await sink.reached(5)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(run())
    assert book.count(State.IN_FLIGHT) <= 5
    check_accounts(book, sink)


@pytest.mark.parametrize("calls", range(0, 40, 3))
def test_ledger_that_fails_stops_all_sending(calls: int) -> None:
    """Whatever call it fails at: nothing leaves without an intent, and the error comes out."""
    book, sink = Book(addresses(100)), Sink()
    book.fail_after = calls
    with pytest.raises(OSError, match="no space left"):
        asyncio.run(run_over(book, [sink]))
    granted = {book.claims[number].recipient.person.email for number in book.granted}
    assert set() == set(sink.accepted) - granted
    assert len(sink.accepted) <= book.count(State.SENT) + 5


@pytest.mark.parametrize("seed", range(3))
def test_no_fault_loses_or_repeats_anybody(seed: int) -> None:
    """Every stage fails now and then; each accepted message is sent or in doubt, nobody is lost, nobody gets two."""
    dice = random.Random(seed)
    actions = ["451 4.3.0 later", "421 4.3.2 closing", "drop", "garbage"]
    faults = [
        Fault(stage, dice.choice(actions), 0.03) for stage in ("connect", "mail", "rcpt", "data", "dot") for _ in "ab"
    ]
    faults += [Fault("dot", "drop-after", 0.03), Fault("dot", "550 5.2.2 full", 0.03)]
    book, sink = Book(addresses(150)), Sink(faults, seed=seed)
    policy = replace(QUICK, start_tries=50)
    drained = asyncio.run(run_over(book, [sink], policy, connections=6))
    final = book.count(State.SENT) + book.count(State.FAILED) + book.count(State.IN_DOUBT)
    assert 150 == final
    assert (book.count(State.SENT), book.count(State.IN_DOUBT)) == (drained.progress.sent, drained.progress.in_doubt)
    accepted = set(sink.accepted)
    failed = {book.claims[n].recipient.person.email for n, state in book.states.items() if state is State.FAILED}
    assert set() == accepted & failed
    check_accounts(book, sink)


@pytest.mark.skipif(not PROGRAM and "CI" not in os.environ, reason=INSTALL)
def test_two_hundred_messages_reach_postfix_smtp_sink(tmp_path: Path) -> None:
    book = Book(addresses(200))

    async def run(port: int) -> Drained:
        async with asyncio.timeout(60):
            return await drain(book, message_of, [loopback(port)], QUICK, Stop(), utc, Watch())

    with smtp_sink(tmp_path / "mail") as sink:
        assert Drained(Progress(sent=200)) == asyncio.run(run(sink.port))
        messages = sink.messages()
    assert 200 == len(messages)
    assert all(b"Guten Tag" in message for message in messages)
    assert 200 == book.count(State.SENT)


def test_maildir_takes_a_whole_run(tmp_path: Path) -> None:
    book = Book(addresses(25))

    async def run() -> Drained:
        async with asyncio.timeout(60):
            relay = Relay("maildir", "maildir", path=str(tmp_path / "box"), connections=1)
            return await drain(book, message_of, [relay], QUICK, Stop(), utc, Watch())

    assert Drained(Progress(sent=25)) == asyncio.run(run())
    assert 25 == len(list((tmp_path / "box" / "new").iterdir()))


@pytest.mark.parametrize("works", [0, 3])
def test_relay_that_hangs_up_before_any_letter_is_left_alone_for_a_while(works: int) -> None:
    """After EHLO, for as long as the run would try: neither a storm of connections nor a run without end."""
    policy = replace(QUICK, retry=Retry.model_validate({"gaps": ["50ms"], "for": "300ms"}))
    connections = 0

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        writer.write(b"220 sink.example\r\n")
        await reader.readline()
        writer.write(b"250 sink.example\r\n")
        for _ in range(works if connections == 1 else 0):
            for reply in (b"250 ok\r\n", b"250 ok\r\n", b"354 ok\r\n"):
                await reader.readline()
                writer.write(reply)
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 taken\r\n")
        writer.close()

    async def run() -> None:
        async with asyncio.timeout(60), await asyncio.start_server(greet, "127.0.0.1", 0) as server:
            relay = loopback(server.sockets[0].getsockname()[1])
            await drain(book, message_of, [relay], policy, Stop(), utc, Watch())

    book = Book(addresses(30))
    with pytest.raises(RelayError, match="closes the connection"):
        asyncio.run(run())
    assert (works, 30 - works) == (book.count(State.SENT), book.count(State.PENDING))
    assert connections < 30


def test_a_relay_that_does_not_answer_keeps_no_other_waiting_nor_the_end() -> None:
    """It takes the connection and never greets; the other has room for the only recipient."""
    book, sink = Book(addresses(1)), Sink()
    policy = replace(QUICK, timeout=Timeout.model_validate({"connect": "60s"}))

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def run() -> Drained:
        async with asyncio.timeout(60), await asyncio.start_server(silent, "127.0.0.1", 0) as server, sink:
            relays = [loopback(server.sockets[0].getsockname()[1], name="silent"), loopback(sink.port, name="good")]
            return await drain(book, message_of, relays, policy, Stop(), utc, Watch())

    assert Drained(Progress(sent=1)) == asyncio.run(run())


@pytest.mark.parametrize("threads", [0, 2])
def test_error_that_nobody_foresaw_while_a_message_is_made_ends_the_run(threads: int) -> None:
    def merge(claim: Claim) -> Message:
        if claim.delivery == 5:
            raise KeyError("no such variant")
        return message_of(claim)

    book, sink = Book(addresses(30)), Sink()
    with pytest.raises(KeyError):
        asyncio.run(asyncio.wait_for(run_over(book, [sink], replace(QUICK, threads=threads), merge=merge), 60))
    assert len(sink.accepted) == book.count(State.SENT)
    assert (0, 0) == (book.count(State.IN_FLIGHT), book.count(State.CLAIMED)), "what is known is written"
    check_accounts(book, sink)


@pytest.mark.parametrize("at", [1, 10])
def test_events_that_nobody_can_hear_end_the_run_and_lose_no_outcome(at: int) -> None:
    """Such as a pipe without a reader: told in the middle of a connection's end, with one letter more to be told."""

    def act(event: Event) -> None:
        if isinstance(event, Progress) and event.in_doubt:
            raise BrokenPipeError

    book = Book(addresses(40))
    sink = Sink([Fault("dot", "drop", times=1, after=at)], extensions=("PIPELINING",))
    with pytest.raises(BrokenPipeError):
        asyncio.run(asyncio.wait_for(run_over(book, [sink], watch=Watch(act), connections=3), 60))
    assert (1, 0, 0) == (book.count(State.IN_DOUBT), book.count(State.IN_FLIGHT), book.count(State.CLAIMED))
    check_accounts(book, sink)

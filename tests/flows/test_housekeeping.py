"""What the web service does besides answering: duties that go on whatever happens, and end when told to."""

import asyncio
import os
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from ruhrmail.config import Config, load_config
from ruhrmail.errors import RelayError, StoreError
from ruhrmail.flows.housekeeping import Duty, Keeper, duties_of, keeping_house
from ruhrmail.flows.joining import Request, ask_to_join
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.outbox import Round, send_due
from ruhrmail.model.phrase import phrase
from ruhrmail.store import Store, count_posts, open_store, read_record, take_posts
from ruhrmail.tokens import Keyring, Purpose
from tests.servers.sink import Fault, Sink
from tests.servers.smtp_sink import free_port
from tests.stories.project import read_maildir, small_project

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEYRING = Keyring((b"x" * 32,))


@dataclass
class Desk:
    """A project and its open store, with a clock that the test sets."""

    config: Config
    store: Store
    now: datetime = NOW

    @property
    def machine(self):
        return replace(this_machine(), now=lambda: self.now)

    def through(self, *relays: str):
        """The project with these relays."""
        self.config = load_config(self.config.project, {"RUHRMAIL_RELAY": " ".join(relays)})
        return self

    def ask(self, count: int = 1, first: int = 0):
        for number in range(first, first + count):
            request = Request(f"leser{number}@halde.example", "https://kurzbrief.example/subscribe")
            ask_to_join(self.config, self.store, KEYRING, self.machine, request)

    def round(self, **more):
        return Round(self.config, self.store, KEYRING, self.machine, **more)


@pytest.fixture
def desk(tmp_path):
    project = small_project(tmp_path / "project", 0)
    config = load_config(project.folder, {"RUHRMAIL_RELAY": f"maildir:{project.folder}/out"})
    with open_store(config.store, now=NOW, randomness=os.urandom) as store:
        yield Desk(config, store)


@contextmanager
def listening(*faults: Fault, port: int = 0):
    """A relay on loopback, in a loop of its own."""
    sink, loop, begun = Sink(faults, port=port), asyncio.new_event_loop(), threading.Event()
    end = asyncio.Event()

    async def live():
        async with sink:
            begun.set()
            await end.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(live()))
    thread.start()
    assert begun.wait(60)
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(60)
        loop.close()


def url(sink: Sink, connections: int = 2) -> str:
    return f"smtp://127.0.0.1:{sink.port}?connections={connections}"


def wait_until(true, seconds: float = 60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.02)


@contextmanager
def leaving(leave: threading.Event, sink: Sink):
    """Somebody who sets the event once the sink has heard of a recipient."""

    def watch():
        wait_until(lambda: any(line.upper().startswith("RCPT") for line in list(sink.commands)))
        leave.set()

    thread = threading.Thread(target=watch)
    thread.start()
    yield
    thread.join()


def test_a_burst_shares_connections_and_everybody_gets_one_mail(desk):
    desk.ask(500)
    with listening() as sink:
        assert 500 == send_due(desk.through(url(sink, 5)).round())
    assert (500, 500) == (len(sink.accepted), len(set(sink.accepted)))
    assert (True, []) == (sink.connections <= 10, sink.breaches)
    assert {"sent": 500} == count_posts(desk.store)


def test_returned_mail_names_who_it_was_for(desk):
    desk.ask()
    with listening() as sink:
        send_due(replace(desk.round(), config=desk.through(url(sink)).config))
    [taken] = sink.acceptances
    token = KEYRING.verify_address(taken.sender)
    person = read_record(desk.store, "leser0@halde.example")
    assert (Purpose.RETURN, 0, "kurzbrief.example") == (token.purpose, token.mailing, taken.sender.rpartition("@")[2])
    assert person.number > 0
    assert bytes.fromhex(desk.store.id)[:3] == token.list


def test_a_plain_return_path_is_the_senders_address(desk):
    delivery = desk.config.settings.delivery.model_copy(update={"return_path": "plain"})
    desk.config = replace(desk.config, settings=desk.config.settings.model_copy(update={"delivery": delivery}))
    desk.ask()
    send_due(desk.round())
    [mail] = read_maildir(desk.config.project / "out")
    assert "<post@kurzbrief.example>" == mail["Return-Path"]


def test_the_second_relay_takes_over_from_one_that_is_gone(desk):
    desk.ask(5)
    with listening() as sink:
        desk.through(f"smtp://127.0.0.1:{free_port()}", url(sink))
        assert 5 == send_due(desk.round())
    assert 5 == len(set(sink.accepted))


def test_a_trouble_that_another_relay_made_up_for_is_told(desk):
    desk.ask(5)
    with listening() as sink:
        desk.through(f"smtp://127.0.0.1:{free_port()}", url(sink))
        outbox = duties_of(desk.config, desk.store, KEYRING, desk.machine)[0]
        trouble = outbox.run(threading.Event())
    assert "refuses connections" in str(trouble)


def test_while_no_relay_works_the_duty_says_how_many_mails_wait(desk):
    desk.ask(3)
    desk.through(f"smtp://127.0.0.1:{free_port()}")
    outbox = duties_of(desk.config, desk.store, KEYRING, desk.machine)[0]
    with pytest.raises(RelayError) as caught:
        outbox.run(threading.Event())
    assert str(caught.value).startswith("3 mails about joining wait: ")
    assert {"pending": 3} == count_posts(desk.store)


def test_mails_leave_once_the_relay_is_back(desk):
    desk.ask(2)
    port, told = free_port(), []
    desk.through(f"smtp://127.0.0.1:{port}")
    with keeping_house(duties_of(desk.config, desk.store, KEYRING, desk.machine), lambda text: told.append(str(text))):
        wait_until(lambda: told)
        with listening(port=port) as sink:
            wait_until(lambda: count_posts(desk.store) == {"sent": 2})
        wait_until(lambda: len(told) == 2)
    assert 2 == len(sink.accepted)
    assert ["2 mails about joining wait", "outbox: works again"] == [told[0].partition(":")[0], told[1]]


def test_a_mail_in_doubt_is_sent_once_more_and_nobody_waits_in_vain(desk):
    desk.ask()
    with listening(Fault("dot", "drop-after", times=1)) as sink:
        desk.through(url(sink))
        assert 0 == send_due(desk.round())
        assert {"pending": 1} == count_posts(desk.store)
        desk.now += timedelta(seconds=2)
        assert 1 == send_due(desk.round())
    assert ["leser0@halde.example"] * 2 == sink.accepted


def test_a_mail_put_off_waits_for_its_gap(desk):
    desk.ask()
    with listening(Fault("rcpt", "450 4.2.1 later", times=1)) as sink:
        desk.through(url(sink))
        assert (0, 0) == (send_due(desk.round()), send_due(desk.round()))
        desk.now += timedelta(seconds=2)
        assert 1 == send_due(desk.round())


def test_a_mail_refused_for_good_is_given_up(desk):
    desk.ask()
    with listening(Fault("rcpt", "550 5.1.1 nobody")) as sink:
        send_due(desk.through(url(sink)).round())
    assert {"failed": 1} == count_posts(desk.store)
    [post] = read_record(desk.store, "leser0@halde.example").posts
    assert "550 5.1.1" in post.text


def test_told_to_leave_before_the_answer_the_mail_is_given_back(desk):
    desk.ask()
    leave = threading.Event()
    with listening(Fault("dot", "silence")) as sink, leaving(leave, sink):
        desk.through(url(sink))
        assert 0 == send_due(desk.round(leave=leave))
    assert [] == sink.accepted
    assert {"pending": 1} == count_posts(desk.store)


def test_told_to_leave_a_mail_under_way_is_finished(desk):
    desk.ask()
    leave = threading.Event()
    with listening() as sink, leaving(leave, sink):
        sink.delay = 0.3
        desk.through(url(sink))
        assert 1 == send_due(desk.round(leave=leave))
    assert {"sent": 1} == count_posts(desk.store)


def test_two_that_send_at_once_send_each_mail_once(desk):
    desk.ask(300)
    with listening() as sink:
        desk.through(url(sink))
        with open_store(desk.config.store, now=NOW, randomness=os.urandom) as other:
            rounds = [desk.round(), replace(desk.round(), store=other)]
            threads = [threading.Thread(target=send_due, args=[one]) for one in rounds]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
    assert (300, 300) == (len(sink.accepted), len(set(sink.accepted)))


def test_one_who_was_taken_for_dead_writes_nothing_any_more(desk):
    desk.ask()
    [post] = take_posts(desk.store, 1, desk.now)
    desk.now += timedelta(minutes=16)
    assert 1 == send_due(desk.round())
    from ruhrmail.flows.outbox import claim_of
    from ruhrmail.model.ledger import Result
    from ruhrmail.model.mail import Attempt, Outcome
    from ruhrmail.store import record_posts

    claim = claim_of(post)
    late = Result(claim, Attempt(Outcome.FAILED, "old"), desk.now)
    assert {} == record_posts(desk.store, [late], [claim], desk.now)
    assert {"sent": 1} == count_posts(desk.store)


def test_requests_that_nobody_confirmed_go_as_soon_as_the_service_begins(desk):
    desk.ask()
    desk.now += timedelta(days=15)
    with keeping_house(duties_of(desk.config, desk.store, KEYRING, desk.machine)[1:], print):
        wait_until(lambda: count_posts(desk.store) == {})
    assert read_record(desk.store, "leser0@halde.example").person is None


def test_a_trouble_is_told_once_while_it_lasts_and_its_end_as_well():
    told, troubles = [], [StoreError(phrase("locked"))] * 3 + [None, StoreError(phrase("locked")), ValueError("bug")]
    keeper = Keeper(Duty("books", 1.0, lambda _: fail(troubles.pop(0))), lambda text: told.append(str(text)),
                    threading.Event())  # fmt: skip
    pauses = [keeper.once() for _ in range(6)]
    assert [1.0, 2.0, 4.0, 1.0, 1.0, 2.0] == pauses
    assert ["books: locked", "books: works again", "books: locked"] == told[:3]
    assert "ValueError: bug" in told[3]


def test_a_trouble_that_lasts_is_told_again_after_an_hour():
    told, now = [], [0.0]
    duty = Duty("books", 1.0, lambda _: fail(StoreError(phrase("locked"))))
    keeper = Keeper(duty, lambda text: told.append(str(text)), threading.Event(), clock=lambda: now[0])
    for at in (0.0, 10.0, 3599.0, 3600.0, 3700.0):
        now[0] = at
        keeper.once()
    assert ["books: locked", "books: locked"] == told


def test_nobody_who_listens_ends_no_duty():
    def deaf(_text):
        raise BrokenPipeError

    keeper = Keeper(Duty("books", 1.0, lambda _: fail(StoreError(phrase("locked")))), deaf, threading.Event())
    assert 1.0 == keeper.once()


def test_duties_end_with_the_block():
    def wait(leave):
        assert leave.wait(60)

    with keeping_house([Duty("patience", 1.0, wait)], print):
        names = {thread.name for thread in threading.enumerate()}
    assert "patience" in names
    assert "patience" not in {thread.name for thread in threading.enumerate()}


def fail(error):
    if error is not None:
        raise error

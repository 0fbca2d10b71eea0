"""What a terminal shows of a run, in the reader's language."""

import io
import re
import threading
from collections import deque
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from ruhrmail.cli.live import make_live
from ruhrmail.cli.picture import describe, draw, duration, in_figures
from ruhrmail.cli.progress import Watch
from ruhrmail.cli.terminal import Terminal
from ruhrmail.deliver import Progress, Slowed, Waiting, Working
from ruhrmail.flows.events import Away, Back, Crewed, Crewless, Following, Hampered, Resting
from ruhrmail.i18n import translator
from ruhrmail.model.fleet import Fleet, Hindered, Hindrance, Worker
from ruhrmail.model.mail import Reply
from ruhrmail.model.phrase import phrase
from ruhrmail.watch.tally import Tally

NOON = datetime(2026, 11, 6, 12, tzinfo=UTC)
LESS = Reply(421, "slow down", "4.7.28")


def run():
    now = [100.0]
    tally = Tally(lambda: now[0])
    tally.begin(1000)
    now[0] += 10
    tally.on_event(Progress(sent=240, deferred=7, failed=9, in_doubt=1))
    return tally


def lines(tally, language="en"):
    translate = translator(language)
    return [translate(one) for one in describe(tally)]


def test_figures_speed_and_remaining_time():
    assert ["26 a second, 0:00:30 left", "sent 240, deferred 7, failed 9, in doubt 1"] == lines(run())
    assert "26 je Sekunde, noch 0:00:30" == lines(run(), "de")[0]


def test_connections_and_who_asked_for_less():
    tally = run()
    tally.on_event(Working({"main": 20, "backup": 5}))
    tally.on_event(Slowed("main", 1, 600, LESS, "mail.example"))
    tally.on_event(Slowed("backup", 2, 0, LESS, recovery=40))
    found = lines(tally)[2:]
    assert "connections: backup 5, main 20" == found[0]
    assert re.fullmatch(r"backup asked for less: 2 connections, all again at \d\d:\d\d:\d\d 421 slow down", found[1])
    assert re.fullmatch(r"main for mail.example rests until \d\d:\d\d:\d\d 421 slow down", found[2])


def test_what_it_waits_for():
    tally = run()
    tally.on_event(Waiting(datetime(2026, 11, 6, 12, 0, 5, tzinfo=UTC)))
    assert re.fullmatch(r"waiting until \d\d:\d\d:05", lines(tally)[-1])


def test_the_picture_holds_the_bar_and_fits_a_narrow_terminal():
    console = Console(file=io.StringIO(), width=40, force_terminal=True, color_system=None)
    console.print(draw(run(), translator("en")))
    shown = console.file.getvalue().splitlines()
    assert "250/1000 25 %" in shown[0]
    assert 40 >= max(map(len, shown))


def test_before_the_mail_begins_there_is_nothing_to_see():
    console = Console(file=io.StringIO(), width=40)
    console.print(draw(Tally(lambda: 0.0), translator("en")))
    assert "" == console.file.getvalue().strip()


def test_without_a_terminal_nothing_is_drawn():
    assert make_live(Terminal(io.StringIO(), io.StringIO(), translator("en"), color=False), run()) is None


def test_a_line_is_told_only_when_something_changed():
    err = io.StringIO()
    watch = Watch(Terminal(io.StringIO(), err, translator("en"), color=False), None, run())
    watch.tick()
    watch.tick()
    assert "250 of 1000: sent 240, deferred 7, failed 9; 26 a second, 0:00:30 left\n" == err.getvalue()


def test_a_reader_that_went_away_makes_it_silent_and_stops_nothing():
    watch = Watch(Terminal(io.StringIO(), Broken(), translator("en"), color=False), None, run())
    heard = []
    watch.also = (heard.append,)
    watch.on_event(Slowed("main", 1, 0, LESS))
    watch.on_event(Progress(sent=500))
    assert (False, False, 2) == (watch.tick(), watch.heard, len(heard))


def test_a_terminal_that_takes_nothing_holds_up_no_event():
    err = Stopped()
    watch = Watch(Terminal(io.StringIO(), err, translator("en"), color=False), None, run())
    watch.begin(10)
    watch.on_event(Slowed("main", 1, 0, LESS))
    assert err.reached.wait(60)
    for number in range(1000):
        watch.on_event(Slowed("main", 1, 0, LESS, f"d{number}.example"))
        watch.later("metrics: {url}", url="x")
    watch.on_event(Progress(sent=10))
    assert 10 == watch.tally.done
    err.goes_on.set()
    watch.end()
    assert 1001 == err.getvalue().count("asks for less")


def test_two_threads_that_pass_on_at_the_end_do_not_stumble_over_each_other():
    """The terminal goes on after the run has waited for it: the other thread took what seemed to be there."""

    class Fleeting(deque):
        def __bool__(self):
            return True

    watch = Watch(Terminal(io.StringIO(), io.StringIO(), translator("en"), color=False), None, run())
    watch.news = Fleeting()
    watch.end()
    assert watch.heard


class Stopped(io.StringIO):
    """A terminal after Ctrl+S."""

    def __init__(self):
        super().__init__()
        self.reached = threading.Event()
        self.goes_on = threading.Event()

    def write(self, text):
        self.reached.set()
        self.goes_on.wait(60)
        return super().write(text)


class Broken(io.StringIO):
    """A pipe without a reader."""

    def write(self, text):
        raise BrokenPipeError(32, "Broken pipe")


def test_many_events_cost_no_line_and_no_thread():
    watch = Watch(Terminal(io.StringIO(), Broken(), translator("en"), color=False), None, run())
    before = threading.active_count()
    for number in range(10_000):
        watch.on_event(Progress(sent=number))
    assert (True, before) == (watch.heard, threading.active_count())


@pytest.mark.parametrize(("seconds", "expected"), [(0, "0:00:00"), (65.4, "0:01:05"), (90_000, "25:00:00")])
def test_durations(seconds, expected):
    assert expected == duration(seconds)


@pytest.mark.parametrize(("rate", "expected"), [(0, "0"), (0.25, "0.2"), (9.96, "10.0"), (12345.6, "12346")])
def test_rates(rate, expected):
    assert expected == str(in_figures(rate))


def test_the_whole_fleet_stands_in_the_picture_the_silent_too():
    tally = run()
    workers = [
        Worker("a", "mail1", 11, NOON, timedelta(seconds=1), "2026-11", (0, 1), 4, 900, 120.4),
        Worker("b", "mail2", 22, NOON, timedelta(seconds=1), "2026-11", (2,), 4, 300, 60.2),
        Worker("c", "mail3", 33, NOON, timedelta(seconds=15), "2026-11", (3,), 4, 9, 9.0),
    ]
    tally.on_event(Following("2026-11", Fleet(tuple(workers)), 750))
    assert [
        "workers: 2, slots: 3 of 4",
        "  mail1 (11): 2 of 4 slots, 120 a second",
        "  mail2 (22): 1 of 4 slots, 60 a second",
        "silent: mail3 (33)",
    ] == lines(tally)[2:]


DOWN = Hindrance("main", NOON, phrase("the relay main refuses connections"), phrase("check host and port"))


def test_what_keeps_workers_from_sending_stands_in_the_picture():
    tally = run()
    workers = [Worker(name, name, 1, NOON, timedelta(), hindrances=(DOWN,)) for name in ("mail1", "mail2")]
    tally.on_event(Following("2026-11", Fleet(tuple(workers)), 750))
    since = NOON.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert f"worker mail1 (1), mail2 (1), since {since}: the relay main refuses connections" == lines(tally)[-1]


def test_what_keeps_workers_from_sending_is_told_with_what_to_do_and_when_it_is_over():
    alive = Worker("a", "mail1", 11, NOON, timedelta(seconds=1))
    since = NOON.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert [
        f"worker mail1 (11), since {since}: the relay main refuses connections",
        "try: check host and port",
        "nothing keeps the workers from sending any more",
    ] == said(Hampered((Hindered(DOWN, (alive,)),)), Hampered())


def said(*events):
    stream = io.StringIO()
    watch = Watch(Terminal(stream, stream, translator("en"), color=False), None, Tally(lambda: 0.0))
    for event in events:
        watch.on_event(event)
    watch.end()
    return stream.getvalue().splitlines()


def test_what_happens_to_a_followed_mailing_is_a_line_each():
    alive = Worker("a", "mail1", 11, NOON, timedelta(seconds=1))
    silent = Worker("b", "mail2", 22, NOON, timedelta(minutes=1))
    assert [
        "no worker is running, so nothing is sent: start `ruhrmail worker` on any machine",
        "silent: mail2 (22)",
        "workers send it: mail1 (11); Ctrl+C ends only the looking on",
        "PostgreSQL does not answer; looking on as soon as it answers",
        "the store answers again",
    ] == said(Crewless((silent,)), Crewed((alive,)), Away(phrase("PostgreSQL does not answer")), Back())
    assert said(Resting(NOON))[0].startswith("deferred mail is tried again at ")

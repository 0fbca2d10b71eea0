"""A mailing is stopped with a reason, goes on only as it was seen, and tells who works on it."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from ruhrmail.model.ledger import State
from ruhrmail.model.mail import Outcome
from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    enrol,
    figures,
    find_mailing,
    find_sender,
    finish_if_done,
    go_on,
    is_halted,
    open_store,
    open_store_readonly,
    read_deliveries,
    sender_lock,
    stop_mailing,
)
from tests.store.older import make_older
from tests.store.samples import NOW, counting, on_sqlite, result
from tests.stories.test_killed import wait_until

LATER = NOW + timedelta(minutes=1)
REASON = phrase("stopped, for {reply}", reply=phrase("550 5.7.26 no"))
HOLD = """
import os, sys, time
from ruhrmail.store import sender_lock
from tests.store.samples import NOW
with sender_lock(sys.argv[1], now=NOW, pid=os.getpid(), mailing="2026-11"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_stop_is_written_with_its_reason_and_the_first_one_stays(store, mailing):
    assert stop_mailing(store, mailing, REASON, NOW) is True
    assert stop_mailing(store, mailing, phrase("another"), LATER) is False
    found = find_mailing(store, mailing.issue)
    assert ("stopped", NOW, REASON) == (found.state, found.stopped_at, found.reason)
    shown = figures(store, mailing.issue)
    assert ("stopped", "stopped, for 550 5.7.26 no") == (shown.state, str(shown.reason))


def test_a_stopped_mailing_goes_on_as_it_was_seen(store, mailing):
    stop_mailing(store, mailing, REASON, NOW)
    seen = find_mailing(store, mailing.issue)
    assert go_on(store, seen) is True
    assert replace(mailing, state="open") == find_mailing(store, mailing.issue)


def test_a_stop_that_nobody_was_asked_about_holds(store, mailing):
    seen = find_mailing(store, mailing.issue)
    assert is_halted(store, mailing) is False
    stop_mailing(store, mailing, REASON, NOW)
    assert go_on(store, seen) is False
    assert is_halted(store, mailing) is True


def test_a_complete_mailing_cannot_be_stopped(store, mailing):
    finish_if_done(store, mailing, NOW)
    assert stop_mailing(store, mailing, REASON, LATER) is False
    assert "complete" == find_mailing(store, mailing.issue).state


def test_a_mailing_stopped_after_its_last_message_is_complete(store, ledger):
    claims = ledger.claim(5, NOW)
    ledger.intend(claims, NOW)
    ledger.settle([result(claim, Outcome.SENT) for claim in claims])
    stop_mailing(store, ledger.mailing, REASON, NOW)
    assert finish_if_done(store, ledger.mailing, LATER) is True
    found = find_mailing(store, ledger.mailing.issue)
    assert ("complete", LATER, None, None) == (found.state, found.finished_at, found.stopped_at, found.reason)


def test_who_was_in_flight_at_a_crash_says_so(store, ledger):
    ledger.intend(ledger.claim(1, NOW), NOW)
    ledger.recover(LATER)
    told = [one.text for one in read_deliveries(store, ledger.mailing) if one.state is State.IN_DOUBT]
    assert ["the sender was killed or lost before the answer"] == told


def test_a_store_of_the_second_version_is_read_and_then_brought_up_to_date(store, url, ledger):
    with store.writing() as connection:
        make_older(connection, 2)
    store.close()
    with open_store_readonly(url) as looking:
        assert (NOW, None) == (figures(looking, "2026-11").started_at, figures(looking, "2026-11").scheduled_for)
    for _ in range(2):
        with open_store(url, now=LATER, randomness=counting()) as opened:
            assert ledger.mailing == find_mailing(opened, "2026-11")
            assert [0] * 5 == [one.attempts for one in read_deliveries(opened, ledger.mailing)]
            assert 0 == enrol(opened, ledger.mailing, LATER)


def test_the_sender_is_found_while_it_lives_and_never_hindered(url):
    """After SIGKILL its note stays, but nobody is told that it sends."""
    assert find_sender(url) is None
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", HOLD, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as holder:
        assert "held\n" == holder.stdout.readline()
        found = find_sender(url)
        assert (holder.pid, NOW, "2026-11") == (found.pid, found.since, found.mailing)
        holder.kill()
    wait_until(lambda: find_sender(url) is None)  # PostgreSQL frees a lock when it sees that its holder is gone


def test_a_sender_that_starts_while_others_look_does_not_fail(url):
    with sender_lock(url, now=NOW, pid=1):
        pass
    looker = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\nfrom ruhrmail.store import find_sender\nwhile 1: find_sender(sys.argv[1])",
            url,
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        for _ in range(100):
            with sender_lock(url, now=NOW, pid=1):
                pass
    finally:
        looker.kill()
        looker.wait()


@on_sqlite
@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 7}'])
def test_a_holder_without_a_readable_note_is_told_as_nobody_in_particular(url, text):
    from ruhrmail.store.lock import beside, path_of

    with sender_lock(url, now=NOW, pid=1):
        beside(path_of(url), ".sender.json").write_text(text, encoding="utf-8")
        found = find_sender(url)
    assert (0, None, "") == (found.pid, found.since, found.mailing)

"""The workers of a fleet: who was silent loses its claims, and may still say what it sent."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from ruhrmail.errors import StoreNewer
from ruhrmail.model.fleet import Activity, Hindrance
from ruhrmail.model.ledger import Intent, State
from ruhrmail.model.mail import Outcome
from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    Ledger,
    beat,
    bury_silent,
    figures,
    give_back_left,
    read_workers,
    sign_off,
    sign_on,
    withdraw_mailing,
)
from tests.store.samples import NOW, on_postgresql, result

pytestmark = on_postgresql
NEVER, AT_ONCE = timedelta(hours=1), timedelta()
BUSY = Activity("2026-11", (0, 2), 4, 17, 8.5)


def counts(store):
    found = figures(store, "2026-11")
    assert found is not None
    return {state: count for state, count in found.counts.items() if count}


def test_a_worker_is_known_from_signing_on_to_signing_off(store):
    first, second = sign_on(store, "essen", 7), sign_on(store, "bochum", 8)
    assert [(first, "essen", 7), (second, "bochum", 8)] == [
        (one.name, one.host, one.pid) for one in read_workers(store)
    ]
    sign_off(store, first, NOW)
    assert [second] == [one.name for one in read_workers(store)]


def test_a_beat_says_what_a_worker_does_and_tells_it_of_the_others(store):
    first, second = sign_on(store, "essen", 7), sign_on(store, "bochum", 8)
    heard = beat(store, second, BUSY)
    assert heard is not None
    assert [first, second] == [one.name for one in heard]
    assert ("2026-11", (0, 2), 4, 17, 8.5) == (
        heard[1].mailing,
        heard[1].slots,
        heard[1].total,
        heard[1].sent,
        heard[1].rate,
    )
    assert timedelta(seconds=5) > heard[1].age


def test_what_keeps_a_worker_from_sending_is_read_as_it_was_said_until_it_is_said_no_more(store):
    name = sign_on(store, "essen", 7)
    assert [()] == [one.hindrances for one in read_workers(store)]
    reply = phrase("{code} said {text}", code=535, text="5.7.8 \0 “nein”")
    refused = phrase("the login was refused: {reply}", reply=reply)
    found = (
        Hindrance("main:587", NOW, refused, phrase("check the password")),
        Hindrance("", NOW + timedelta(seconds=3), phrase("no relay is configured here")),
    )
    beat(store, name, replace(BUSY, hindrances=found))
    assert [found] == [one.hindrances for one in read_workers(store)]
    beat(store, name, BUSY)
    assert [()] == [one.hindrances for one in read_workers(store)]


def test_who_is_heard_of_is_not_buried(store):
    name = sign_on(store, "essen", 7)
    assert [] == bury_silent(store, NEVER, NOW)
    assert beat(store, name, BUSY) is not None


def test_who_was_silent_is_told_so(store):
    name = sign_on(store, "essen", 7)
    assert [(name, "essen", 7)] == bury_silent(store, AT_ONCE, NOW)
    assert beat(store, name, BUSY) is None
    assert [] == read_workers(store)


def test_whoever_is_at_work_hears_that_a_newer_version_has_changed_the_tables(store):
    name = sign_on(store, "essen", 7)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '99' WHERE key = 'version'")
    with pytest.raises(StoreNewer, match="tables 99"):
        beat(store, name, BUSY)


def test_the_claims_of_the_dead_go_back_and_what_they_had_in_flight_is_in_doubt(store, ledger):
    dead, living = sign_on(store, "essen", 7), sign_on(store, "bochum", 8)
    lost, kept = Ledger(store, ledger.mailing, dead), Ledger(store, ledger.mailing, living)
    begun, waiting = lost.claim(2, NOW)
    lost.intend([begun], NOW)
    [other] = kept.claim(1, NOW)
    sign_off(store, dead, NOW)
    assert {State.PENDING: 3, State.CLAIMED: 1, State.IN_DOUBT: 1} == counts(store)
    assert {waiting.delivery: Intent.LOST} == lost.intend([waiting], NOW)
    assert {other.delivery: Intent.GRANTED} == kept.intend([other], NOW)


def test_the_word_of_a_worker_taken_for_dead_that_it_sent_still_counts(store, ledger):
    mine = Ledger(store, ledger.mailing, sign_on(store, "essen", 7))
    [claim] = mine.claim(1, NOW)
    mine.intend([claim], NOW)
    bury_silent(store, AT_ONCE, NOW)
    mine.settle([result(claim, Outcome.SENT)])
    assert {State.PENDING: 4, State.SENT: 1} == counts(store)


def test_claims_of_workers_on_record_do_not_lapse_however_their_clocks_go(store, ledger):
    name = sign_on(store, "essen", 7)
    begun, _ = Ledger(store, ledger.mailing, name).claim(2, NOW)
    Ledger(store, ledger.mailing, name).intend([begun], NOW)
    assert 0 == ledger.recover_expired(NOW + NEVER)
    assert {State.PENDING: 3, State.CLAIMED: 1, State.IN_FLIGHT: 1} == counts(store)
    sign_off(store, name, NOW)
    Ledger(store, ledger.mailing, "somebody").claim(1, NOW)
    ledger.recover_expired(NOW + NEVER)
    assert {State.PENDING: 4, State.IN_DOUBT: 1} == counts(store)


def test_a_mailing_of_which_a_message_is_about_to_leave_is_not_withdrawn(store, ledger):
    found = []
    with store.cursor() as cursor:
        cursor.execute("UPDATE deliveries SET state = 'in_flight' WHERE id = (SELECT min(id) FROM deliveries)")
        other = threading.Thread(target=lambda: found.append(withdraw_mailing(store, ledger.mailing)))
        other.start()
        other.join(0.5)
    other.join(60)
    assert [False] == found
    assert {State.PENDING: 4, State.IN_FLIGHT: 1} == counts(store)


def test_what_a_worker_claimed_and_never_heard_of_goes_back_after_its_run(store, ledger):
    mine, name = sign_on(store, "essen", 7), sign_on(store, "bochum", 8)
    Ledger(store, ledger.mailing, mine).claim(2, NOW)
    Ledger(store, ledger.mailing, name).claim(1, NOW)
    give_back_left(store, ledger.mailing.id, mine, NOW)
    assert {State.PENDING: 4, State.CLAIMED: 1} == counts(store)

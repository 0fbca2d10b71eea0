"""The ledger: who may work on which recipient, and what became of it."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import ruhrmail
from ruhrmail.model.ledger import Intent
from ruhrmail.model.mail import Outcome, Reply
from ruhrmail.store import (
    Ledger,
    begin_mailing,
    enrol,
    find_mailing,
    open_store,
    prove_sent,
    read_deliveries,
    suppress,
    suppression,
    sync_roster,
)
from ruhrmail.store.leases import LEASE
from tests.store.samples import MESSAGE, MINUTE, NOW, counting, counts, crowd, new_mailing, person, result

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(ruhrmail.__file__).parents[1])}


def attempts_of(ledger, claim):
    with ledger.store.reading() as connection:
        columns = "number, outcome, code, enhanced_code, text, relay"
        rows = connection.exec_driver_sql(
            f"SELECT {columns} FROM attempts WHERE delivery = {claim.delivery} ORDER BY number"
        )
        return [tuple(row) for row in rows]


def in_flight(ledger, limit=5):
    claims = ledger.claim(limit, NOW)
    assert set(ledger.intend(claims, NOW).values()) == {Intent.GRANTED}
    return claims


def bring_to(ledger, state):
    """One claim whose delivery is in `state`; a deferred one is due in a minute."""
    [claim] = ledger.claim(1, NOW)
    if state in ("in_flight", "in_doubt", "sent", "failed", "deferred"):
        ledger.intend([claim], NOW)
    if state in ("in_doubt", "sent", "failed", "deferred"):
        ledger.settle([result(claim, Outcome(state))])
    if state == "pending":
        ledger.settle([result(claim, Outcome.RETURNED)])
    if state == "suppressed":
        suppress(ledger.store, claim.recipient.person.key, "unsubscribed", NOW)
        ledger.intend([claim], NOW)
    return claim


STATES = ("pending", "claimed", "in_flight", "in_doubt", "deferred", "sent", "failed", "suppressed")


def state_of(ledger, claim):
    with ledger.store.reading() as connection:
        return connection.exec_driver_sql(f"SELECT state FROM deliveries WHERE id = {claim.delivery}").scalar()


def test_claims_come_in_order_and_nobody_twice(ledger):
    first, second = ledger.claim(2, NOW), ledger.claim(10, NOW)
    assert [claim.recipient.person for claim in first + second] == crowd(5)
    assert [claim.delivery for claim in first + second] == sorted(claim.delivery for claim in first + second)
    assert (first[0].attempts, first[0].first_at, first[0].variant) == (0, None, "")
    assert ledger.claim(10, NOW) == []


def test_claims_are_of_this_mailing_alone(store, ledger):
    other = begin_mailing(store, new_mailing("2026-12"), {}, NOW)
    enrol(store, other, NOW)
    assert len(ledger.claim(10, NOW)) == 5
    assert len(Ledger(store, other).claim(10, NOW)) == 5


def test_a_sent_message_is_written_with_its_attempt(ledger):
    [claim, *_] = in_flight(ledger)
    assert ledger.settle([result(claim, Outcome.SENT)]) == 1
    assert attempts_of(ledger, claim) == [(1, "sent", 250, "2.0.0", "queued", "relay")]
    [line, *_] = read_deliveries(ledger.store, ledger.mailing)
    assert (line.state, line.attempts, line.code, line.enhanced_code) == ("sent", 1, 250, "2.0.0")
    assert (line.text, line.relay, line.at) == ("queued", "relay", NOW)
    assert counts(ledger) == {"sent": 1, "in_flight": 4}


def test_the_deferred_are_claimed_again_when_they_are_due(ledger):
    claims = in_flight(ledger)
    assert ledger.next_due() is None
    ledger.settle([result(claim, Outcome.DEFERRED) for claim in claims])
    assert ledger.next_due() == NOW + MINUTE
    assert ledger.claim(10, NOW) == []
    again = ledger.claim(10, NOW + MINUTE)
    assert [(claim.attempts, claim.first_at) for claim in again] == [(1, NOW)] * 5
    assert {claim.token for claim in again}.isdisjoint({claim.token for claim in claims})
    assert ledger.next_due() is None


def test_pending_and_due_are_claimed_in_order_of_enrolment(ledger):
    deferred = in_flight(ledger, 2)
    ledger.settle([result(claim, Outcome.DEFERRED) for claim in deferred])
    assert [claim.delivery for claim in ledger.claim(3, NOW + MINUTE)] == [1, 2, 3]


def test_who_left_the_list_since_is_not_mailed(store, ledger):
    claims = ledger.claim(5, NOW)
    suppress(store, "p0@example.org", "unsubscribed", NOW)
    sync_roster(store, crowd(4), "two", NOW)
    answers = ledger.intend(claims, NOW)
    assert list(answers.values()) == ["suppressed", "granted", "granted", "granted", "suppressed"]
    assert counts(ledger) == {"suppressed": 2, "in_flight": 3}
    assert ledger.settle([result(claims[0], outcome) for outcome in Outcome]) == 0


def test_a_claim_handed_in_twice_is_lost_for_both(ledger):
    [claim] = ledger.claim(1, NOW)
    assert ledger.intend([claim, claim], NOW) == {claim.delivery: Intent.LOST}
    assert ledger.intend([claim], NOW) == {claim.delivery: Intent.GRANTED}
    assert ledger.intend([claim], NOW) == {claim.delivery: Intent.LOST}


def test_nothing_to_do_does_nothing(ledger):
    assert ledger.intend([], NOW) == {}
    assert ledger.settle([]) == 0


ALLOWED = {
    ("in_flight", "sent"): "sent",
    ("in_doubt", "sent"): "sent",
    ("claimed", "deferred"): "deferred",
    ("in_flight", "deferred"): "deferred",
    ("claimed", "failed"): "failed",
    ("in_flight", "failed"): "failed",
    ("in_flight", "in_doubt"): "in_doubt",
    ("claimed", "returned"): "pending",
    ("in_flight", "returned"): "pending",
}


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("state", STATES)
def test_an_outcome_changes_only_the_states_it_may(ledger, state, outcome):
    claim = bring_to(ledger, state)
    assert state_of(ledger, claim) == state
    listed = len(attempts_of(ledger, claim))
    changed = ledger.settle([result(claim, outcome)])
    assert state_of(ledger, claim) == ALLOWED.get((state, outcome.value), state)
    assert changed == ((state, outcome.value) in ALLOWED)
    is_new = changed and (state, outcome) != ("in_doubt", "sent") and outcome is not Outcome.RETURNED
    assert len(attempts_of(ledger, claim)) == listed + is_new


@pytest.mark.parametrize("state", STATES)
def test_recovery_after_a_crash_in_each_state(ledger, state):
    """Claims are undone, what was in flight is in doubt, everything else stays."""
    claim = bring_to(ledger, state)
    doubtful = ledger.recover(NOW)
    expected = {"claimed": "pending", "in_flight": "in_doubt"}.get(state, state)
    assert (state_of(ledger, claim), doubtful) == (expected, 1 if state == "in_flight" else 0)
    assert ledger.recover(NOW) == 0


def test_a_claim_of_someone_deferred_goes_back_to_deferred(ledger):
    deferred = bring_to(ledger, "deferred")
    [claim] = [one for one in ledger.claim(5, NOW + MINUTE) if one.delivery == deferred.delivery]
    ledger.settle([result(claim, Outcome.RETURNED)])
    assert state_of(ledger, claim) == "deferred"
    ledger.claim(5, NOW + MINUTE)
    ledger.recover(NOW)
    assert counts(ledger) == {"deferred": 1, "pending": 4}


def test_who_was_put_off_was_never_tried(ledger):
    """Nothing of the body left: the intent is undone with all its traces, and nobody claims before the time."""
    claim, other, *_ = in_flight(ledger)
    ledger.settle([replace(result(claim, Outcome.RETURNED), next_at=NOW + MINUTE), result(other, Outcome.RETURNED)])
    assert counts(ledger) == {"deferred": 1, "pending": 1, "in_flight": 3}
    assert attempts_of(ledger, claim) == []
    assert [(one.delivery, one.first_at) for one in ledger.claim(5, NOW)] == [(other.delivery, None)]
    [again] = ledger.claim(5, NOW + MINUTE)
    assert (again.delivery, again.attempts, again.first_at) == (claim.delivery, 0, None)


def test_results_and_intents_are_one_commit(ledger):
    held = in_flight(ledger, 2)
    claims = ledger.claim(3, NOW)
    answers = ledger.record([result(claim, Outcome.SENT) for claim in held], claims, NOW)
    assert answers == {claim.delivery: Intent.GRANTED for claim in claims}
    assert counts(ledger) == {"sent": 2, "in_flight": 3}
    assert ledger.record([], [], NOW) == {}


def test_a_claim_returned_and_intended_in_one_batch_is_lost(ledger):
    [claim] = ledger.claim(1, NOW)
    assert ledger.record([result(claim, Outcome.RETURNED)], [claim], NOW) == {claim.delivery: Intent.LOST}
    assert counts(ledger) == {"pending": 5}


def test_a_zombies_result_does_not_spoil_the_batch(ledger):
    """The results of a batch that may be written are, with their attempts; the others leave no attempt."""
    old = in_flight(ledger)
    ledger.settle([result(old[0], Outcome.RETURNED)])
    [new] = in_flight(ledger, 1)
    outcomes = [Outcome.SENT, Outcome.DEFERRED, Outcome.FAILED, Outcome.IN_DOUBT]
    results = [result(old[0], Outcome.SENT), *map(result, old[1:], outcomes)]
    assert ledger.settle(results) == 4
    assert counts(ledger) == {"in_flight": 1, "sent": 1, "deferred": 1, "failed": 1, "in_doubt": 1}
    assert attempts_of(ledger, new) == []
    assert [row[:2] for claim in old[1:] for row in attempts_of(ledger, claim)] == [(1, o.value) for o in outcomes]


@pytest.mark.parametrize("count", [1, 8, 9, 511, 513, 1100])
def test_batches_of_any_size_are_written(store, mailing, count):
    sync_roster(store, crowd(count), "one", NOW)
    enrol(store, mailing, NOW)
    ledger = Ledger(store, mailing)
    claims = ledger.claim(count, NOW)
    assert set(ledger.intend(claims, NOW).values()) == {Intent.GRANTED}
    assert ledger.settle([result(claim, Outcome.SENT) for claim in claims]) == count
    assert counts(ledger) == {"sent": count}
    assert [row[:2] for row in attempts_of(ledger, claims[-1])] == [(1, "sent")]


def test_whatever_a_person_is_called_arrives_with_the_claim(store, mailing):
    strange = person("x", first_name='Zoë "O\'Hara" \\ \t\n😀', tags=("a,b", 'c"d'), fields={"ort": "Köln", "x": ""})
    sync_roster(store, [strange], "one", NOW)
    enrol(store, mailing, NOW)
    [claim] = Ledger(store, mailing).claim(1, NOW)
    assert claim.recipient.person == strange


def test_a_zombie_changes_nothing(ledger):
    old = ledger.claim(5, NOW)
    ledger.recover(NOW)
    new = ledger.claim(5, NOW)
    assert set(ledger.intend(old, NOW).values()) == {Intent.LOST}
    assert ledger.settle([result(claim, outcome) for claim in old for outcome in Outcome]) == 0
    assert set(ledger.intend(new, NOW).values()) == {Intent.GRANTED}
    assert ledger.settle([result(claim, outcome) for claim in old for outcome in Outcome]) == 0
    assert counts(ledger) == {"in_flight": 5}


def test_only_lapsed_leases_are_taken_from_a_living_sender(ledger):
    in_flight(ledger, 1)
    ledger.claim(1, NOW)
    assert ledger.recover_expired(NOW + LEASE) == 0
    ledger.claim(1, NOW + LEASE)
    assert ledger.recover_expired(NOW + LEASE + MINUTE) == 1
    assert counts(ledger) == {"in_doubt": 1, "claimed": 1, "pending": 3}


def test_late_proof_settles_doubt_and_corrects_the_attempt(store, ledger):
    first, second, third, *_ = in_flight(ledger)
    ledger.settle([result(first, Outcome.IN_DOUBT)])
    assert attempts_of(ledger, first) == [(1, "in_doubt", None, "", "connection lost", "relay")]
    assert ledger.settle([result(first, Outcome.SENT)]) == 1
    assert attempts_of(ledger, first) == [(1, "sent", 250, "2.0.0", "queued", "relay")]
    ledger.recover(NOW)
    assert ledger.settle([result(second, Outcome.SENT)]) == 1
    assert prove_sent(store, ledger.mailing.id, third.recipient.subscriber, NOW) is True
    assert prove_sent(store, ledger.mailing.id, third.recipient.subscriber, NOW) is False
    assert [row[:2] for row in attempts_of(ledger, third)] == [(1, "sent")]
    assert counts(ledger) == {"sent": 3, "in_doubt": 2}


def test_late_proof_counts_before_the_crash_was_seen_to(store, ledger):
    """The sender was killed, and the reader unsubscribed before anybody started the next one."""
    first, *_ = in_flight(ledger)
    assert prove_sent(store, ledger.mailing.id, first.recipient.subscriber, NOW) is True
    ledger.recover(NOW)
    assert counts(ledger) == {"sent": 1, "in_doubt": 4}
    assert [row[:2] for row in attempts_of(ledger, first)] == [(1, "sent")]
    assert ledger.settle([result(first, Outcome.DEFERRED)]) == 0, "a sender that lived after all changes nothing"


def test_proof_of_what_never_left_proves_nothing(store, ledger):
    [claim] = ledger.claim(1, NOW)
    assert prove_sent(store, ledger.mailing.id, claim.recipient.subscriber, NOW) is False
    assert counts(ledger) == {"claimed": 1, "pending": 4}


def test_doubt_and_its_proof_may_come_in_one_batch(ledger):
    [claim, *_] = in_flight(ledger)
    assert ledger.settle([result(claim, Outcome.IN_DOUBT), result(claim, Outcome.SENT)]) == 2
    assert [row[:2] for row in attempts_of(ledger, claim)] == [(1, "sent")]


def test_the_doubtful_are_mailed_again_only_on_a_persons_word(ledger):
    old = in_flight(ledger)
    ledger.recover(NOW)
    assert ledger.claim(5, NOW) == []
    assert ledger.resend_doubtful(NOW) == 5
    assert ledger.settle([result(claim, Outcome.SENT) for claim in old]) == 0
    again = in_flight(ledger)
    assert ledger.settle([result(claim, Outcome.SENT) for claim in again]) == 5
    assert [row[:2] for row in attempts_of(ledger, again[0])] == [(1, "in_doubt"), (2, "sent")]


def test_an_unknown_mailbox_is_suppressed_and_no_other_refusal(store, ledger):
    first, second, third, *_ = in_flight(ledger)
    unknown = Reply(550, "no such user", "5.1.1")
    ledger.settle([result(first, Outcome.FAILED, reply=unknown), result(second, Outcome.FAILED)])
    ledger.settle([result(third, Outcome.DEFERRED, reply=unknown)])
    found = suppression(store, "p0@example.org")
    assert (found.reason, found.evidence) == ("bounced", "550 5.1.1 no such user")
    assert suppression(store, "p1@example.org") is None
    assert suppression(store, "p2@example.org") is None


REFUSING = """
CREATE TABLE attempts (
  delivery BIGINT CONSTRAINT x_is_refused CHECK (delivery <> 5), number INTEGER, at BIGINT, outcome TEXT, code INTEGER,
  enhanced_code TEXT, text TEXT, relay TEXT, PRIMARY KEY (delivery, number))
"""


def test_a_batch_is_written_whole_or_not_at_all(store, ledger):
    claims = in_flight(ledger)
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE attempts RENAME TO elsewhere")
        connection.exec_driver_sql(REFUSING)
    with pytest.raises(Exception, match="x_is_refused"):
        ledger.settle([result(claim, Outcome.SENT) for claim in claims])
    assert counts(ledger) == {"in_flight": 5}


def test_people_enrolled_later_are_claimed_too(store, ledger):
    in_flight(ledger)
    sync_roster(store, [*crowd(5), person("new")], "two", NOW)
    enrol(store, ledger.mailing, NOW)
    assert [claim.recipient.person for claim in ledger.claim(9, NOW)] == [person("new")]


SENDER = """
import sys
from ruhrmail.model.mail import Outcome
from ruhrmail.store import Ledger, find_mailing, open_store
from tests.store.samples import NOW, result
import secrets
with open_store(sys.argv[1], now=NOW, randomness=secrets.token_bytes) as store:
    ledger = Ledger(store, find_mailing(store, "2026-11"))
    while claims := ledger.claim(20, NOW):
        ledger.intend(claims, NOW)
        print(*(f"intended {claim.delivery}" for claim in claims), sep="\\n", flush=True)
        ledger.settle([result(claim, Outcome.SENT) for claim in claims])
        print(*(f"settled {claim.delivery}" for claim in claims), sep="\\n", flush=True)
"""


@pytest.mark.parametrize("lines", [1, 150, 777])
def test_a_kill_while_sending_loses_nobody_and_leaves_few_in_doubt(url, lines):
    with open_store(url, now=NOW, randomness=counting()) as store:
        sync_roster(store, crowd(2000), "one", NOW)
        enrol(store, begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW), NOW)
    command = [sys.executable, "-c", SENDER, url]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        seen = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        seen += process.stdout.readlines()
    settled = {int(line.split()[1]) for line in seen if line.startswith("settled") and line.endswith("\n")}
    with open_store(url, now=NOW, randomness=counting()) as store:
        ledger = Ledger(store, find_mailing(store, "2026-11"))
        assert ledger.recover(NOW) <= 20
        found = counts(ledger)
        assert sum(found.values()) == 2000
        assert len(settled) <= found.get("sent", 0) <= len(settled) + 20
        with store.reading() as connection:
            if connection.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            listed = connection.exec_driver_sql("SELECT count(*) FROM attempts WHERE outcome = 'sent'").scalar()
            assert listed == found.get("sent", 0)


def test_a_hundred_thousand_are_stored_enrolled_and_claimed(store, mailing):
    assert sync_roster(store, crowd(100_000), "one", NOW) == 100_000
    assert enrol(store, mailing, NOW) == 100_000
    ledger = Ledger(store, mailing)
    claims = ledger.claim(1000, NOW)
    assert set(ledger.intend(claims, NOW).values()) == {Intent.GRANTED}
    assert ledger.settle([result(claim, Outcome.SENT) for claim in claims]) == 1000
    assert counts(ledger) == {"pending": 99_000, "sent": 1000}

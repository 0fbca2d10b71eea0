"""Who failed is mailed again on a person's word, as if for the first time, and the history stays."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from ruhrmail.model.mail import Outcome, Reply
from ruhrmail.store import count_retriable, find_mailing, finish_if_done, pull_forward, read_deliveries, retry_failed
from ruhrmail.store.roster import sync_roster
from ruhrmail.store.schema import attempts
from tests.store.samples import NOW, counts, crowd, result

UNKNOWN = Reply(550, "no such user", "5.1.1")
LATER = NOW + timedelta(days=2)


@pytest.fixture
def failed(ledger):
    """One of five failed after three attempts, one is unknown at the relay, the others were sent."""
    for round_ in range(2):
        (claim,) = ledger.claim(1, NOW + timedelta(minutes=round_ * 2))
        ledger.settle([result(claim, Outcome.DEFERRED, NOW + timedelta(minutes=round_ * 2))])
    claims = ledger.claim(5, NOW + timedelta(hours=1))
    ledger.intend(claims, NOW + timedelta(hours=1))
    ends = [Outcome.FAILED, Outcome.FAILED, Outcome.SENT, Outcome.SENT, Outcome.SENT]
    replies = [None, UNKNOWN, None, None, None]
    ledger.settle([result(*row[:2], reply=row[2]) for row in zip(claims, ends, replies, strict=True)])
    finish_if_done(ledger.store, ledger.mailing, NOW)
    return claims[0]


def test_who_failed_is_pending_again_and_the_mailing_open(store, ledger, failed):
    assert Counter({"": 1}) == count_retriable(store, ledger.mailing)
    assert 1 == retry_failed(store, ledger.mailing)
    assert {"pending": 1, "failed": 1, "sent": 3} == counts(ledger)
    assert "open" == find_mailing(store, ledger.mailing.issue).state
    assert 0 == retry_failed(store, ledger.mailing)


def test_gaps_and_deadline_begin_anew_and_the_history_is_kept(store, ledger, failed):
    retry_failed(store, ledger.mailing)
    (claim,) = ledger.claim(5, LATER)
    assert (failed.delivery, 0, None) == (claim.delivery, claim.attempts, claim.first_at)
    ledger.settle([result(claim, Outcome.FAILED, LATER)])
    retry_failed(store, ledger.mailing)
    (claim,) = ledger.claim(5, LATER)
    ledger.intend([claim], LATER)
    ledger.settle([result(claim, Outcome.SENT, LATER)])
    query = select(attempts.c.outcome, attempts.c.number).where(attempts.c.delivery == claim.delivery)
    with store.reading() as connection:
        history = connection.execute(query.order_by(attempts.c.number)).all()
    assert [("deferred", -3), ("deferred", -2), ("failed", -1), ("failed", 0), ("sent", 1)] == history
    assert 5 == max(one.attempts for one in read_deliveries(store, ledger.mailing))


def test_an_older_claim_settles_nothing_after_the_retry(ledger, failed):
    retry_failed(ledger.store, ledger.mailing)
    assert 0 == ledger.settle([result(failed, Outcome.SENT, LATER)])
    ledger.claim(5, LATER)
    assert 0 == ledger.settle([result(failed, Outcome.SENT, LATER)])
    assert 1 == counts(ledger)["claimed"]


def test_who_left_the_list_stays_failed(store, ledger, failed):
    sync_roster(store, crowd(5)[1:], "without the first", NOW)
    assert 0 == retry_failed(store, ledger.mailing)
    assert 2 == counts(ledger)["failed"]


def test_a_clock_that_was_ahead_puts_nobody_off_for_years(store, ledger):
    ahead = NOW + timedelta(days=365)
    ledger.settle([result(claim, Outcome.DEFERRED, ahead) for claim in ledger.claim(2, ahead)])
    ledger.settle([result(claim, Outcome.DEFERRED, NOW) for claim in ledger.claim(1, NOW)])
    assert [] == ledger.claim(5, NOW)[2:]
    assert 2 == pull_forward(store, ledger.mailing, NOW, timedelta(days=1))
    assert NOW == ledger.next_due()
    assert 0 == pull_forward(store, ledger.mailing, NOW, timedelta(days=1))

"""A sample leaves so many of those who wait, the same ones every time, and everybody who is done."""

import pytest

from ruhrmail.model.ledger import State
from ruhrmail.model.mail import Outcome
from ruhrmail.store import begin_mailing, draw_sample, enrol, open_rehearsal, read_deliveries, sync_roster
from tests.store.samples import MESSAGE, NOW, counting, counts, crowd, new_mailing, result


def emails(store, mailing, *states):
    return [one.email for one in read_deliveries(store, mailing) if one.state in states]


def test_leaves_as_many_as_asked_for_and_tells_how_many_there_were(ledger):
    assert 5 == draw_sample(ledger.store, ledger.mailing, 2, 1)
    assert {"pending": 2} == counts(ledger)
    assert 2 == draw_sample(ledger.store, ledger.mailing, 2, 1)


def test_leaves_everybody_where_they_are_few(ledger):
    assert 5 == draw_sample(ledger.store, ledger.mailing, 5, 1)
    assert {"pending": 5} == counts(ledger)


def test_whoever_is_done_stays_and_who_was_deferred_may_go(ledger):
    sent, deferred = ledger.claim(2, NOW)
    ledger.intend([sent, deferred], NOW)
    ledger.settle([result(sent, Outcome.SENT), result(deferred, Outcome.DEFERRED)])
    assert 4 == draw_sample(ledger.store, ledger.mailing, 1, 3)
    assert 1 == counts(ledger)["sent"]
    assert 1 == len(emails(ledger.store, ledger.mailing, State.PENDING, State.DEFERRED))


@pytest.mark.parametrize("limit", [1, 40, 199])
def test_the_same_seed_draws_the_same_people_and_another_seed_others(store, mailing, url, limit):
    sync_roster(store, crowd(200), "sha", NOW)
    enrol(store, mailing, NOW)

    def drawn(seed):
        with open_rehearsal(url, now=NOW, randomness=counting()) as copy:
            draw_sample(copy, mailing, limit, seed)
            return emails(copy, mailing, State.PENDING)

    assert limit == len(drawn(1))
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_leaves_other_mailings_alone(ledger):
    other = begin_mailing(ledger.store, new_mailing("2026-12"), {"": MESSAGE}, NOW)
    enrol(ledger.store, other, NOW)
    draw_sample(ledger.store, ledger.mailing, 1, 1)
    assert 5 == len(emails(ledger.store, other, State.PENDING))

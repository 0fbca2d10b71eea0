"""The ledger's steps beside somebody who holds its table: they wait for as long as their sender wants."""

import threading
import time
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest

from ruhrmail.errors import StoreBlocked
from ruhrmail.model.mail import Outcome
from tests.store.samples import NOW, counts, on_postgresql, result

pytestmark = on_postgresql
HELD = "LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE"
CANCEL = """
SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
"""
"""What the time limit for a lock does after a minute."""


def break_off(session):
    """Ends the one statement that waits for the table, once there is one."""
    end = time.monotonic() + 20
    while not session.execute(CANCEL).fetchone()[0]:
        assert time.monotonic() < end, "nothing waits"
        time.sleep(0.02)


@pytest.fixture
def taken(ledger):
    """A recipient whose mail a relay has taken, which nobody has written down so far."""
    claims = ledger.claim(1, NOW)
    ledger.intend(claims, NOW)
    return result(claims[0], Outcome.SENT)


def test_what_a_relay_answered_is_written_though_the_table_was_held_for_longer_than_a_step_may_wait(ledger, taken, url):
    with closing(psycopg.connect(url)) as other, closing(psycopg.connect(url, autocommit=True)) as watcher:
        other.execute(HELD)
        settling = threading.Thread(target=ledger.settle, args=([taken],))
        settling.start()
        break_off(watcher)
        break_off(watcher)
        other.rollback()
        settling.join(20)
    assert {"sent": 1, "pending": 4} == counts(ledger)


def test_a_step_that_gives_up_has_written_nothing(ledger, taken, url):
    hasty = replace(ledger, gives_up=lambda waited: True)
    with closing(psycopg.connect(url)) as other, closing(psycopg.connect(url, autocommit=True)) as watcher:
        other.execute(HELD)
        breaking = threading.Thread(target=break_off, args=(watcher,))
        breaking.start()
        with pytest.raises(StoreBlocked):
            hasty.settle([taken])
        breaking.join(20)
        other.rollback()
    assert {"in_flight": 1, "pending": 4} == counts(ledger)

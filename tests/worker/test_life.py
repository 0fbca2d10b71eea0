"""A worker from beginning to end, in this process."""

import os
import signal
import threading
import time

import pytest

from ruhrmail.errors import StoreNewer
from ruhrmail.flows.housekeeping import Duty
from ruhrmail.worker import Outfit, Told, run_worker
from tests.worker.crew import crew

TOO_LONG = 20.0
"""Seconds after which a worker that does not end by itself is told to."""


@pytest.fixture
def ours(tmp_path, database):
    with crew(tmp_path, database) as found:
        yield found


def test_a_worker_ends_when_a_newer_version_changes_the_tables_under_it(ours):
    """One that starts is refused; what one at work wrote from then on would mean something else."""

    def change_tables(_):
        with ours.store.writing() as connection:
            connection.exec_driver_sql("UPDATE meta SET value = '99' WHERE key = 'version'")

    outfit = Outfit(ours.config(), ours.store, ours.keyring(), ours.machine, (), threading.Event())
    told = Told(change_tables, lambda text: ours.said.append(str(text)), lambda _: lambda _: None)
    end = threading.Timer(TOO_LONG, lambda: os.kill(os.getpid(), signal.SIGTERM))
    end.start()
    try:
        with pytest.raises(StoreNewer, match="tables 99"):
            run_worker(outfit, told)
    finally:
        end.cancel()


def test_duties_go_on_when_the_clock_is_put_back_by_an_hour(ours, monkeypatch):
    """A machine starts with a clock that is ahead, and somebody sets it."""
    real, ahead, done, began = time.time, [3600.0], [], threading.Event()
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])

    def note(leave):
        done.append(ahead[0])
        began.set()
        if not ahead[0]:
            os.kill(os.getpid(), signal.SIGTERM)

    def put_back():
        began.wait(TOO_LONG)
        ahead[0] = 0.0

    threading.Thread(target=put_back, daemon=True).start()
    outfit = Outfit(
        ours.config(), ours.store, ours.keyring(), ours.machine, (Duty("books", 3, note),), threading.Event()
    )
    end = threading.Timer(TOO_LONG, lambda: os.kill(os.getpid(), signal.SIGTERM))
    end.start()
    run_worker(outfit, Told(lambda _: None, lambda text: ours.said.append(str(text)), lambda _: lambda _: None))
    end.cancel()
    assert [3600.0, 0.0] == sorted(set(done), reverse=True)

"""A worker from beginning to end, in this process."""

import gc
import os
import signal
import threading
import time
from datetime import timedelta

import psycopg
import pytest

from ruhrmail.errors import StoreNewer
from ruhrmail.flows.housekeeping import Duty
from ruhrmail.worker import Outfit, Told, run_worker
from ruhrmail.worker.engine import TRIES
from tests.worker.crew import crew

TOO_LONG = 60.0
"""Seconds after which a worker that does not end by itself is told to."""


@pytest.fixture
def ours(tmp_path, database):
    with crew(tmp_path, database) as found:
        yield found


def work(ours, ready, *duties):
    """A worker until it ends, or is told to after too long. Raises what it raises."""
    outfit = Outfit(ours.config(), ours.store, ours.keyring(), ours.machine, duties, threading.Event())
    end = threading.Timer(TOO_LONG, lambda: os.kill(os.getpid(), signal.SIGTERM))
    end.start()
    try:
        run_worker(outfit, Told(ready, lambda text: ours.said.append(str(text)), lambda _: lambda _: None))
    finally:
        end.cancel()


def test_a_worker_ends_when_a_newer_version_changes_the_tables_under_it(ours):
    """One that starts is refused; what one at work wrote from then on would mean something else."""

    def change_tables(_):
        with ours.store.writing() as connection:
            connection.exec_driver_sql("UPDATE meta SET value = '99' WHERE key = 'version'")

    with pytest.raises(StoreNewer, match="tables 99"):
        work(ours, change_tables)


def test_duties_go_on_when_the_clock_is_put_back_by_an_hour(ours, monkeypatch):
    """A machine starts with a clock that is ahead, and somebody sets it."""
    real, ahead, done, began = time.time, [3600.0], [], threading.Event()
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])

    def note(leave):
        at = ahead[0]
        done.append(at)
        began.set()
        if not at:
            os.kill(os.getpid(), signal.SIGTERM)

    def put_back():
        began.wait(TOO_LONG)
        ahead[0] = 0.0

    threading.Thread(target=put_back, daemon=True).start()
    work(ours, lambda _: None, Duty("books", 3, note))
    assert [3600.0, 0.0] == sorted(set(done), reverse=True)


HOLD = "SELECT id FROM procrastinate_jobs WHERE task_name = 'ruhrmail.duty:books' AND status = 'doing' FOR UPDATE"
FINISHING = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND state = 'active' AND query ~ 'finish_job'"


@pytest.mark.parametrize("tries", [TRIES, 0])
def test_a_duty_is_done_again_though_its_session_broke_while_its_end_was_written_down(ours, capfd, monkeypatch, tries):
    """The engine's worker would go on living, and nobody take the job for one of a dead one. Where to try again is in
    vain, it begins anew, and the next round ends the job."""
    monkeypatch.setattr("ruhrmail.worker.engine.TRIES", tries)
    monkeypatch.setattr("ruhrmail.worker.life.DEAD_AFTER", timedelta(0))
    done, held = [], threading.Event()

    def break_session():
        """While somebody else's lock holds up what ends the job."""
        url = ours.environ["RUHRMAIL_STORE"]
        with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as other:
            assert 1 == len(holder.execute(HOLD).fetchall())
            held.set()
            until(lambda: other.execute(f"SELECT 1 {FINISHING}").fetchall())
            other.execute(f"SELECT pg_terminate_backend(pid, 5000) {FINISHING}")

    def note(leave):
        if leave.is_set():
            return
        done.append(time.monotonic())
        if 1 == len(done):
            threading.Thread(target=break_session).start()
            held.wait(TOO_LONG)
        else:
            os.kill(os.getpid(), signal.SIGTERM)

    work(ours, lambda _: None, Duty("books", 3, note))
    gc.collect()
    assert (2, "") == (len(done), capfd.readouterr().err), ours.said


def until(done):
    end = time.monotonic() + TOO_LONG
    while not done():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)

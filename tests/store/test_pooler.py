"""PgBouncer in front of the store: sessions of one's own work, lent ones are refused before anything is written."""

import os
import socket
import time
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest

from ruhrmail.errors import StoreError, StoreLocked
from ruhrmail.store import (
    find_sender,
    list_size,
    open_rehearsal,
    open_store,
    open_store_readonly,
    sender_lock,
    sync_roster,
)
from ruhrmail.store.holder import Holder
from ruhrmail.store.postgres_lock import Lock
from tests.servers.pgbouncer import pgbouncer
from tests.store.samples import NOW, crowd

MARK = "SELECT coalesce(current_setting('ruhrmail.session', true), '')"


def open_at(url):
    return open_store(url, now=NOW, randomness=os.urandom)


def lock(url):
    with sender_lock(url, now=NOW, pid=1):
        raise AssertionError("nobody may hold it")


def rehearse(url):
    with open_rehearsal(url, now=NOW, randomness=os.urandom):
        raise AssertionError("nobody may have tables there")


def ask(url, statement):
    with closing(psycopg.connect(url, autocommit=True)) as session:
        return session.execute(statement).fetchall()


def test_sessions_of_ones_own_keep_locks_and_settings(database):
    with pgbouncer(database, "session") as url:
        with open_at(url) as store, sender_lock(url, now=NOW, pid=7):
            sync_roster(store, crowd(3), "sha", NOW)
            assert (3, 7) == (list_size(store), find_sender(url).pid)
            with pytest.raises(StoreLocked), sender_lock(url, now=NOW + timedelta(minutes=1), pid=8):
                pass
            with store.reading() as connection:
                assert "1min" == connection.exec_driver_sql("SHOW lock_timeout").scalar()
        assert find_sender(url) is None
        with open_rehearsal(url, now=NOW, randomness=os.urandom) as trial:
            assert 3 == list_size(trial)


def test_a_lock_does_not_outlive_who_held_it(database):
    """Whose connection to the pooler is cut, and not closed in order."""
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
    with pgbouncer(database, "session") as url:
        lock = Lock(url, ".sender", Holder(7, NOW))
        assert lock.take()
        assert [(1,)] == ask(database, locks)
        with socket.socket(fileno=os.dup(lock.session.fileno())) as link:
            link.shutdown(socket.SHUT_RDWR)
        end = time.monotonic() + 60
        while ask(database, locks) != [(0,)]:
            assert time.monotonic() < end, "the lock stays"
            time.sleep(0.02)
        lock.session.close()


@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_lent_sessions_are_refused_before_anything_is_written(database, mode):
    with pgbouncer(database, mode) as url:
        for door in (open_at, open_store_readonly, lock, rehearse):
            with pytest.raises(StoreError, match="lends sessions of PostgreSQL for single transactions"):
                door(url)
        assert [("",)] == ask(url, MARK)
    assert [] == ask(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


def test_lent_sessions_are_recognised_among_many_clients(database):
    """Whose sessions come and go between: more than the pooler has, and each in the middle of something."""
    with pgbouncer(database, "transaction", "default_pool_size = 4") as url:
        others = [psycopg.connect(url) for _ in range(3)]
        for one in others:
            one.execute("SELECT 1")
        with pytest.raises(StoreError, match="lends sessions"):
            open_at(url)
        for one in others:
            one.close()


def test_a_session_that_a_pooler_hands_on_as_it_was_is_refused(database):
    """Session mode without a reset: a lock of somebody who left would stay."""
    again = "server_reset_query ="
    with pgbouncer(database, "session", again) as url, pytest.raises(StoreError, match="lends sessions"):
        for _ in range(3):
            open_at(url).close()


def test_a_pooler_without_a_session_left_is_named(database, monkeypatch):
    monkeypatch.setattr("ruhrmail.store.pooler.PATIENCE", 0.2)
    with pgbouncer(database, "session", "default_pool_size = 1") as url, pytest.raises(StoreError, match="the pooler"):
        open_at(url)


def test_options_that_a_pooler_swallows_are_not_missed(database):
    """Otherwise two newsletters, each in a schema of its own, would share one."""
    with pgbouncer(database, "session") as url, pytest.raises(StoreError, match="does not hand on"):
        open_at(f"{url}?options=-csearch_path%3Dletter")
    with pgbouncer(database, "session", "ignore_startup_parameters = options") as url:
        with pytest.raises(StoreError, match="does not hand on"):
            open_at(f"{url}?options=-csearch_path%3Dletter")
        with open_at(f"{url}?options=-csearch_path%3D%22$user%22,public") as store:
            assert 0 == list_size(store)

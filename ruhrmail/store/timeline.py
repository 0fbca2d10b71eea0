"""Whether the database has gone back in time: after a failover to a replica that lagged, or a restored base backup.

PostgreSQL begins a new timeline when a replica is promoted and when a base backup is recovered to some moment, and
another cluster has another identifier: together they name a history. Nobody claims anything in a new one before it is
settled (decision 38): by senders of before who say that nothing of theirs is missing, else by a stop.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.engine.interfaces import DBAPICursor

from ruhrmail.errors import StoreAway
from ruhrmail.store import databases, postgres, quarantine
from ruhrmail.store.lost_commits import find_forgotten
from ruhrmail.store.opening import Store
from ruhrmail.store.patience import patiently
from ruhrmail.store.schema import mailings
from ruhrmail.store.witness import Witness

GRACE = 30.0
"""Seconds that other senders have to say what they know: a few tries to connect, each 10 s long at most."""
BETWEEN_LOOKS = 0.5
NOT_FOR_US = ("42501", "42883", "0A000", "55000")
"""SQLSTATE: may not be called, does not exist, is not supported, not now."""
UNTOLD = "unknown"
"""The history of a server that tells none: only what a sender remembers shows that it went back."""

HERE = """
SELECT (SELECT system_identifier FROM pg_control_system()) || '/' ||
  left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)
"""
MAKE = """
CREATE TABLE IF NOT EXISTS timeline (
  history text PRIMARY KEY, noticed_at timestamptz NOT NULL DEFAULT clock_timestamp(), forked_at timestamptz,
  settled_at timestamptz, vouched text[] NOT NULL DEFAULT '{}', lost boolean NOT NULL DEFAULT false)
"""
"""A table beside the store's own: it speaks of this database, and goes into no copy and no backup of the store."""
EXISTS = "SELECT to_regclass('timeline') IS NOT NULL"
NOTICE = "INSERT INTO timeline (history, forked_at) VALUES (%s, pg_last_xact_replay_timestamp()) ON CONFLICT DO NOTHING"
VOUCH = """
UPDATE timeline SET vouched = vouched || %(names)s::text[]
WHERE history = %(history)s AND NOT vouched @> %(names)s::text[]
"""
NOTE_LOSS = "UPDATE timeline SET lost = true WHERE history = %s"
READ = "SELECT noticed_at, forked_at, settled_at IS NOT NULL, vouched FROM timeline WHERE history = %s"
IS_FIRST = "SELECT NOT EXISTS (SELECT 1 FROM timeline WHERE settled_at IS NOT NULL)"
SETTLE = "UPDATE timeline SET settled_at = coalesce(settled_at, clock_timestamp()) WHERE history = %s"
LOST = "SELECT coalesce(forked_at, noticed_at), noticed_at FROM timeline WHERE lost ORDER BY noticed_at"


class Unsettled(Exception):
    """A session leads to a history that this process has not looked at, or that has forgotten something."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A history as the database has it on record: when it was first seen, its last transaction from before (UTC, None:
    not known), whether it is settled, and the senders who said that nothing of theirs is missing, or put it right."""

    noticed_at: datetime
    forked_at: datetime | None
    settled: bool
    vouched: frozenset[str]


def ensure_settled(store: Store) -> None:
    """Looks back where that is due: at the first call, and after the database was away. Cheap while it was not.

    To be called before anything is claimed, recovered or given back. Where the database may have forgotten mail, all
    open mailings are stopped when this returns. Waits for other senders for half a minute. Raises StoreError.
    """
    if store.witness is None:
        return
    try:
        patiently(lambda _: glance(store))
    except Unsettled:
        look_back(store)


def testify(store: Store) -> None:
    """The same, waiting for nobody: puts right what the database has forgotten of this process's mails, and lets
    the others know. For who is idle, and for who leaves. Raises StoreError."""
    witness = store.witness
    if witness is None:
        return
    try:
        glance(store)
    except Unsettled:
        history, done = look(store, witness, False, False)
        if done:
            witness.see(history)


def glance(store: Store) -> None:
    """Raises Unsettled where there is something to look at, StoreAway."""
    with in_sight(store):
        pass


@contextmanager
def in_sight(store: Store) -> Iterator[DBAPICursor]:
    """`store.cursor()` in a database that is known not to have gone back in time. Raises Unsettled, StoreError."""
    witness = store.witness
    try:
        with store.cursor() as cursor:
            if witness is not None:
                check_session(witness, cursor.connection)
            yield cursor
    except StoreAway:
        if witness is not None:
            witness.lose_sight()
        raise


def check_session(witness: Witness, session: Any) -> None:
    """Before a step of the ledger on a session: raises Unsettled unless what it leads to is known and complete."""
    if session in witness.sessions:
        return
    history = read_history(session)
    if history != witness.history or find_forgotten(session, witness, latest=True).count:
        raise Unsettled
    witness.see(history)
    witness.sessions.add(session)


def read_history(session: Any) -> str:
    """Which history a server writes on."""
    error = postgres.driver_module().Error
    try:
        with session.transaction():
            return str(session.execute(HERE).fetchone()[0])
    except error as trouble:
        if trouble.sqlstate not in NOT_FOR_US:
            raise
        return UNTOLD


def look_back(store: Store) -> None:
    """Compares the database with what this process remembers, puts right what it can, and waits until the history is
    settled. Raises StoreError."""
    witness = store.witness
    assert witness is not None
    end = time.monotonic() + GRACE
    while True:
        history, done = patiently(partial(look, store, witness, time.monotonic() > end))
        if done:
            witness.see(history)
            return
        time.sleep(BETWEEN_LOOKS)


def look(store: Store, witness: Witness, late: bool, _: bool) -> tuple[str, bool]:
    """One look with the pen: the history, and whether it is settled. `late`: nobody else is waited for any more."""
    with store.writing() as connection:
        session: Any = connection.connection.driver_connection
        history = read_history(session)
        forgotten = find_forgotten(session, witness)
        if forgotten.count:
            quarantine.put_right(connection, forgotten)
        done = settle(connection, witness, history, lost=forgotten.count > 0, late=late)
        stopped = connection.execute(select(mailings.c.id).where(mailings.c.state == "stopped")).scalars().all()
    witness.held.update(stopped)
    witness.lost.update(forgotten.lost)
    witness.drop(forgotten.gone)
    return history, done


def settle(connection: Connection, witness: Witness, history: str, *, lost: bool, late: bool) -> bool:
    """Whether a history is settled now, written down; stops what may go wrong when nobody can vouch for it."""
    session: Any = connection.connection.driver_connection
    notice = notice_of(session, witness, history)
    if lost:
        session.execute(NOTE_LOSS, (history,))
    if not notice.settled:
        silent = quarantine.find_silent(session, notice.forked_at, notice.vouched)
        if silent and not late:
            return False
        if silent or not notice.vouched:
            end = end_of(connection, witness, notice)
            if quarantine.doubt(connection, end, notice.forked_at, silent):
                session.execute(NOTE_LOSS, (history,))
    session.execute(SETTLE, (history,))
    return True


def end_of(connection: Connection, witness: Witness, notice: Notice) -> datetime:
    """When the last mail may have left that nobody knows of (UTC): when this process lost sight of the database, else
    when its new history was first seen."""
    if witness.away_since is None:
        return notice.noticed_at
    return quarantine.server_time(connection) - timedelta(seconds=time.monotonic() - witness.away_since)


def notice_of(session: Any, witness: Witness, history: str) -> Notice:
    """What is on record about a history, with this process among those who vouch if it was there before. The first one
    that a store is ever seen on is settled, and so is one that nobody tells."""
    session.execute(MAKE)
    [is_first] = session.execute(IS_FIRST).fetchone()
    session.execute(NOTICE, (history,))
    if history == UNTOLD or (is_first and witness.history is None):
        session.execute(SETTLE, (history,))
    elif witness.history is not None:
        session.execute(VOUCH, {"names": [witness.name, *witness.names], "history": history})
    noticed_at, forked_at, settled, vouched = session.execute(READ, (history,)).fetchone()
    return Notice(noticed_at, forked_at, settled, frozenset(vouched))


def read_lost_spans(store: Store) -> list[tuple[datetime, datetime]]:
    """From when to when (UTC) the database may have forgotten what was sent, the oldest first. Raises StoreError."""
    if not databases.is_postgresql(store.engine):
        return []
    with store.reading() as connection:
        session: Any = connection.connection.driver_connection
        if not session.execute(EXISTS).fetchone()[0]:
            return []
        return [(since, until) for since, until in session.execute(LOST).fetchall()]

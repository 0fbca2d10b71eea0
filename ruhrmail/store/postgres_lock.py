"""One sender per store, one who waits per mailing: locks that a PostgreSQL session holds and loses with its end.

A note in a table beside the store's says who it is. The session may break off while its process lives: a thread looks
every few seconds, and takes the lock again in a new one. Meanwhile another may take it; that two send is waste, no
danger, for every step of the ledger is a compare-and-set.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from ruhrmail.errors import StoreError
from ruhrmail.store.holder import Holder, from_note, to_note
from ruhrmail.store.postgres import LOCKS, PEN, connect
from ruhrmail.store.troubles import translated

LOOK_EVERY = 5.0
"""Seconds between two looks at the session."""
GOODBYE = 5.0
"""Seconds for which the lock's end is waited for, where the database is away."""
NUMBER = LOCKS.format(role="%s::text")
TAKE = f"SELECT pg_try_advisory_lock({NUMBER})"
GIVE = f"SELECT pg_advisory_unlock({NUMBER})"
LOOK_AGAIN = 0.025
"""Seconds between two tries."""
HELD = f"""
SELECT EXISTS (
  SELECT 1 FROM pg_locks l, (SELECT {NUMBER} AS number) ours
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.classid = ((number >> 32) & 4294967295)::oid AND l.objid = (number & 4294967295)::oid)
"""  # noqa: S608
MAKE_NOTES = "CREATE UNLOGGED TABLE IF NOT EXISTS holders (role text PRIMARY KEY, note text NOT NULL)"
"""A table beside the store's own: a sender takes its lock before there is a store."""
HAS_NOTES = "SELECT to_regclass(quote_ident(current_schema()) || '.holders') IS NOT NULL"
READ_NOTE = "SELECT note FROM holders WHERE role = %s"
WRITE_NOTE = "INSERT INTO holders VALUES (%s, %s) ON CONFLICT (role) DO UPDATE SET note = excluded.note"
READ_ROLES = "SELECT role FROM holders WHERE starts_with(role, %s) ORDER BY role"
REMOVE_NOTE = "DELETE FROM holders WHERE role = %s"
PATIENCE = 2.0
"""Seconds to try: the server needs a moment to notice that a killed process is gone, a busy one a long moment."""


@contextmanager
def held(url: str, role: str, holder: Holder) -> Iterator[None]:
    """Holds a role while the block runs. Raises Taken where another session holds it, StoreError."""
    lock = Lock(url, role, holder)
    with translated():
        if not lock.take():
            raise Taken
    watching = threading.Thread(target=lock.watch, name=f"ruhrmail-lock{role}", daemon=True)
    watching.start()
    try:
        yield
    finally:
        lock.ended.set()
        watching.join(GOODBYE)


class Taken(Exception):
    """Another session holds the role."""


@dataclass(slots=True)
class Lock:
    """A role's lock, and the session that holds it."""

    url: str = field(repr=False)
    role: str
    holder: Holder
    session: Any = None
    ended: threading.Event = field(default_factory=threading.Event)

    def take(self) -> bool:
        """Opens a session, tries the lock, and says who holds it."""
        session = connect(self.url, autocommit=True)
        try:
            if not try_for(session, self.role, PATIENCE):
                session.close()
                return False
            with session.transaction():
                session.execute(PEN)
                session.execute(MAKE_NOTES)
            session.execute(WRITE_NOTE, (self.role, to_note(self.holder)))
        except BaseException:
            session.close()
            raise
        self.session = session
        return True

    def watch(self) -> None:
        """Until the block ends: asks whether the session lives, and tries for another where it does not.

        Then gives the lock back, in this thread as well: it may be about to take it again.
        """
        try:
            while not self.ended.wait(LOOK_EVERY):
                with suppress(StoreError), translated():
                    if self.session.closed:
                        self.take()
                    else:
                        self.session.execute("SELECT 1")
        finally:
            self.release()

    def release(self) -> None:
        """Gives the lock back; a session that broke off has lost it anyway."""
        with suppress(StoreError), translated():
            self.session.execute(REMOVE_NOTE, (self.role,))
            self.session.execute(GIVE, (self.role,))
        self.session.close()


def try_for(session: Any, role: str, seconds: float) -> bool:
    """Tries a role's lock for a while; returns whether the session has it."""
    end = time.monotonic() + seconds
    while not session.execute(TAKE, (role,)).fetchone()[0]:
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_AGAIN)
    return True


def find_holder(url: str, role: str) -> Holder | None:
    """Who holds a role, as far as they have said. Raises StoreError."""
    with translated(), closing(connect(url, autocommit=True)) as session:
        if not session.execute(HELD, (role,)).fetchone()[0]:  # type: ignore[index]
            return None
        return read_note(session, role)


def read_note(session: Any, role: str) -> Holder:
    """What the holder of a role says about itself."""
    if not session.execute(HAS_NOTES).fetchone()[0]:
        return Holder()
    found = session.execute(READ_NOTE, (role,)).fetchone()
    return from_note(found[0]) if found else Holder()


def find_holders(url: str, prefix: str) -> list[Holder]:
    """Who holds roles whose names begin like this; notes of those that nobody holds any more go. Raises StoreError."""
    with translated(), closing(connect(url, autocommit=True)) as session:
        if not session.execute(HAS_NOTES).fetchone()[0]:  # type: ignore[index]
            return []
        found = []
        for (role,) in session.execute(READ_ROLES, (prefix,)).fetchall():
            if session.execute(HELD, (role,)).fetchone()[0]:  # type: ignore[index]
                found.append(read_note(session, role))
            else:
                session.execute(REMOVE_NOTE, (role,))
        return found

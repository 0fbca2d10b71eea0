"""Whom we must not mail, and why."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, exists, select

from ruhrmail.model.consent import LASTING, Decision, Reason, Suppression
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.hashes import read_hashes
from ruhrmail.store.opening import Store, recall, remember
from ruhrmail.store.schema import decisions, subscribers, suppressions


def suppress(store: Store, key: str, reason: Reason, now: datetime, evidence: str = "") -> bool:
    """Suppresses an address. The first reason stays unless the new one is lasting and the old one is not.

    Returns whether that changed anything; to suppress twice changes nothing. Raises StoreError.
    """
    with store.writing() as connection:
        return suppress_keys(connection, [Suppression(key, reason, now, evidence)])


def suppress_keys(connection: Connection, found: Sequence[Suppression]) -> bool:
    """The same for several within a transaction."""
    changed = False
    for one in found:
        insert = insert_or(connection, suppressions)
        values = {"reason": insert.excluded.reason, "at": insert.excluded.at, "evidence": insert.excluded.evidence}
        stronger = suppressions.c.reason.not_in(LASTING) & insert.excluded.reason.in_(LASTING)
        statement = insert.on_conflict_do_update(index_elements=["key"], set_=values, where=stronger)
        row = {"key": one.key, "reason": one.reason, "at": one.at, "evidence": one.evidence}
        changed |= connection.execute(statement, row).rowcount > 0
    return changed


def suppression(store: Store, key: str) -> Suppression | None:
    """Why an address is suppressed; None when it is not. Of somebody who was forgotten only the hash is known."""
    with store.reading() as connection:
        return find_suppression(connection, key)


def find_suppression(connection: Connection, key: str) -> Suppression | None:
    """The same within a transaction; an open suppression before one by hash."""
    names = read_hashes(connection).names(key)
    rows = connection.execute(select(suppressions).where(suppressions.c.key.in_(names))).all()
    found = sorted((Suppression(row.key, Reason(row.reason), row.at, row.evidence) for row in rows), key=rank)
    return found[0] if found else None


def rank(one: Suppression) -> tuple[bool, bool]:
    """Which of two suppressions of the same address counts: the lasting one, then the one that names it."""
    return one.reason not in LASTING, "@" not in one.key


def lift_suppression(connection: Connection, key: str, reasons: Sequence[Reason]) -> bool:
    """Lifts a suppression for one of some reasons, also one by hash; returns whether there was one."""
    names = read_hashes(connection).names(key)
    which = suppressions.c.key.in_(names) & suppressions.c.reason.in_(reasons)
    return connection.execute(delete(suppressions).where(which)).rowcount > 0


def suppress_by_hand(store: Store, key: str, text: str, now: datetime) -> bool:
    """Suppresses an address for good because somebody said so, and writes down why. False: it was, for good."""
    with store.writing() as connection:
        changed = suppress_keys(connection, [Suppression(key, Reason.MANUAL, now, text)])
        if changed:
            write_decision(connection, key, Decision(now, lifted=False, reason=Reason.MANUAL, text=text))
    return changed


def unsuppress_by_hand(store: Store, key: str, text: str, now: datetime) -> Suppression | None:
    """Lifts whatever suppression there is, and writes down why; returns it, None when there was none."""
    with store.writing() as connection:
        found = find_suppression(connection, key)
        if found is not None:
            lift_suppression(connection, key, tuple(Reason))
            write_decision(connection, key, Decision(now, lifted=True, reason=found.reason, text=text))
            reread_roster_for(connection, key)
    return found


def reread_roster_for(connection: Connection, key: str) -> None:
    """Has the roster read again by the next who wants it: it may name somebody who was left out when it was read."""
    stored = connection.execute(select(exists().where(subscribers.c.key == key))).scalar_one()
    if not stored and recall(connection, "roster_sha256") is not None:
        remember(connection, roster_sha256="")


def write_decision(connection: Connection, key: str, one: Decision) -> None:
    """Adds a decision to an address's history."""
    row = {"key": key, "at": one.at, "lifted": int(one.lifted), "reason": one.reason, "text": one.text}
    connection.execute(decisions.insert(), row)


def read_decisions(connection: Connection, key: str) -> tuple[Decision, ...]:
    """What was decided by hand about an address, oldest first."""
    rows = connection.execute(select(decisions).where(decisions.c.key == key).order_by(decisions.c.id))
    return tuple(Decision(row.at, bool(row.lifted), Reason(row.reason), row.text) for row in rows)

"""Whom we must not mail, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from ruhrmail.store.conflict import insert_or
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import suppressions


class Reason(StrEnum):
    """Why an address is suppressed."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    FORGOTTEN = "forgotten"
    MANUAL = "manual"


LASTING = (Reason.COMPLAINED, Reason.MANUAL)
"""A new opt-in does not lift these; they replace a weaker reason and are never replaced."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One address that gets nothing: why, since when (UTC), and what shows it, such as a server's reply."""

    key: str
    reason: Reason
    at: datetime
    evidence: str


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
    """Why an address is suppressed; None when it is not."""
    with store.reading() as connection:
        row = connection.execute(select(suppressions).where(suppressions.c.key == key)).one_or_none()
    return None if row is None else Suppression(row.key, Reason(row.reason), row.at, row.evidence)

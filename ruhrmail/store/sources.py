"""Mailboxes that are read: how far, and by whom. One process reads one at a time."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from ruhrmail.errors import StoreLocked
from ruhrmail.model.phrase import phrase
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import sources

LEASE = timedelta(minutes=5)
"""Longer than a server may take to answer; whoever reads renews it as it goes on."""


def take_source(
    store: Store, key: str, holder: str, now: datetime, is_gone: Callable[[str], bool]
) -> Mapping[str, Any]:
    """Makes `holder` the only reader of a mailbox, and gives the position where to go on.

    Another's claim holds until its lease runs out, or until `is_gone(holder)`. Two readers would do no harm, for what
    was read is known by its digest: the claim saves work. Raises StoreLocked.
    """
    with store.writing() as connection:
        row = connection.execute(select(sources).where(sources.c.name == key)).one_or_none()
        if row is not None and row.holder and row.lease_until and row.lease_until > now and not is_gone(row.holder):
            raise StoreLocked(
                phrase("another process is reading this mailbox: {holder}", holder=row.holder),
                hint=phrase("wait until it is done; `ruhrmail serve` reads the mailboxes of the settings by itself"),
            )
        claim = {"holder": holder, "lease_until": now + LEASE}
        new = insert_or(connection, sources).values(name=key, position={}, at=now, **claim)
        connection.execute(new.on_conflict_do_update(index_elements=["name"], set_=claim))
    return dict(row.position) if row is not None else {}


def keep_position(store: Store, key: str, holder: str, position: Mapping[str, Any], now: datetime) -> bool:
    """Writes down how far a mailbox was read, and renews the claim; False where another has it by now."""
    ours = update(sources).where(sources.c.name == key, sources.c.holder == holder)
    with store.writing() as connection:
        done = connection.execute(ours.values(position=dict(position), at=now, lease_until=now + LEASE))
        return done.rowcount == 1


def free_source(store: Store, key: str, holder: str) -> None:
    """Gives the claim back."""
    ours = update(sources).where(sources.c.name == key, sources.c.holder == holder)
    with store.writing() as connection:
        connection.execute(ours.values(holder=None, lease_until=None))

"""Which addresses people have, had, and gave."""

from sqlalchemy import Connection, exists, select

from ruhrmail.model.preferences import AddressChange
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import address_changes, subscribers


def read_changes(connection: Connection, subscriber: int) -> tuple[AddressChange, ...]:
    """Every new address that somebody gave, oldest first."""
    ours = select(address_changes).where(address_changes.c.subscriber == subscriber).order_by(address_changes.c.id)
    return tuple(AddressChange(row.email, row.asked_at, row.done_at, row.former) for row in connection.execute(ours))


def moved_to(connection: Connection, key: str) -> str:
    """The address that the mail of a former address's owner goes to now; empty for an address that is none."""
    found = (
        select(subscribers.c.email)
        .join(address_changes, address_changes.c.subscriber == subscribers.c.id)
        .where(address_changes.c.former == key)
        .order_by(address_changes.c.id.desc())
        .limit(1)
    )
    return str(connection.execute(found).scalar_one_or_none() or "")


def superseded_keys(store: Store) -> frozenset[str]:
    """The keys of former addresses that nobody is stored under any more: rows of a file that name them do not count.

    Raises StoreError.
    """
    unknown = ~exists().where(subscribers.c.key == address_changes.c.former)
    with store.reading() as connection:
        found = select(address_changes.c.former).where(address_changes.c.former != "", unknown)
        return frozenset(connection.execute(found).scalars())

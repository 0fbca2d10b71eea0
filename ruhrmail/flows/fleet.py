"""Who sends from a store that several processes share, and what they send first."""

from ruhrmail.model.fleet import Fleet
from ruhrmail.store import Mailing, Store, jobs_ahead, mailing_by_id, read_workers


def read_fleet(store: Store) -> Fleet:
    """All workers, the silent too. Only for a store on PostgreSQL. Raises StoreError."""
    return Fleet(tuple(read_workers(store)))


def mailings_ahead(store: Store, mailing: Mailing) -> tuple[str, ...]:
    """The names of the mailings that are sent before one that was queued, the oldest first. Raises StoreError."""
    found = [mailing_by_id(store, one) for one in jobs_ahead(store, mailing.id)]
    return tuple(one.name for one in found if one is not None)

"""Who sends from a store that several processes share, what they send first, and what holds a mailing up."""

from datetime import datetime

from ruhrmail.config import Config
from ruhrmail.flows.moment import quiet_until, shown
from ruhrmail.model.fleet import Fleet
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import Mailing, Store, first_due, has_due, is_shared, jobs_ahead, mailing_by_id, read_workers

NO_WORKER = phrase("no worker is running, so nothing is sent: start `ruhrmail worker` on any machine")
OUT_OF_REACH = phrase("no worker can hand it over at the moment; all try again by themselves")
NOT_PREPARED = phrase("workers cannot begin it: it was scheduled before the store moved here; say `send --at` again")


def read_fleet(store: Store) -> Fleet:
    """All workers, the silent too. Only for a store on PostgreSQL. Raises StoreError."""
    return Fleet(tuple(read_workers(store)))


def mailings_ahead(store: Store, mailing: Mailing) -> tuple[str, ...]:
    """The names of the mailings that are sent before one that was queued, the oldest first. Raises StoreError."""
    found = [mailing_by_id(store, one) for one in jobs_ahead(store, mailing.id)]
    return tuple(one.name for one in found if one is not None)


def fleet_of(config: Config, store: Store) -> Fleet | None:
    """All workers of a store; None where it is not one that has any. Raises StoreError."""
    return read_fleet(store) if is_shared(config.store) else None


def find_obstacle(config: Config, store: Store, mailing: Mailing, fleet: Fleet, now: datetime) -> Phrase | None:
    """Why no worker is at an open mailing, None where one is or it waits for its time. Raises StoreError."""
    if mailing.state != "open" or fleet.working_on(mailing.name):
        return None
    if mailing.prepared_at is None:
        return NOT_PREPARED
    if not fleet.alive or mailing.scheduled_for is not None:
        return None if fleet.alive else NO_WORKER
    hours = None if mailing.overruled else config.settings.delivery.quiet_hours
    quiet = quiet_until(hours, now)
    if quiet is not None:
        return phrase("quiet hours until {time}; workers go on then", time=shown(quiet))
    return find_wait(store, mailing, fleet, now)


def find_wait(store: Store, mailing: Mailing, fleet: Fleet, now: datetime) -> Phrase:
    """What a mailing waits for that may be sent. Raises StoreError."""
    ahead = mailings_ahead(store, mailing)
    if ahead:
        return phrase("before it: {mailings}", mailings=", ".join(ahead))
    due = None if has_due(store, mailing, now) else first_due(store, mailing)
    if due is not None:
        return phrase("deferred mail is tried again at {time}", time=shown(due))
    return OUT_OF_REACH if fleet.hindered and not fleet.total else phrase("workers are about to take it up")

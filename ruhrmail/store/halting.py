"""Stopping a mailing, and letting it go on: written into the store, where a running `send` looks for it."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from ruhrmail.model.phrase import Phrase
from ruhrmail.store import phrases
from ruhrmail.store.mailings import Mailing
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import mailings

NO_STOP: dict[str, None] = {"stopped_at": None, "reason": None}


def stop_mailing(store: Store, mailing: Mailing, reason: Phrase, now: datetime) -> bool:
    """Stops an open mailing and takes it off the schedule; the first reason stays. Returns whether it was open."""
    return write_stop(store, (mailings.c.id == mailing.id) & (mailings.c.state == "open"), reason, now)


def stop_planned(store: Store, seen: Mailing, reason: Phrase, now: datetime) -> bool:
    """Stops a mailing that waits for its time. False: somebody began, stopped or planned it anew since it was read."""
    return write_stop(store, as_seen(seen), reason, now)


def write_stop(store: Store, which: ColumnElement[bool], reason: Phrase, now: datetime) -> bool:
    """Stops the mailing that a condition is true of; returns whether there is one."""
    stop = {"state": "stopped", "stopped_at": now, "reason": phrases.to_json(reason), "scheduled_for": None}
    with store.writing() as connection:
        return connection.execute(update(mailings).where(which).values(stop)).rowcount > 0


def go_on(store: Store, seen: Mailing) -> bool:
    """Opens a stopped or scheduled mailing, nothing planned any more. False: it is no longer as it was seen.

    So a stop that comes between question and beginning holds: nobody was asked about that one.
    """
    state = "open" if seen.state == "stopped" else seen.state
    with store.writing() as connection:
        opened = update(mailings).where(as_seen(seen)).values(state=state, scheduled_for=None, **NO_STOP)
        return connection.execute(opened).rowcount > 0


def as_seen(seen: Mailing) -> ColumnElement[bool]:
    """The condition that nobody stopped, opened or planned a mailing since it was read."""
    return (
        (mailings.c.id == seen.id)
        & (mailings.c.state == seen.state)
        & mailings.c.stopped_at.is_not_distinct_from(seen.stopped_at)
        & mailings.c.scheduled_for.is_not_distinct_from(seen.scheduled_for)
    )


def is_halted(store: Store, mailing: Mailing) -> bool:
    """Whether somebody stopped the mailing. For a look now and then beside the ledger: it waits for nobody."""
    with store.reading() as connection:
        state = connection.execute(select(mailings.c.state).where(mailings.c.id == mailing.id)).scalar_one_or_none()
    return state == "stopped"

"""Mailings that wait for their time: planned with what they are to send, begun when it comes."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update

from ruhrmail.model.mail import PreparedMessage
from ruhrmail.store import messages
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.halting import NO_STOP, as_seen
from ruhrmail.store.mailings import Mailing, NewMailing, look_up, row_of
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import mailings
from ruhrmail.store.schema import prepared_messages as prepared


def schedule_new(store: Store, new: NewMailing, at: datetime, now: datetime) -> Mailing:
    """Plans a mailing that did not begin, or plans it anew, with the issue as it is now; nothing is prepared yet.

    One that began meanwhile is returned untouched. Raises StoreError.
    """
    plan = {**row_of(new), "state": "open", "scheduled_for": at, "started_at": now, **NO_STOP}
    with store.writing() as connection:
        insert = insert_or(connection, mailings)
        anew = {name: insert.excluded[name] for name in plan}
        names = ["issue", "audience", "destination"]
        still_waits = mailings.c.prepared_at.is_(None)
        connection.execute(insert.on_conflict_do_update(index_elements=names, set_=anew, where=still_waits), plan)
        mailing = look_up(connection, new.issue, new.audience, new.destination)
    assert mailing is not None
    return mailing


def schedule_rest(store: Store, mailing: Mailing, at: datetime) -> Mailing:
    """Plans when a mailing that began is to go on, stopped or complete as it may be. Raises StoreError."""
    plan = {"state": "open", "finished_at": None, "scheduled_for": at, **NO_STOP}
    with store.writing() as connection:
        connection.execute(update(mailings).where(mailings.c.id == mailing.id).values(plan))
        planned = look_up(connection, mailing.issue, mailing.audience, mailing.destination)
    assert planned is not None
    return planned


def begin_scheduled(
    store: Store, seen: Mailing, new: NewMailing, parts: Mapping[str, PreparedMessage], now: datetime
) -> Mailing:
    """Begins a mailing that waited, with its messages; returns it untouched when it is no longer as it was seen.

    Raises StoreError; then it waits on.
    """
    begun = {**row_of(new), "state": "open", "started_at": now, "prepared_at": now, "scheduled_for": None, **NO_STOP}
    with store.writing() as connection:
        waits = as_seen(seen) & mailings.c.prepared_at.is_(None)
        if connection.execute(update(mailings).where(waits).values(begun)).rowcount and parts:
            connection.execute(prepared.insert(), messages.rows_of(seen.id, parts))
        mailing = look_up(connection, new.issue, new.audience, new.destination)
    assert mailing is not None
    return mailing

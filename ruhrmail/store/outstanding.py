"""What is still to be sent, for those who look after several mailings at once."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, exists, func, or_, select, update

from ruhrmail.model.ledger import State
from ruhrmail.model.mail import PreparedMessage
from ruhrmail.store import messages
from ruhrmail.store.halting import NO_STOP, as_seen
from ruhrmail.store.mailings import Mailing, mailing_of
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import DEFERRED, deliveries, mailings
from ruhrmail.store.schema import prepared_messages as prepared


def unfinished_mailings(store: Store) -> list[Mailing]:
    """Every mailing that is neither complete nor stopped, planned ones too, the oldest first. Raises StoreError."""
    which = mailings.c.state == "open"
    with store.reading() as connection:
        return [mailing_of(row) for row in connection.execute(select(mailings).where(which).order_by(mailings.c.id))]


def has_due(store: Store, mailing: Mailing, now: datetime) -> bool:
    """Whether anybody of a mailing can be claimed now. Raises StoreError."""
    ours = deliveries.c.mailing == mailing.id
    fresh = exists().where(ours, deliveries.c.state == State.PENDING)
    due = exists().where(ours, deliveries.c.state == DEFERRED, deliveries.c.next_at <= now)
    with store.reading() as connection:
        return bool(connection.execute(select(or_(fresh, due))).scalar_one())


def first_due(store: Store, mailing: Mailing) -> datetime | None:
    """When the first deferred recipient is to be tried again (UTC); None when nobody is deferred. Raises StoreError."""
    ours = (deliveries.c.mailing == mailing.id) & (deliveries.c.state == DEFERRED)
    with store.reading() as connection:
        return connection.execute(select(func.min(deliveries.c.next_at)).where(ours)).scalar_one_or_none()


def begin_planned(store: Store, seen: Mailing) -> bool:
    """Opens a prepared mailing whose time has come. False: somebody stopped or planned it anew. Raises StoreError."""
    with store.writing() as connection:
        begun = update(mailings).where(as_seen(seen)).values(scheduled_for=None, **NO_STOP)
        return connection.execute(begun).rowcount > 0


def begin_with(store: Store, mailing: Mailing, parts: Mapping[str, PreparedMessage], now: datetime) -> None:
    """Has a mailing that was prepared ahead begin now, with these messages by variant.

    One that has recipients stays as it began: they got other messages. Raises StoreError.
    """
    untouched = (mailings.c.id == mailing.id) & ~exists().where(deliveries.c.mailing == mailing.id)
    with store.writing() as connection:
        if connection.execute(update(mailings).where(untouched).values(started_at=now)).rowcount and parts:
            connection.execute(delete(prepared).where(prepared.c.mailing == mailing.id))
            connection.execute(prepared.insert(), messages.rows_of(mailing.id, parts))


def overrule_quiet(store: Store, mailing: Mailing, *, overruled: bool) -> None:
    """Writes down whether quiet hours hold a mailing up. Raises StoreError."""
    with store.writing() as connection:
        connection.execute(update(mailings).where(mailings.c.id == mailing.id).values(overruled=int(overruled)))

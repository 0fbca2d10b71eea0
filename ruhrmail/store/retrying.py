"""Recipients who are tried again: those who failed, on a person's word, and those whom a clock put off too far."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select, update

from ruhrmail.model.ledger import State
from ruhrmail.store.mailings import Mailing, reopen
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import DEFERRED, attempts, deliveries, subscribers
from ruhrmail.store.subscribers import listed, unsuppressed

ASIDE = 10_000
"""More attempts than any delivery ever has, fewer than a small integer holds."""


def retriable(mailing: Mailing) -> ColumnElement[bool]:
    """The condition that a delivery failed, and that its recipient may be mailed: a 5.1.1 suppressed theirs."""
    welcome = exists().where(subscribers.c.id == deliveries.c.subscriber, listed(), unsuppressed())
    return (deliveries.c.mailing == mailing.id) & (deliveries.c.state == State.FAILED) & welcome


def count_retriable(store: Store, mailing: Mailing) -> Counter[str]:
    """How many `retry_failed` would make pending, by variant."""
    count = func.count().label("total")
    grouped = select(deliveries.c.variant, count).where(retriable(mailing)).group_by(deliveries.c.variant)
    with store.reading() as connection:
        return Counter({row.variant: row.total for row in connection.execute(grouped)})


def retry_failed(store: Store, mailing: Mailing) -> int:
    """On a person's word: makes everyone who failed and may be mailed pending; returns how many.

    The attempts so far stay in the list under numbers up to 0, so that gaps and deadline of the retry begin anew. Who
    is suppressed or gone from the list stays failed.
    """
    with store.writing() as connection:
        chosen = select(deliveries.c.id).where(retriable(mailing)).scalar_subquery()
        made = select(deliveries.c.attempts).where(deliveries.c.id == attempts.c.delivery).scalar_subquery()
        ours = update(attempts).where(attempts.c.delivery.in_(chosen))
        # In two steps, for on the way no number may be taken twice.
        connection.execute(ours.values(number=attempts.c.number - made - ASIDE))
        connection.execute(ours.values(number=attempts.c.number + ASIDE))
        earlier = {"earlier": deliveries.c.earlier + deliveries.c.attempts, "attempts": 0}
        fresh = {"state": State.PENDING, "token": None, "lease_until": None, "first_at": None, "next_at": None}
        again = update(deliveries).where(retriable(mailing)).values(earlier | fresh)
        count = connection.execute(again).rowcount
        if count:
            reopen(connection, mailing.id)
    return count


def pull_forward(store: Store, mailing: Mailing, now: datetime, longest: timedelta) -> int:
    """Makes due at once who is to wait longer than any rule asks for, as a wrong clock said. Returns how many."""
    astray = (
        (deliveries.c.mailing == mailing.id) & (deliveries.c.state == DEFERRED) & (deliveries.c.next_at > now + longest)
    )
    with store.writing() as connection:
        return connection.execute(update(deliveries).where(astray).values(next_at=now)).rowcount

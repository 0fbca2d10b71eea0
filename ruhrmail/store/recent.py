"""What went out lately: limits per hour and day hold over restarts."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, func, literal, select, type_coerce

from ruhrmail.store.expressions import PlaceOf
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import EPOCH, attempts, deliveries, mailings, subscribers

MINUTE = 60_000_000
"""In the microseconds that the tables count."""


class Recent(NamedTuple):
    """How many attempts one relay made for one receiving domain within the minute that begins at `minute` (UTC).

    `relay` is empty for attempts that a crash left in doubt: nobody knows any more whose they were.
    """

    relay: str
    domain: str
    minute: datetime
    total: int


def recent_attempts(store: Store, since: datetime) -> list[Recent]:
    """The attempts at real mailings from `since` on, the oldest minute first, whatever came of them.

    Reads every attempt that the store holds, so it is for the start of a run, and only where a limit asks for it.
    What is in flight is no attempt yet; recover first. Raises StoreError.
    """
    with store.reading() as connection:
        minute = (type_coerce(attempts.c.at, BigInteger) // MINUTE).label("minute")
        domain = domain_of(subscribers.c.key).label("domain")
        groups = (attempts.c.relay, domain, minute)
        lately = (
            select(*groups, func.count())
            .join(deliveries, deliveries.c.id == attempts.c.delivery)
            .join(mailings, mailings.c.id == deliveries.c.mailing)
            .join(subscribers, subscribers.c.id == deliveries.c.subscriber)
            .where(attempts.c.at >= since, mailings.c.destination == "relay")
            .group_by(*groups)
            .order_by(minute, attempts.c.relay, domain)
        )
        rows = connection.execute(lately).all()
    return [Recent(relay, name, EPOCH + timedelta(minutes=minutes), count) for relay, name, minutes, count in rows]


def domain_of(key: ColumnElement[str]) -> ColumnElement[str]:
    """What stands behind the @, of which an address of the list has one."""
    return func.substr(key, PlaceOf(key, literal("@")) + 1)
